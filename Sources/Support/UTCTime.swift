/// Points in time as text, by arithmetic alone: no locale, no time zone data, no Foundation.
public enum UTCTime {
    /// Returns UTC date and time with milliseconds, `2026-11-21T07:44:01.123Z` (RFC 3339, section 5.6).
    ///
    /// Years before 0 and after 9999 are outside RFC 3339 and are written with as many digits as they need.
    /// - Parameter milliseconds: since 1970-01-01T00:00:00Z; may be negative.
    public static func rfc3339(milliseconds: Int64) -> String {
        let (day, millisecondOfDay) = floorDivision(milliseconds, 86_400_000)
        let date = civilDate(daysSince1970: day)
        let second = millisecondOfDay / 1000
        return padded(date.year, 4) + "-" + padded(date.month, 2) + "-" + padded(date.day, 2) + "T"
            + padded(second / 3600, 2) + ":" + padded(second / 60 % 60, 2) + ":" + padded(second % 60, 2) + "."
            + padded(millisecondOfDay % 1000, 3) + "Z"
    }

    /// The milliseconds since 1970 of a moment such as `2026-11-21T07:44:01Z` or `2026-11-21T07:44:01.123Z`; nil for anything
    /// else, such as a moment that does not exist or is in another time zone.
    public static func milliseconds(rfc3339 text: String) -> Int64? {
        let bytes = Array(text.utf8)
        func number(_ range: Range<Int>) -> Int64? {
            guard bytes[range].allSatisfy({ (48...57).contains($0) }) else { return nil }
            return bytes[range].reduce(0) { $0 * 10 + Int64($1 - 48) }
        }
        guard bytes.count == 20 || bytes.count == 24, bytes.last == UInt8(ascii: "Z"), let year = number(0..<4),
            let month = number(5..<7), let day = number(8..<10), let hour = number(11..<13),
            let minute = number(14..<16),
            let second = number(17..<19), let thousandth = bytes.count == 24 ? number(20..<23) : 0,
            (1...12).contains(month), (1...31).contains(day)
        else { return nil }
        // The days from the first of March on, as Hinnant's `days_from_civil` counts them.
        let (era, yearOfEra) = floorDivision(month <= 2 ? year - 1 : year, 400)
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let days = era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
        let result = ((days * 24 + hour) * 60 + minute) * 60_000 + second * 1_000 + thousandth
        let written = rfc3339(milliseconds: result)
        // Written again it is the same, but for the thousandths that may be left out: so what does not exist is found out.
        return bytes.count == 24
            ? (written == text ? result : nil) : (written.prefix(19) == text.prefix(19) ? result : nil)
    }

    /// The proleptic Gregorian date of a day.
    ///
    /// Source: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", `civil_from_days`: the year
    /// starts on 1 March, so that the leap day is the last of a year, in eras of 400 years (146 097 days).
    private static func civilDate(daysSince1970 days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let (era, dayOfEra) = floorDivision(days + 719_468, 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
    }

    private static func floorDivision(_ number: Int64, _ divisor: Int64) -> (quotient: Int64, remainder: Int64) {
        let (quotient, remainder) = number.quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }

    private static func padded(_ number: Int64, _ width: Int) -> String {
        let digits = String(number.magnitude)
        return (number < 0 ? "-" : "") + String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
