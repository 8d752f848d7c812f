import Replica
import SQLite
import Testing

@testable import Casework

@Suite("The list of today")
struct TodayTests {
    let desk: TestDesk
    var casework: Casework { desk.casework }

    init() throws { desk = try TestDesk() }

    @Test("overdue first, then by day; what is later, done, or of a closed case is not there")
    func order() throws {
        let first = try desk.newCase()
        try casework.addFollowUp(first, on: day("2017-03-22"), by: desk.author)
        let second = try desk.newCase()
        try casework.addPromise(second, "Ring the school.", due: day("2017-03-20"), by: desk.author)
        try casework.addPromise(second, "Later.", due: day("2017-03-23"), by: desk.author)
        let third = try desk.newCase()
        try casework.addFollowUp(third, .ringBack, on: day("2017-03-21"), by: desk.author)
        let fourth = try desk.newCase()
        try casework.addFollowUp(fourth, on: day("2017-03-17"), by: desk.author)
        try casework.close(fourth, .finished, by: desk.author)
        _ = try desk.entry("Aldrig", verified: false)
        _ = try desk.entry("Nyss")
        try desk.go(to: "2017-03-22")
        let items = try casework.today()
        #expect(items.map(\.kind) == [.promise, .ringBack, .followUp, .verify])
        #expect(items.map(\.isOverdue) == [true, true, false, false])
        #expect(items.map(\.reference) == [second, third, first, nil])
        #expect(items[0].text == "Ring the school.")
        #expect(items[3].text == "Aldrig" && items[3].due == nil)
        #expect(items[2].attempt?.number == 1 && items[2].attempt?.of == 3)
    }

    @Test("an entry is due for verification the day after its last one has ceased to hold")
    func verification() throws {
        let entry = try desk.entry("Kommunen")
        try desk.go(to: "2017-09-15")
        #expect(try casework.today().isEmpty)
        try desk.go(to: "2017-09-16")
        let item = try #require(try casework.today().first)
        #expect(item.kind == .verify && !item.isOverdue && entry.matches(item.id))
        var filter = DirectoryFilter()
        filter.isDue = true
        #expect(try casework.directory(filter).map(\.name) == ["Kommunen"])
        try casework.verify(entry, .noAnswer, by: desk.author)
        #expect(try casework.today().map(\.kind) == [.verify])
        try casework.verify(entry, by: desk.author)
        #expect(try casework.today().isEmpty)
    }

    @Test("quiet cases are found among the open ones, by indexes")
    func quietPlan() throws {
        let steps = try casework.replica.read { snapshot in
            try snapshot.query("EXPLAIN QUERY PLAN " + Casework.quietQuery, [.integer(0)]) { $0.text(3) }
        }
        #expect(
            !steps.contains { $0.hasPrefix("SCAN") && !$0.contains("CONSTANT") && !$0.contains("subquery") }, "\(steps)"
        )
        #expect(steps.contains { $0.contains("lugn_cases_status") }, "\(steps)")
    }

    @Test("no table of cases, notes or what belongs to cases is read from end to end")
    func plan() throws {
        let steps = try casework.replica.read { snapshot in
            try snapshot.query("EXPLAIN QUERY PLAN " + Casework.todayQuery, [.text("2017-03-15")]) { $0.text(3) }
        }
        let scans = steps.filter { $0.hasPrefix("SCAN") && !$0.contains("CONSTANT") }
        // The directory is small; numbers are read in their index, to find two that are the same.
        #expect(scans.count == 2, "\(steps)")
        #expect(scans.contains { $0.contains("SCAN d") })
        #expect(scans.contains { $0.contains("COVERING INDEX lugn_numbers_number") })
    }
}
