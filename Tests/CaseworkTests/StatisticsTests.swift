import JSON
import Replica
import SyncProtocol
import TestSupport
import Testing

@testable import Casework

@Suite("Statistics")
struct StatisticsTests {
    let folder = TemporaryFolder()
    let casework: Casework
    let author: AuthorCode

    init() throws {
        casework = try Casework(path: folder.file("replica.db"))
        author = try AuthorCode("S9")
    }

    private func importLog(_ text: String) throws {
        var bytes = Array(text.utf8).makeIterator()
        let report = try CaseImport(casework, by: author).run { bytes.next() }
        #expect(report.bad == 0)
    }

    private func statistics(_ from: String, _ through: String) throws -> Statistics {
        try casework.statistics(
            StatisticsPeriod(from: #require(CalendarDate(from)), through: #require(CalendarDate(through))))
    }

    @Test("both ends of a period are days of the Swedish calendar, midnight to midnight, summer and winter")
    func days() throws {
        try importLog(
            "date\n2017-06-30 23:59\n2017-07-01 00:00\n2017-07-31 23:59\n2017-08-01 00:00\n2017-12-31 23:59\n2018-01-01 00:00\n"
        )
        #expect(try statistics("2017-07-01", "2017-07-31").cases == Figure(2))
        #expect(try statistics("2017-08-01", "2017-12-31").cases == Figure(2))
        #expect(try statistics("2018-01-01", "2018-01-01").cases == Figure(1))
        let year = try statistics("2017-06-30", "2018-01-01")
        #expect(year.contacts.map(\.month.description).first == "2017-06")
        #expect(year.contacts.map { $0.opening.count } == [1, 2, 1, 0, 0, 0, 1, 1])
        #expect(try statistics("2017-07-15", "2017-08-15").contacts.map { $0.opening.count } == [1, 1])
    }

    @Test("weeks are told by their number, in the line's time, over both changes of the clock and the turn of the year")
    func weeks() throws {
        // Sunday evening and Monday morning by the line's clock, and the last days of 2016, which are of 2016's week 52.
        let moments = [
            "2016-12-31 12:00", "2017-01-01 23:59", "2017-03-26 23:59", "2017-03-27 00:00", "2017-10-29 23:59",
            "2017-10-30 00:00",
        ]
        for moment in moments {
            let at = try LineTime.stockholm.moment(typed: moment, today: casework.currentDay())
            try casework.addContactWithoutCase(ContactFields(at: at), by: author)
        }
        let period = try StatisticsPeriod(
            from: CalendarDate.known(2016, 12, 30), through: CalendarDate.known(2017, 12, 31))
        let weeks = try casework.contactsByWeek(period)
        #expect(weeks.count == 53)
        let counted = weeks.filter { $0.withoutCase > 0 }.map { "\($0.week) \($0.withoutCase)" }
        #expect(counted == ["2016-W52 2", "2017-W12 1", "2017-W13 1", "2017-W43 1", "2017-W44 1"])
        let january = try casework.internalReport(Month(parsing: "2017-01"))
        #expect(january.weeks.first.map { "\($0.week) \($0.withoutCase)" } == "2016-W52 1", "cut to the month")
        #expect(january.document(.swedish).tables.contains { $0.title == "Kontakter per vecka" && $0.rows.count == 6 })
    }

    @Test("a case with two concerns counts in both, one without a caller in none: sums are not made to agree")
    func sums() throws {
        try importLog(
            "date,caller,concern,age,child\n2017-02-01,relative,general+religious,17,\n2017-02-01,,,,yes\n2017-02-01,external,leftWing,30,no\n"
        )
        let found = try statistics("2017-02-01", "2017-02-28")
        #expect(found.cases == Figure(3))
        #expect(found.children == Figure(2))
        #expect(found.concern.entries.map(\.figure.count) == [1, 1, 0, 1, 1])
        #expect(found.caller["notRecorded"] == Figure(1))
        #expect(found.age.entries.map(\.figure.count) == [1, 0, 0, 1, 1])
    }

    @Test("contacts count where they belong, outbound ones too, and those by themselves")
    func contacts() throws {
        try importLog(
            """
            date,case,contact,channel,request,interpreter,outside hours
            2017-02-01 10:00,A,,phone,advice,,no
            2017-03-01 10:00,A,,outbound,,,no
            2017-03-02 20:00,A,,chat,knowledge,telefontolk,yes
            2017-03-03,,without case,phone,,,

            """)
        let found = try statistics("2017-02-01", "2017-03-31")
        #expect(found.cases == Figure(1))
        #expect(found.contacts.map { $0.opening.count } == [1, 0])
        #expect(found.contacts.map { $0.repeat.count } == [0, 2])
        #expect(found.contacts.map { $0.withoutCase.count } == [0, 1])
        #expect(found.contacts.map { $0.outbound.count } == [0, 1])
        #expect(found.contactCount == Figure(4))
        #expect(found.channel.entries.map(\.figure.count) == [2, 1, 1, 0])
        #expect(found.openingHours.entries.map(\.figure.count) == [1, 2, 1])
        #expect(found.interpreting.entries.map(\.figure.count) == [3, 0, 1])
        #expect(found.request["notRecorded"] == Figure(2))
    }

    @Test("a case opened by mistake is in none of the numbers, and told by itself; open again, it counts")
    func mistakes() throws {
        try importLog(
            """
            date,case,caller,concern,closed,reason,referral,report of concern
            2017-02-01,A,relative,general,2017-02-02,mistake,tips,2017-02-01
            2017-02-03,A,,,,,,
            2017-02-01,B,relative,general,2017-02-02,finished,tips,2017-02-01

            """)
        let found = try statistics("2017-02-01", "2017-02-28")
        #expect(found.cases == Figure(1))
        #expect(found.contactCount == Figure(1))
        #expect(found.contacts[0].repeat == Figure(0))
        #expect(found.concernReports == Figure(1))
        #expect(found.referrals["open"] == Figure(1))
        #expect(found.mistakes == Statistics.Mistakes(cases: Figure(1), contacts: Figure(2)))
        #expect(found.closings["mistake"] == Figure(1))
        let mistaken = try #require(try casework.list().first { $0.closingReason == "mistake" }?.reference)
        try casework.reopen(mistaken, by: author)
        let again = try statistics("2017-02-01", "2017-02-28")
        #expect(again.cases == Figure(2))
        #expect(again.contactCount == Figure(3))
        #expect(again.mistakes == Statistics.Mistakes(cases: Figure(0), contacts: Figure(0)))
    }

    @Test("a word that only a newer version knows is counted under its own name")
    func unknownWords() throws {
        try casework.replica.write { tx in
            try tx.insert(CaseworkSchema.Cases.collection) { row in
                row[CaseworkSchema.Cases.caller] = "neighbour"
                row[CaseworkSchema.Cases.age] = "over80"
                row[CaseworkSchema.Cases.openedAt] = LineTime.stockholm.moment(.known(2017, 2, 1), minute: 0)
            }
            // Of this one, the part with the day has not arrived.
            try tx.insert(CaseworkSchema.Cases.collection) { $0[CaseworkSchema.Cases.caller] = "relative" }
        }
        let found = try statistics("2017-02-01", "2017-02-28")
        #expect(found.cases == Figure(1))
        #expect(found.caller.entries.map(\.word) == ["external", "relative", "involved", "neighbour", "notRecorded"])
        #expect(found.caller["neighbour"] == Figure(1))
        #expect(found.age["over80"] == Figure(1))
        #expect(found.undated == Figure(1))
    }

    @Test("a desk says what it knows of unsent and unverified data, and of whom it does not know")
    func desks() throws {
        let line = try OneWayLine()
        let desk = try line.desk(path: folder.file("desk.db"))
        try line.join(desk, name: "Desk 1")
        try desk.newCase(CaseFields(), by: author)
        let period = StatisticsPeriod(month: Month(.known(2023, 11, 1)))
        var found = try desk.statistics(period)
        #expect(found.desks.unsent == 1)
        #expect(found.desks.unverified == 1)
        #expect(found.json["desks"]?["known"] == 1)
        #expect(found.document(.english).desks.contains("Desks with unsent data: 1 of 1. "))
        #expect(found.document(.english).desks.contains("these numbers speak of this desk only"))
        #expect(found.document(.swedish).desks.contains("osända data: 1 av 1"))
        found.desks.include(
            others: DesksResponse(others: 3, unsent: 2, unverified: 1, silent: 1, serverTime: 1_509_534_000_000))
        #expect(found.document(.english).desks.contains("Desks with unsent data: 3 of 4. Not proven equal"))
        #expect(found.document(.english).desks.contains("1 not heard of for a day"))
        #expect(found.json["desks"]?["silent"] == 1 && found.json["desks"]?["unverified"] == 2)
    }

    @Test("a period ends on its first day or later, within a hundred years")
    func periods() throws {
        #expect(throws: CaseworkError.self) { try self.statistics("2017-02-02", "2017-02-01") }
        #expect(throws: CaseworkError.self) { try self.statistics("1917-02-02", "2017-02-01") }
        #expect(try statistics("9999-12-01", "9999-12-31").contacts.count == 1)
        #expect(throws: CaseworkError.self) { try Month(parsing: "2017-13") }
        #expect(try Month(parsing: "2016-02").last == .known(2016, 2, 29))
    }
}
