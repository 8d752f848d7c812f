public import Replica

/// Swedish public holidays and working days of any year, computed.
///
/// Holidays are those of lagen (1989:253) om allmänna helgdagar, with 6 June instead of Whit Monday from 2005 on. The
/// rules of movable midsummer and All Saints' Day are those since 1953; for earlier years they are carried back.
///
/// A working day is none of: Saturday, Sunday, public holiday, Midsummer Eve, Christmas Eve, New Year's Eve. The three
/// eves are no public holidays, but the law treats them as such wherever time is counted (lag 1930:173, 2 §), and hardly
/// anybody answers a telephone on them. Twelfth Night, Maundy Thursday, Walpurgis Night and the days between a holiday and
/// a weekend are working days: who has them off, has them by agreement.
public enum SwedishCalendar {
    /// A day that is no working day for another reason than the weekend.
    public struct Holiday: Hashable, Sendable {
        public let date: CalendarDate
        /// In Swedish, as calendars have it: `långfredagen`.
        public let name: String
        /// False for the three eves.
        public let isPublicHoliday: Bool
    }

    /// The holidays and eves of a year, in order. Years 1 to 9999.
    public static func holidays(year: Int) -> [Holiday] {
        let easter = easterSunday(year: year)
        let midsummer = saturday(onOrAfter: .known(year, 6, 20))
        var days: [(CalendarDate, String, Bool)] = [
            (.known(year, 1, 1), "nyårsdagen", true),
            (.known(year, 1, 6), "trettondedag jul", true),
            (easter.adding(days: -2), "långfredagen", true),
            (easter, "påskdagen", true),
            (easter.adding(days: 1), "annandag påsk", true),
            (.known(year, 5, 1), "första maj", true),
            (easter.adding(days: 39), "Kristi himmelsfärdsdag", true),
            (easter.adding(days: 49), "pingstdagen", true),
            (midsummer.adding(days: -1), "midsommarafton", false),
            (midsummer, "midsommardagen", true),
            (saturday(onOrAfter: .known(year, 10, 31)), "alla helgons dag", true),
            (.known(year, 12, 24), "julafton", false),
            (.known(year, 12, 25), "juldagen", true),
            (.known(year, 12, 26), "annandag jul", true),
            (.known(year, 12, 31), "nyårsafton", false),
        ]
        days.append(
            year >= 2_005
                ? (.known(year, 6, 6), "Sveriges nationaldag", true)
                : (easter.adding(days: 50), "annandag pingst", true))
        return days.map { Holiday(date: $0.0, name: $0.1, isPublicHoliday: $0.2) }.sorted { $0.date < $1.date }
    }

    /// The holiday or eve that a day is; nil for other days.
    public static func holiday(on date: CalendarDate) -> Holiday? {
        holidays(year: date.year).first { $0.date == date }
    }

    public static func isWorkingDay(_ date: CalendarDate) -> Bool {
        date.weekday < .saturday && holiday(on: date) == nil
    }

    /// This day if it is a working day, else the next that is.
    public static func workingDay(onOrAfter date: CalendarDate) -> CalendarDate {
        var day = date
        // The longest rest is Christmas, of five days; two weeks always have a working day.
        for _ in 0..<14 where !isWorkingDay(day) { day = day.adding(days: 1) }
        return day
    }

    /// The first working day behind this one.
    public static func workingDay(after date: CalendarDate) -> CalendarDate {
        workingDay(onOrAfter: date.adding(days: 1))
    }

    /// Easter Sunday of the Gregorian calendar. Source: the anonymous algorithm in *Nature*, 20 April 1876, as in
    /// J. Meeus, *Astronomical Algorithms*, chapter 8.
    static func easterSunday(year: Int) -> CalendarDate {
        let golden = year % 19
        let (century, yearOfCentury) = year.quotientAndRemainder(dividingBy: 100)
        let correction = (century - (century + 8) / 25 + 1) / 3
        let epact = (19 * golden + century - century / 4 - correction + 15) % 30
        let offset = (32 + 2 * (century % 4) + 2 * (yearOfCentury / 4) - epact - yearOfCentury % 4) % 7
        let late = (golden + 11 * epact + 22 * offset) / 451
        let sum = epact + offset - 7 * late + 114
        return .known(year, sum / 31, sum % 31 + 1)
    }

    private static func saturday(onOrAfter date: CalendarDate) -> CalendarDate {
        let days = Weekday.saturday.rawValue - date.weekday.rawValue
        return date.adding(days: days < 0 ? days + 7 : days)
    }
}
