import Replica
import Testing

@testable import Casework

@Suite("The line's time")
struct LineTimeTests {
    @Test(
        "the wall shows what it shows in each zone, around both changes of the clock",
        arguments: [
            // 2017-03-26 01:00 UTC and 2017-10-29 01:00 UTC, a minute before and at the change.
            (LineTime.Zone.stockholm, 1_490_489_940_000, "2017-03-26 01:59"),
            (.stockholm, 1_490_490_000_000, "2017-03-26 03:00"),
            (.stockholm, 1_509_238_740_000, "2017-10-29 02:59"), (.stockholm, 1_509_238_800_000, "2017-10-29 02:00"),
            (.helsinki, 1_490_490_000_000, "2017-03-26 04:00"), (.helsinki, 1_509_238_800_000, "2017-10-29 03:00"),
            (.london, 1_490_489_940_000, "2017-03-26 00:59"), (.london, 1_490_490_000_000, "2017-03-26 02:00"),
            (.reykjavik, 1_490_490_000_000, "2017-03-26 01:00"), (.utc, 1_509_238_800_000, "2017-10-29 01:00"),
        ])
    func wall(zone: LineTime.Zone, milliseconds: Int64, expected: String) {
        #expect(LineTime(zone).text(Timestamp(milliseconds: milliseconds)) == expected)
    }

    @Test("what is shown is typed back as the same minute, at every hour of the days of change, in every zone")
    func roundTrip() throws {
        for zone in LineTime.Zone.allCases {
            let time = LineTime(zone)
            for start in [1_490_400_000_000, 1_509_148_800_000] as [Int64] {
                for quarter in 0..<(72 * 4) {
                    let moment = Timestamp(milliseconds: start + Int64(quarter) * 900_000)
                    let text = time.text(moment)
                    let typed = try time.moment(typed: text, today: day("2000-01-01"))
                    #expect(time.text(typed) == text)
                    // Only the hour that comes twice is ambiguous, and is the first.
                    #expect(typed == moment || typed.milliseconds == moment.milliseconds - 3_600_000)
                }
            }
        }
    }

    @Test("a time that the clock did not show is refused; 13:45 alone is of today; words are of days")
    func typed() throws {
        let time = LineTime.stockholm
        let today = try day("2017-03-27")
        expectRefusal(.badValue) { _ = try time.moment(typed: "2017-03-26 02:30", today: today) }
        #expect(time.text(try time.moment(typed: "igår 13.45", today: today)) == "2017-03-26 13:45")
        #expect(time.text(try time.moment(typed: "9:05", today: today)) == "2017-03-27 09:05")
        for text in ["", "24:00", "2017-03-26", "12:60", "yesterday", "2017-02-30 10:00", "1:2:3"] {
            expectRefusal(.badValue) { _ = try time.moment(typed: text, today: today) }
        }
    }

    @Test("a call at half past eleven at night is of that day and month, and in the day's list, in the line's time")
    func night() throws {
        let desk = try TestDesk("2017-02-28")
        let casework = desk.casework
        // 23:30 in Stockholm is 22:30 UTC; in Helsinki it is March.
        let at = LineTime.stockholm.moment(try day("2017-02-28"), minute: 23 * 60 + 30)
        try desk.go(to: "2017-03-02")
        try casework.addContactWithoutCase(ContactFields(at: at), by: desk.author)
        let february = try StatisticsPeriod(from: day("2017-02-01"), through: day("2017-02-28"))
        #expect(try casework.statistics(february).contactCount == Figure(1))
        #expect(try casework.contactsWithoutCase(through: day("2017-02-28")).count == 1)
        var changes = SettingsChanges()
        changes.zone = .helsinki
        try casework.change(changes)
        #expect(try casework.settings().time.zone == .helsinki)
        #expect(try casework.statistics(february).contactCount == Figure(0))
        #expect(try casework.contactsWithoutCase(through: day("2017-02-28")).isEmpty)
    }

    @Test(
        "weeks have the numbers of ISO 8601, also where a year has 53, and are read as they are written",
        arguments: [
            ("2017-01-01", "2016-W52"), ("2017-01-02", "2017-W01"), ("2020-12-31", "2020-W53"),
            ("2021-01-03", "2020-W53"), ("2021-01-04", "2021-W01"), ("2018-12-31", "2019-W01"),
            ("2017-03-26", "2017-W12"), ("2017-03-27", "2017-W13"),
        ])
    func weeks(text: String, expected: String) throws {
        let day = try day(text)
        let week = Week(day)
        #expect(week.description == expected)
        #expect(try Week(parsing: expected) == week)
        #expect(try Week(parsing: expected.replacing("W0", with: "v").replacing("W", with: "v")) == week)
        #expect(week.first <= day && week.last >= day)
    }

    @Test("every day of forty years is in one week, and weeks follow each other")
    func allWeeks() throws {
        var previous = Week(try day("1999-12-27"))
        for offset in 7..<(40 * 366) {
            let week = Week(try day("1999-12-27").adding(days: offset))
            if week == previous { continue }
            #expect(week.first == previous.last.adding(days: 1))
            #expect(week.number == previous.number + 1 || (week.number == 1 && previous.number >= 52))
            previous = week
        }
        for text in ["2017-W53", "2017-W00", "2017W07", "17-W07", "2017-W7a", "2017-07"] {
            expectRefusal(.badValue) { _ = try Week(parsing: text) }
        }
    }
}
