import Replica

/// A day in a log, with or without the time of day: `2017-02-01`, `2017-02-01 13:45`, `2017-02-01T13:45:10`.
struct ImportDate {
    let day: CalendarDate
    /// A time is local. A day without one counts from noon, UTC: it is the same day all over Europe.
    let moment: Timestamp
    /// The day's noon, the same at every desk whatever its time zone.
    let noonMilliseconds: Int64

    init?(_ text: String) {
        guard let day = CalendarDate(String(text.prefix(10))) else { return nil }
        self.day = day
        noonMilliseconds = Self.days(day) * 86_400_000 + 43_200_000
        let rest = text.dropFirst(10)
        if rest.isEmpty {
            moment = Timestamp(milliseconds: noonMilliseconds)
            return
        }
        guard let mark = rest.first, mark == " " || mark == "T" else { return nil }
        let parts = rest.dropFirst().split(separator: ":", omittingEmptySubsequences: false)
        guard (2...3).contains(parts.count),
            parts.allSatisfy({ (1...2).contains($0.utf8.count) && $0.utf8.allSatisfy { (48...57).contains($0) } })
        else { return nil }
        let numbers = parts.compactMap { Int($0) }
        guard numbers[0] < 24, numbers[1] < 60, numbers.count == 2 || numbers[2] < 60 else { return nil }
        moment = Timestamp(
            milliseconds: LocalTime.milliseconds(
                year: day.year, month: day.month, day: day.day, hour: numbers[0], minute: numbers[1],
                second: numbers.count == 3 ? numbers[2] : 0))
    }

    /// Days since 1970. Source: Howard Hinnant, *chrono-Compatible Low-Level Date Algorithms*, `days_from_civil`.
    private static func days(_ date: CalendarDate) -> Int64 {
        let year = date.month <= 2 ? date.year - 1 : date.year
        let era = year / 400
        let yearOfEra = year - era * 400
        let dayOfYear = (153 * ((date.month + 9) % 12) + 2) / 5 + date.day - 1
        return Int64(era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468)
    }
}
