public import Replica

/// When the line is open, and by which channels: a weekly pattern for each season, days on which it is closed, in the local
/// time of the line.
///
/// ```swift
/// let hours = OpeningHours(
///     [
///         try .init([.monday, .tuesday, .wednesday, .thursday, .friday], "09:00-12:00", "13:00-16:00"),
///         try .init([.monday, .wednesday, .friday], "18:00-22:00", from: CalendarDate("2017-08-28")),
///         try .init([.monday, .wednesday, .friday], "18:00-22:00", channel: .chat),
///     ])
/// ```
///
/// Patterns add up: where two hold on a day, the line is open in the hours of both. To replace one, end it.
public struct OpeningHours: Hashable, Sendable {
    public var patterns: [Pattern]
    /// Days on which the line is closed, whatever the patterns say.
    public var closedDays: Set<CalendarDate>
    /// Whether the line is closed on public holidays, Midsummer Eve, Christmas Eve and New Year's Eve.
    public var isClosedOnHolidays: Bool
    public var time: LineTime

    public init(
        _ patterns: [Pattern], closedDays: Set<CalendarDate> = [], isClosedOnHolidays: Bool = true,
        time: LineTime = .stockholm
    ) {
        self.patterns = patterns
        self.closedDays = closedDays
        self.isClosedOnHolidays = isClosedOnHolidays
        self.time = time
    }

    /// How far ahead ``nextOpening(after:)`` looks.
    private static let horizonDays = 400

    /// Whether the line is open: from the first minute of an interval on, up to the last and not at its end.
    ///
    /// - Parameter channel: nil for any.
    public func isOpen(at moment: Timestamp, by channel: Channel? = nil) -> Bool {
        let date = time.day(moment)
        return intervals(on: date, by: channel).contains { interval in
            // Moments and not minutes of the clock, for an hour in October comes twice.
            time.moment(date, minute: interval.lowerBound) <= moment
                && moment < time.moment(date, minute: interval.upperBound)
        }
    }

    /// Whether a contact at this moment was outside of the opening hours. A call that the helpline made has those of any
    /// channel.
    public func isOutside(_ moment: Timestamp, by channel: Channel? = nil) -> Bool {
        !isOpen(at: moment, by: channel == .outbound ? nil : channel)
    }

    /// Whether the line opens at all on this day.
    public func isOpen(on date: CalendarDate) -> Bool { !intervals(on: date).isEmpty }

    /// When the line opens the next time after this moment; nil if it does not in the 400 days to come.
    ///
    /// While it is open, that is the opening after this one. Where one interval meets the next, nothing opens.
    public func nextOpening(after moment: Timestamp, by channel: Channel? = nil) -> Timestamp? {
        let today = time.day(moment)
        for offset in 0...Self.horizonDays {
            let date = today.adding(days: offset)
            for interval in intervals(on: date, by: channel) where !isContinuation(interval, date, channel) {
                let opening = time.moment(date, minute: interval.lowerBound)
                if opening > moment { return opening }
            }
        }
        return nil
    }

    /// An interval from midnight on continues one that went on to midnight.
    private func isContinuation(_ interval: Range<Int>, _ date: CalendarDate, _ channel: Channel?) -> Bool {
        interval.lowerBound == 0 && intervals(on: date.adding(days: -1), by: channel).last?.upperBound == 1_440
    }

    /// The hours of a day in minutes since midnight, in order, apart from each other.
    ///
    /// - Parameter channel: nil for any: the line is open while one is.
    public func intervals(on date: CalendarDate, by channel: Channel? = nil) -> [Range<Int>] {
        guard !closedDays.contains(date), !isClosedOnHolidays || SwedishCalendar.holiday(on: date) == nil else {
            return []
        }
        let sorted = patterns.filter { $0.holds(on: date) && $0.holds(for: channel) }.flatMap(\.intervals)
            .sorted { $0.lowerBound < $1.lowerBound }
        return sorted.reduce(into: []) { result, interval in
            if let last = result.last, interval.lowerBound <= last.upperBound {
                result[result.count - 1] = last.lowerBound..<max(last.upperBound, interval.upperBound)
            } else {
                result.append(interval)
            }
        }
    }
}
