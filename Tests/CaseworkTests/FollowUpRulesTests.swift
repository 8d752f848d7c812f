import Casework
import Replica
import Testing

/// When a caller is called again, and what follows when nobody answers.
struct FollowUpRulesTests {
    let rules = FollowUpRules()

    @Test(
        "a follow-up is proposed a week ahead, on the first working day",
        arguments: [
            ("2017-02-01", "2017-02-08"),
            // A week after a Saturday is a Saturday; the next working day is Monday.
            ("2017-02-04", "2017-02-13"),
            // Good Friday and Easter Monday
            ("2017-04-07", "2017-04-18"),
            // Christmas Eve of 2018, a Monday, to the 27th
            ("2018-12-17", "2018-12-27"),
            // New Year's Eve, New Year's Day
            ("2018-12-24", "2019-01-02"),
            // Midsummer Eve
            ("2017-06-16", "2017-06-26"),
        ])
    func proposals(from: String, expected: String) throws {
        #expect(rules.proposeFollowUp(from: try #require(CalendarDate(from))) == CalendarDate(expected))
    }

    @Test("the proposal is a working day 7 to 14 days ahead, from every day of thirty years")
    func always() throws {
        let first = try #require(CalendarDate("2010-01-01"))
        for offset in 0..<30 * 365 {
            let day = first.adding(days: offset)
            let proposal = rules.proposeFollowUp(from: day)
            #expect(SwedishCalendar.isWorkingDay(proposal))
            #expect((7...14).contains(proposal.dayNumber - day.dayNumber))
        }
    }

    @Test("the proposal is a day on which somebody is there; without one in two weeks, the first working day")
    func staffed() throws {
        let hours = OpeningHours([try .init([.thursday], "18:00-22:00")])
        let day = try #require(CalendarDate("2017-02-01"))
        #expect(rules.proposeFollowUp(from: day, isStaffed: hours.isOpen(on:)) == CalendarDate("2017-02-09"))
        #expect(rules.proposeFollowUp(from: day, isStaffed: { _ in false }) == CalendarDate("2017-02-08"))
    }

    @Test(
        "attempts are a working day apart; there are three, and four for a child, before closing is proposed",
        arguments: [
            (
                [], false,
                FollowUpRules.Step.attempt(number: 1, notBefore: CalendarDate("2017-04-10")!, isExtraForChild: false)
            ),
            (
                ["2017-04-10"], false,
                .attempt(number: 2, notBefore: CalendarDate("2017-04-11")!, isExtraForChild: false)
            ),
            // Maundy Thursday is a working day; behind it comes Tuesday after Easter.
            (
                ["2017-04-13", "2017-04-10"], false,
                .attempt(number: 3, notBefore: CalendarDate("2017-04-18")!, isExtraForChild: false)
            ),
            (["2017-04-10", "2017-04-11", "2017-04-12"], false, .proposeClosing(remindsToShredSlip: true)),
            (
                ["2017-04-10", "2017-04-11", "2017-04-12"], true,
                .attempt(number: 4, notBefore: CalendarDate("2017-04-13")!, isExtraForChild: true)
            ),
            (
                ["2017-04-10", "2017-04-11", "2017-04-12", "2017-04-13"], true,
                .proposeClosing(remindsToShredSlip: true)
            ),
        ])
    func steps(attempts: [String], concernsChild: Bool, expected: FollowUpRules.Step) throws {
        let planned = try #require(CalendarDate("2017-04-10"))
        let days = attempts.compactMap { CalendarDate($0) }
        #expect(days.count == attempts.count)
        #expect(rules.next(planned: planned, attempts: days, concernsChild: concernsChild) == expected)
    }

    @Test("an anonymous caller's case is proposed for closing 60 days after the agreed day")
    func anonymous() throws {
        #expect(
            rules.proposesClosing(agreedDay: try #require(CalendarDate("2017-02-01"))) == CalendarDate("2017-04-02"))
    }
}
