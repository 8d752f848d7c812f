import Casework
import Replica
import Testing

/// Holidays and working days against calendars that others have published.
struct SwedishCalendarTests {
    static let common = ["01-01", "01-06", "05-01", "12-24", "12-25", "12-26", "12-31"]

    /// Good Friday, Easter, Easter Monday, Ascension, Whit Sunday, National Day, Midsummer Eve and Day, All Saints' Day.
    @Test(
        "the holidays of a year are those in published calendars",
        arguments: [
            (2011, "04-22 04-24 04-25 06-02 06-12 06-06 06-24 06-25 11-05"),
            (2024, "03-29 03-31 04-01 05-09 05-19 06-06 06-21 06-22 11-02"),
            (2025, "04-18 04-20 04-21 05-29 06-08 06-06 06-20 06-21 11-01"),
            (2026, "04-03 04-05 04-06 05-14 05-24 06-06 06-19 06-20 10-31"),
            (2027, "03-26 03-28 03-29 05-06 05-16 06-06 06-25 06-26 11-06"),
            (2030, "04-19 04-21 04-22 05-30 06-09 06-06 06-21 06-22 11-02"),
            (2075, "04-05 04-07 04-08 05-16 05-26 06-06 06-21 06-22 11-02"),
            // Whit Monday was a holiday for the last time, the National Day not yet one.
            (2004, "04-09 04-11 04-12 05-20 05-30 05-31 06-25 06-26 11-06"),
        ])
    func publishedCalendars(year: Int, movable: String) {
        let expected = (Self.common + movable.split(separator: " ").map(String.init)).map { "\(year)-\($0)" }.sorted()
        #expect(SwedishCalendar.holidays(year: year).map(\.date.description) == expected)
    }

    @Test(
        "Easter falls on known days, the earliest and the latest among them",
        arguments: ["1818-03-22", "1943-04-25", "1954-04-18", "1981-04-19", "2000-04-23", "2008-03-23", "2038-04-25"])
    func easter(day: String) throws {
        let date = try #require(CalendarDate(day))
        #expect(SwedishCalendar.holiday(on: date)?.name == "påskdagen")
    }

    @Test("every year has 16 such days, Easter on a Sunday and midsummer on a Saturday of 20 to 26 June")
    func everyYear() throws {
        for year in 1_953...2_400 {
            let holidays = SwedishCalendar.holidays(year: year)
            #expect(holidays.count == 16)
            let easter = try #require(holidays.first { $0.name == "påskdagen" })
            #expect(easter.date.weekday == .sunday)
            #expect(easter.date >= CalendarDate(year: year, month: 3, day: 22)!)
            #expect(easter.date <= CalendarDate(year: year, month: 4, day: 25)!)
            let midsummer = try #require(holidays.first { $0.name == "midsommardagen" })
            #expect(midsummer.date.weekday == .saturday && (20...26).contains(midsummer.date.day))
            let saints = try #require(holidays.first { $0.name == "alla helgons dag" })
            #expect(saints.date.weekday == .saturday && (saints.date.month == 10) == (saints.date.day == 31))
        }
    }

    @Test(
        "working days: neither weekend nor holiday nor one of the three eves",
        arguments: [
            ("2017-02-01", true), ("2017-02-04", false), ("2017-02-05", false), ("2017-04-13", true),
            ("2017-04-14", false), ("2017-04-17", false), ("2017-04-18", true), ("2017-05-25", false),
            ("2017-05-26", true), ("2017-06-06", false), ("2017-06-23", false), ("2017-10-27", true),
            ("2018-01-05", true), ("2018-12-24", false), ("2018-12-27", true), ("2018-12-31", false),
        ])
    func workingDays(day: String, isWorking: Bool) throws {
        #expect(SwedishCalendar.isWorkingDay(try #require(CalendarDate(day))) == isWorking)
    }

    @Test("days and day numbers are the same thing, over 9,999 years")
    func dayNumbers() throws {
        var previous = try #require(CalendarDate(year: 1, month: 1, day: 1)).dayNumber - 1
        for year in 1...9_999 {
            for month in 1...12 {
                for day in [1, 28, CalendarDate.daysInMonth(year: year, month: month)] {
                    let date = try #require(CalendarDate(year: year, month: month, day: day))
                    #expect(CalendarDate(dayNumber: date.dayNumber) == date)
                    if day == 1 { #expect(date.dayNumber == previous + 1) }
                    previous = date.dayNumber
                }
            }
        }
        #expect(CalendarDate(dayNumber: previous + 1) == nil)
        #expect(try #require(CalendarDate("2026-11-21")).weekday == .saturday)
        #expect(try #require(CalendarDate("1582-10-15")).weekday == .friday)
    }
}
