import Casework
import Replica
import Testing

/// Opening hours of the line, against the hours it had in 2017, and the clock changes.
struct OpeningHoursTests {
    static let weekdays: [Weekday] = [.monday, .tuesday, .wednesday, .thursday, .friday]

    /// As in 2017: weekdays 9–16 with a lunch hour, three evenings a week from the end of August.
    static func line() throws -> OpeningHours {
        OpeningHours(
            [
                try .init(weekdays, "09:00-12:00", "13:00-16:00"),
                try .init([.monday, .wednesday, .friday], "18:00–22:00", from: CalendarDate("2017-08-28")),
            ], closedDays: [try #require(CalendarDate("2017-09-14"))])
    }

    static func moment(_ day: String, _ hour: Int, _ minute: Int = 0) throws -> Timestamp {
        LineTime.stockholm.moment(try #require(CalendarDate(day)), minute: hour * 60 + minute)
    }

    /// Computed with the time zone database.
    @Test(
        "local time in Sweden is that of the time zone database, at the clock changes too",
        arguments: [
            (1_485_953_100_000, "2017-02-01", 825),
            (1_490_489_940_000, "2017-03-26", 119),
            (1_490_490_000_000, "2017-03-26", 180),
            (1_509_237_000_000, "2017-10-29", 150),
            (1_509_238_740_000, "2017-10-29", 179),
            (1_509_238_800_000, "2017-10-29", 120),
            (1_509_240_600_000, "2017-10-29", 150),
            (1_711_846_800_000, "2024-03-31", 180),
            (1_795_303_800_000, "2026-11-22", 30),
            (1_798_758_000_000, "2027-01-01", 0),
            (0, "1970-01-01", 60),
            (1_909_174_500_000, "2030-07-02", 15),
        ])
    func localTime(milliseconds: Int64, day: String, minute: Int) {
        let local = LineTime.stockholm.local(Timestamp(milliseconds: milliseconds))
        #expect(local.date == CalendarDate(day) && local.minute == minute)
    }

    @Test("a time that does not come is the moment of the jump, one that comes twice the first")
    func clockChanges() throws {
        #expect(try Self.moment("2017-03-26", 2, 30).milliseconds == 1_490_490_000_000)
        #expect(try Self.moment("2017-03-26", 3).milliseconds == 1_490_490_000_000)
        #expect(try Self.moment("2017-10-29", 2, 30).milliseconds == 1_509_237_000_000)
        #expect(try Self.moment("2017-10-29", 3).milliseconds == 1_509_242_400_000)
    }

    @Test(
        "open in the hours of the pattern, from the first minute and not at the last",
        arguments: [
            ("2017-02-01", 8, 59, false), ("2017-02-01", 9, 0, true), ("2017-02-01", 11, 59, true),
            ("2017-02-01", 12, 0, false), ("2017-02-01", 13, 0, true), ("2017-02-01", 16, 0, false),
            // No evenings before the end of August, none on a Tuesday.
            ("2017-08-25", 19, 0, false), ("2017-08-28", 19, 0, true), ("2017-08-29", 19, 0, false),
            // A weekend, a holiday, an eve, a closed day
            ("2017-02-04", 10, 0, false), ("2017-06-06", 10, 0, false), ("2017-06-23", 10, 0, false),
            ("2017-09-14", 10, 0, false), ("2017-09-15", 10, 0, true),
        ])
    func isOpen(day: String, hour: Int, minute: Int, expected: Bool) throws {
        let line = try Self.line()
        let moment = try Self.moment(day, hour, minute)
        #expect(line.isOpen(at: moment) == expected)
        #expect(line.isOutside(moment) == !expected)
    }

    @Test(
        "the next opening is after lunch, in the evening, after the weekend or after the holidays",
        arguments: [
            ("2017-02-01", 7, "2017-02-01", 9), ("2017-02-01", 10, "2017-02-01", 13),
            ("2017-02-01", 13, "2017-02-02", 9), ("2017-09-01", 16, "2017-09-01", 18),
            ("2017-02-03", 17, "2017-02-06", 9), ("2017-04-13", 15, "2017-04-18", 9),
            ("2017-09-13", 22, "2017-09-15", 9), ("2017-12-22", 21, "2017-12-27", 9),
        ])
    func nextOpening(day: String, hour: Int, nextDay: String, nextHour: Int) throws {
        #expect(try Self.line().nextOpening(after: Self.moment(day, hour)) == Self.moment(nextDay, nextHour))
    }

    @Test("a night line is open through the clock changes: an hour less, an hour more")
    func night() throws {
        let night = OpeningHours([try .init(Weekday.allCases, "00:00-04:00", "22:00-24:00")], isClosedOnHolidays: false)
        func openMinutes(_ day: String) throws -> Int {
            let start = try Self.moment(day, 0).milliseconds
            let end = try Self.moment(day, 24).milliseconds
            return stride(from: start, to: end, by: 60_000).count { night.isOpen(at: Timestamp(milliseconds: $0)) }
        }
        #expect(try openMinutes("2017-03-25") == 360)
        #expect(try openMinutes("2017-03-26") == 300)
        #expect(try openMinutes("2017-10-29") == 420)
        // 22 to 24 and 0 to 4 are one interval.
        #expect(try night.nextOpening(after: Self.moment("2017-03-25", 22)) == Self.moment("2017-03-26", 22))
    }

    @Test("a line that never opens has no next opening; a season ends it")
    func never() throws {
        let ended = OpeningHours([try .init(Self.weekdays, "09:00-15:00", through: CalendarDate("2016-12-30"))])
        #expect(try ended.nextOpening(after: Self.moment("2016-12-30", 10)) == nil)
        #expect(try ended.nextOpening(after: Self.moment("2016-12-29", 16)) == Self.moment("2016-12-30", 9))
        #expect(OpeningHours([]).nextOpening(after: Timestamp(milliseconds: .max)) == nil)
        #expect(!OpeningHours([]).isOpen(at: Timestamp(milliseconds: .min)))
    }

    @Test(
        "patterns that overlap are one interval",
        arguments: [("09:00-12:00", "11:00-14:00"), ("09:00-12:00", "12:00-14:00")])
    func overlap(first: String, second: String) throws {
        let hours = OpeningHours([try .init([.monday], first), try .init([.monday], second)])
        #expect(hours.intervals(on: try #require(CalendarDate("2017-02-06"))) == [540..<840])
    }

    @Test(
        "what is no interval is refused",
        arguments: [
            "", "9-12", "09:00", "12:00-09:00", "09:00-09:00", "09:00-24:01", "09:60-10:00", "09:00-12:00-13:00",
            "a:00-b:00",
        ])
    func refused(text: String) {
        #expect(throws: CaseworkError.self) { try OpeningHours.Pattern([.monday], text) }
    }
}
