public import Replica

extension CalendarDate {
    /// The days that can be counted with: 1 January 1 to 31 December 9999, from 1 January 1970 on.
    static let dayNumbers = -719_162...2_932_896

    /// Days since 1 January 1970; earlier ones are negative.
    ///
    /// Source: Howard Hinnant, *chrono-Compatible Low-Level Date Algorithms*, `days_from_civil`.
    public var dayNumber: Int {
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    /// The day that is so many days after 1 January 1970; nil outside of years 1 to 9999.
    ///
    /// Source: as ``dayNumber``, `civil_from_days`.
    public init?(dayNumber: Int) {
        guard Self.dayNumbers.contains(dayNumber) else { return nil }
        let shifted = dayNumber + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        self.init(
            year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month: month,
            day: dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    }

    public var weekday: Weekday {
        // 1 January 1970 was a Thursday.
        let index = (dayNumber + 3) % 7
        return Weekday.allCases[index < 0 ? index + 7 : index]
    }

    /// The day so many days later, or earlier for a negative number; at the ends of the calendar, its last or first day.
    public func adding(days: Int) -> CalendarDate {
        let (sum, hasOverflown) = dayNumber.addingReportingOverflow(days)
        let limits = Self.dayNumbers
        let number = hasOverflown ? (days < 0 ? limits.lowerBound : limits.upperBound) : sum
        guard let date = CalendarDate(dayNumber: min(max(number, limits.lowerBound), limits.upperBound)) else {
            preconditionFailure("a day within the limits exists")
        }
        return date
    }

    /// The same day so many months later, or earlier; the last day of the month where it has no such day.
    public func adding(months: Int) -> CalendarDate {
        let (count, hasOverflown) = (year * 12 + month - 1).addingReportingOverflow(months)
        guard !hasOverflown, (12..<120_000).contains(count) else { return adding(days: months < 0 ? .min : .max) }
        let (year, month) = (count / 12, count % 12 + 1)
        return .known(year, month, min(day, Self.daysInMonth(year: year, month: month)))
    }

    /// A day that is known to exist.
    static func known(_ year: Int, _ month: Int, _ day: Int) -> CalendarDate {
        guard let date = CalendarDate(year: year, month: month, day: day) else {
            preconditionFailure("there is no such day")
        }
        return date
    }
}
