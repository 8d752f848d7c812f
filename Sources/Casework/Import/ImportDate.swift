import Replica

/// A day in a log, with or without the time of day: `2017-02-01`, `2017-02-01 13:45`, `2017-02-01T13:45:10`.
struct ImportDate {
    let day: CalendarDate
    /// A time is the line's. A day without one counts from noon, UTC: it is the same day all over Europe.
    let moment: Timestamp
    /// Since midnight; nil for a day without a time.
    let seconds: Int?
    /// The day's noon, the same at every desk whatever its time zone.
    let noonMilliseconds: Int64

    private static let dayMilliseconds: Int64 = 86_400_000

    /// - Parameters:
    ///   - time: of a column of its own, `13:45`; it comes before one in the text.
    ///   - format: of the day.
    ///   - clock: whose time it is.
    init?(_ text: String, time: String? = nil, format: DateFormat = .iso, in clock: LineTime = .stockholm) {
        guard let (day, rest, fraction) = format.read(text[...]) else { return nil }
        self.day = day
        noonMilliseconds = Int64(day.dayNumber) * Self.dayMilliseconds + Self.dayMilliseconds / 2
        var seconds = fraction
        if let mark = rest.first {
            guard mark == " " || mark == "T" || mark == ",", let read = Self.seconds(rest.dropFirst()) else {
                return nil
            }
            seconds = read
        }
        if let time {
            guard let read = Self.seconds(time[...]) else { return nil }
            seconds = read
        }
        self.seconds = seconds
        guard let seconds else {
            moment = Timestamp(milliseconds: noonMilliseconds)
            return
        }
        let minute = clock.moment(day, minute: seconds / 60)
        moment = Timestamp(milliseconds: minute.milliseconds + Int64(seconds % 60) * 1_000)
    }

    /// Since midnight, of `13:45`, `13.45`, `kl 13.45`, `13:45:10` or `1:45 PM`.
    private static func seconds(_ text: Substring) -> Int? {
        var text = ImportMapping.trimmed(text).lowercased()[...]
        if text.hasPrefix("kl") { text = text.dropFirst(2).drop { $0 == "." || $0 == " " } }
        var noon: Int?
        for (word, hours) in [("am", 0), ("pm", 12)] where text.hasSuffix(word) {
            noon = hours
            text = ImportMapping.trimmed(text.dropLast(2))[...]
        }
        let parts = text.split(omittingEmptySubsequences: false) { $0 == ":" || $0 == "." }
        guard (2...3).contains(parts.count),
            parts.allSatisfy({ (1...2).contains($0.utf8.count) && $0.utf8.allSatisfy { (48...57).contains($0) } })
        else { return nil }
        var numbers = parts.compactMap { Int($0) }
        if let noon {
            guard (1...12).contains(numbers[0]) else { return nil }
            numbers[0] = numbers[0] % 12 + noon
        }
        guard numbers[0] < 24, numbers[1] < 60, numbers.count == 2 || numbers[2] < 60 else { return nil }
        return numbers[0] * 3_600 + numbers[1] * 60 + (numbers.count == 3 ? numbers[2] : 0)
    }
}
