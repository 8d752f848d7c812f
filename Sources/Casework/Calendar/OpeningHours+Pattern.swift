public import Replica

extension OpeningHours {
    /// The same hours on some days of the week, in a season.
    public struct Pattern: Hashable, Sendable {
        public let weekdays: Set<Weekday>
        /// Minutes since midnight, 0 to 1440; none is empty. What goes on after midnight is a second one, on the next day.
        public let intervals: [Range<Int>]
        /// The first and the last day; nil without a limit.
        public let from: CalendarDate?
        public let through: CalendarDate?
        /// Nil for all that callers come by.
        public let channel: Channel?

        /// - Parameter hours: `09:00-12:00`, with a hyphen or a dash; `24:00` is the end of the day.
        ///
        /// Errors: `badValue` for what is no such interval, ends before it begins, or a season that does.
        public init(
            _ weekdays: some Sequence<Weekday>, _ hours: String..., from: CalendarDate? = nil,
            through: CalendarDate? = nil, channel: Channel? = nil
        ) throws(CaseworkError) {
            try self.init(weekdays, hours: hours, from: from, through: through, channel: channel)
        }

        /// As above, for hours that come as a list.
        public init(
            _ weekdays: some Sequence<Weekday>, hours: [String], from: CalendarDate? = nil,
            through: CalendarDate? = nil, channel: Channel? = nil
        ) throws(CaseworkError) {
            self.weekdays = Set(weekdays)
            var intervals: [Range<Int>] = []
            for text in hours { intervals.append(try Self.interval(text)) }
            self.intervals = intervals
            self.from = from
            self.through = through
            self.channel = channel
            guard !self.weekdays.isEmpty, !intervals.isEmpty, Self.isOrdered(from, through) else {
                throw CaseworkError(
                    .badValue, "hours.parts")
            }
        }

        func holds(on date: CalendarDate) -> Bool {
            weekdays.contains(date.weekday) && (from.map { $0 <= date } ?? true) && (through.map { date <= $0 } ?? true)
        }

        func holds(for channel: Channel?) -> Bool {
            guard let own = self.channel, let channel else { return true }
            return own == channel
        }

        private static func isOrdered(_ from: CalendarDate?, _ through: CalendarDate?) -> Bool {
            guard let from, let through else { return true }
            return from <= through
        }

        private static func interval(_ text: String) throws(CaseworkError) -> Range<Int> {
            let parts = text.split(omittingEmptySubsequences: false) { $0 == "-" || $0 == "–" }
            guard parts.count == 2, let start = minute(parts[0]), let end = minute(parts[1]), start < end else {
                throw CaseworkError(.badValue, "hours.form")
            }
            return start..<end
        }

        private static func minute(_ text: Substring) -> Int? {
            let parts = text.split(separator: ":", omittingEmptySubsequences: false)
            guard parts.count == 2, (1...2).contains(parts[0].utf8.count), parts[1].utf8.count == 2,
                parts.allSatisfy({ $0.utf8.allSatisfy { (48...57).contains($0) } }), let hour = Int(parts[0]),
                let minute = Int(parts[1]), minute < 60, hour * 60 + minute <= 1_440
            else { return nil }
            return hour * 60 + minute
        }
    }
}
