public import Replica

extension CalendarDate {
    /// Reads a day as people type it: `2017-03-20`, `today`, `imorgon`, `yesterday`, `+7`, or a day of the week, `fri` or
    /// `fredag`, which is the next one, and never today.
    ///
    /// Errors: `badValue`.
    public init(typed text: String, today: CalendarDate) throws(CaseworkError) {
        let word = text.lowercased()
        let offset: Int? =
            if let named = TypedWords.word(text, topic: "day", of: ["yesterday", "today", "tomorrow"]) {
                ["yesterday": -1, "today": 0, "tomorrow": 1][named]
            } else if let weekday = Weekday(typed: text) {
                (weekday.rawValue - today.weekday.rawValue + 6) % 7 + 1
            } else if word.hasPrefix("+"), (2...5).contains(word.utf8.count),
                word.dropFirst().utf8.allSatisfy({ (48...57).contains($0) })
            {
                Int(word.dropFirst())
            } else {
                nil
            }
        if let offset {
            self = today.adding(days: offset)
        } else if let day = CalendarDate(text) {
            self = day
        } else {
            throw CaseworkError(
                .badValue,
                "day")
        }
    }
}

extension LineTime {
    /// Reads a moment as people type it: `2017-02-01 13:45`, `igår 13:45`, or `13:45`, which is of today.
    ///
    /// Errors: `badValue`, also for a time that the clock does not show on that day, when it is set forward.
    public func moment(typed text: String, today: CalendarDate) throws(CaseworkError) -> Timestamp {
        let parts = text.split { $0 == " " || $0 == "T" }.map(String.init)
        guard (1...2).contains(parts.count), let last = parts.last, let minute = Self.minute(last) else {
            throw CaseworkError(
                .badValue, "time")
        }
        let day = parts.count == 2 ? try CalendarDate(typed: parts[0], today: today) : today
        let moment = moment(day, minute: minute)
        guard local(moment).minute == minute else {
            throw CaseworkError(
                .badValue, "timeSkipped")
        }
        return moment
    }

    /// Of `13:45` or `13.45`, since midnight.
    private static func minute(_ text: String) -> Int? {
        let parts = text.split(omittingEmptySubsequences: false) { $0 == ":" || $0 == "." }
        guard parts.count == 2, (1...2).contains(parts[0].utf8.count), parts[1].utf8.count == 2,
            parts.allSatisfy({ $0.utf8.allSatisfy { (48...57).contains($0) } }), let hour = Int(parts[0]),
            let minute = Int(parts[1]), hour < 24, minute < 60
        else { return nil }
        return hour * 60 + minute
    }
}

extension Casework {
    /// Today in the line's time, by the corrected clock.
    public func currentDay() throws -> CalendarDate { try replica.read { try today($0) } }

    /// The time in which days and times are meant.
    public func lineTime() throws -> LineTime { try replica.read { try LineSettings.time($0) } }

    /// Now, by the corrected clock.
    public func currentMoment() throws -> Timestamp { try replica.read { try now($0) } }
}
