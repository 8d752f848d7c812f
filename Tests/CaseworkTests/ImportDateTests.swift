import Replica
import Testing

@testable import Casework

@Suite("Import: days and ages")
struct ImportDateTests {
    private func days(_ cells: [String], _ change: (inout ImportOptions) throws -> Void = { _ in }) throws -> (
        days: [String], desk: ImportDesk
    ) {
        let desk = try ImportDesk()
        try desk.run("datum;ärende\n" + cells.enumerated().map { "\"\($1)\";\($0)\n" }.joined(), change)
        let found = try desk.casework.list().compactMap { $0.openedAt.map { LineTime.stockholm.day($0).description } }
        return (found.sorted(), desk)
    }

    @Test(
        "a form on which all rows agree is found, and told",
        arguments: [
            (["1/2/2017", "13/2/2017"], "d/m/yyyy", ["2017-02-01", "2017-02-13"]),
            (["2/1/2017", "2/13/2017 1:45 PM"], "m/d/yyyy", ["2017-02-01", "2017-02-13"]),
            (["01.02.2017", "13.02.2017"], "d.m.yyyy", ["2017-02-01", "2017-02-13"]),
            (["1/2 2017", "30/3 2017 13.45"], "d/m yyyy", ["2017-02-01", "2017-03-30"]),
            (["1 feb 2017", "2 maj 2017"], "d mmm yyyy", ["2017-02-01", "2017-05-02"]),
            (["2017/02/01"], "yyyy/mm/dd", ["2017-02-01"]), (["20170201"], "yyyymmdd", ["2017-02-01"]),
            (["170201", "171131", "171129"], "yymmdd", ["2017-02-01", "2017-11-29"]),
            (["42767", "42768,573"], "excel", ["2017-02-01", "2017-02-02"]),
            (["2017-02-01", "3/4 2017"], "yyyy-mm-dd", ["2017-02-01"]),
        ] as [([String], String, [String])])
    func found(cells: [String], form: String, expected: [String]) throws {
        let desk = try ImportDesk()
        let report = try desk.run("datum;ärende\n" + cells.enumerated().map { "\"\($1)\";\($0)\n" }.joined())
        #expect(report.dateFormat == form)
        #expect(try days(cells).days == expected)
    }

    @Test(
        "what can be read in two ways, or contradicts itself, is asked for",
        arguments: [
            (["1/2/2017", "3/4/2017"], "d/m/yyyy and as m/d/yyyy"), (["13/2/2017", "2/13/2017"], "lines 2 and 3"),
            (["17-02-01"], "yy-mm-dd and as d-m-yy"),
        ] as [([String], String)])
    func asked(cells: [String], words: String) throws {
        let message = try ImportDesk().refusal("datum\n" + cells.joined(separator: "\n"))
        #expect(message.contains(words) && message.contains("--date-format"))
    }

    @Test("a form that is named is the one, and a year in front needs no form")
    func named() throws {
        func named(_ form: String) -> (inout ImportOptions) throws -> Void {
            { $0.dateFormat = try DateFormat(parsing: form) }
        }
        #expect(try days(["1/2/2017", "3/4/2017"], named("d/m/yyyy")).days == ["2017-02-01", "2017-04-03"])
        #expect(try days(["1/2/2017", "3/4/2017"], named("M/D/YYYY")).days == ["2017-01-02", "2017-03-04"])
        #expect(try days(["1/2/2017", "2017-03-04"], named("d/m/yyyy")).days == ["2017-02-01", "2017-03-04"])
        #expect(try days(["41305"], named("excel-1904")).days == ["2017-02-01"])
        #expect(throws: CaseworkError.self) { try DateFormat(parsing: "d/m") }
        #expect(throws: CaseworkError.self) { try DateFormat(parsing: "dd/hh/yyyy") }
    }

    @Test("Excel's fraction of a day is its time")
    func fraction() throws {
        let date = try #require(ImportDate("42767.573611", format: DateFormat(parsing: "excel")))
        #expect(date.day.description == "2017-02-01" && date.seconds == 13 * 3_600 + 46 * 60)
    }

    @Test("days before 1990 and after tomorrow are refused, each for its reason")
    func limits() throws {
        let today = try TestDesk("2026-11-27")
        let rows = ["1989-12-31", "1990-01-01", "2026-11-28", "2026-11-29", "", "förra veckan"]
        var reasons: [String] = []
        var listeners = ImportListeners()
        listeners.onBadRow = { reasons.append($0.reason) }
        let text = "datum;anteckning\n" + rows.map { "\($0);x\n" }.joined()
        let report = try CaseImport(today.casework, by: today.author).run(
            ImportBytes(Array(text.utf8)), listeners: listeners)
        #expect(report.added == 2)
        #expect(
            reasons.map { String($0.prefix(25)) } == [
                "the date is before 1990", "the date is after tomorro", "the date is missing",
                "the date is no day of the",
            ])
    }

    @Test(
        "closed before opened is refused, by the day, and by the time where both are known",
        arguments: [
            ("2017-02-01", "2017-01-31", false), ("2017-02-01", "2017-02-01", true),
            ("2017-02-01 13:00", "2017-02-01 12:59", false), ("2017-02-01 13:00", "2017-02-01 13:00", true),
            ("2017-02-01 13:00", "2017-02-01", true),
        ])
    func closedBefore(opened: String, closed: String, isTaken: Bool) throws {
        let desk = try ImportDesk()
        #expect(try desk.run("date,closed\n\(opened),\(closed)\n").added == (isTaken ? 1 : 0))
        #expect(isTaken || desk.bad.first?.reason == "it was closed before it was opened")
    }

    @Test(
        "an age below 0, a part of a year, or a band across two is refused",
        arguments: ["-3", "−3", "–3", "2,5", "17.5", "121", "18-25", "1 7", "-"])
    func ages(cell: String) throws {
        let desk = try ImportDesk()
        #expect(try desk.run("date;age\n2017-02-01;\(cell)\n").bad == (cell == "-" ? 0 : 1))
        #expect(try desk.casework.list().allSatisfy { $0.age == nil })
    }

    @Test("blank rows are skipped, and a thousand unknown columns are named once")
    func blanks() throws {
        let desk = try ImportDesk()
        #expect(try desk.run("datum;oro;ålder\n;;\n  ; ;\t\n2017-02-01;;\n\n;;;;;\n").added == 1)
        let titles = (1...998).map { "k\($0)" }.joined(separator: ";")
        #expect(try desk.run("datum;\(titles)\n2017-02-02;\n").columnsLeftOut.count == 998)
        #expect(try desk.run("datum;;oro\n2017-02-03;bort;\n").columnsLeftOut == ["number 2"])
    }
}
