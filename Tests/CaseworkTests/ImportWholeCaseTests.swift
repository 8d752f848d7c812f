import Replica
import TestSupport
import Testing

@testable import Casework

@Suite("Import: cases as a whole, and whose they are")
struct ImportWholeCaseTests {
    private static let first = "ärende;datum;anteckning\n1;2017-03-01;A\n2;2017-03-02;B\n"
    private static let other = "ärende;datum;anteckning\n1;2018-05-01;annan\n3;2018-05-02;C\n"

    @Test("a key that comes again from another file is asked for, and then two cases are two")
    func twoLogs() throws {
        let desk = try ImportDesk()
        try desk.run(Self.first)
        let message = try desk.refusal(Self.other)
        #expect(message.contains("--log") && message.contains("line 2"))
        #expect(try desk.run(Self.other) { $0.log = "2018" }.cases == 2)
        #expect(try desk.contacts() == [["opening"], ["opening"], ["opening"], ["opening"]])
        // Both again, as they were given.
        #expect(try desk.run(Self.first).known == 2)
        #expect(try desk.run(Self.other) { $0.log = "2018" }.known == 2)
        #expect(try desk.casework.list().count == 4)
    }

    @Test("the same log, grown, is known by a row of each case; a part of it is asked for, and named main")
    func grown() throws {
        let desk = try ImportDesk()
        try desk.run(Self.first)
        #expect(try desk.run(Self.first + "1;2017-04-01;D\n").added == 1)
        let part = "ärende;datum;anteckning\n2;2017-04-02;E\n"
        #expect(try desk.refusal(part).contains("--log main"))
        #expect(try desk.run(part) { $0.log = "main" }.added == 1)
        #expect(try desk.contacts() == [["opening", "repeat"], ["opening", "repeat"]])
    }

    @Test("a log that was imported without a name is not imported again with one")
    func namedLater() throws {
        let desk = try ImportDesk()
        try desk.run(Self.first)
        #expect(try desk.refusal(Self.first + "1;2017-04-01;D\n") { $0.log = "2017" }.contains("leave out --log"))
    }

    @Test("an erased case is not asked for where its log comes again, but where another one comes")
    func erased() throws {
        let desk = try ImportDesk()
        try desk.run(Self.first)
        for details in try desk.casework.list() {
            try desk.casework.replica.write { try $0.erase(CaseworkSchema.Cases.collection, details.id) }
        }
        #expect(try desk.refusal(Self.other).contains("--log"))
    }

    private static let log = """
        datum;ärende;organisation;oro;uppringare
        2026-11-02;A1;Finns inte;religiös;anhörig
        2026-11-09;A1;;höger;extern
        2026-11-10;A2;;;

        """

    @Test("a case of which a row is refused waits as a whole, and comes whole when it is mended")
    func waits() throws {
        let desk = try ImportDesk()
        #expect(try desk.run(Self.log).cases == 1)
        #expect(desk.refusedLines == [2, 3])
        #expect(desk.bad[1].reason.contains("line 2"))
        let mended = desk.rejects.replacing("Finns inte", with: "")
        let report = try desk.run(mended)
        #expect(report.added == 2 && report.cases == 1)
        let details = try #require(try desk.casework.list().first { $0.caller != nil }?.reference)
        let shown = try desk.casework.show(details)
        #expect(shown.caller == "relative" && shown.concerns == [.religious])
        #expect(shown.contacts.map(\.kind) == ["opening", "repeat"])
        // The whole file, mended there, is the same.
        #expect(try desk.run(Self.log.replacing("Finns inte", with: "")).known == 3)
        #expect(try desk.run(mended).known == 2)
    }

    @Test("a case waits also for a later file that has only good rows of it")
    func waitsOverRuns() throws {
        let desk = try ImportDesk()
        try desk.run(Self.log)
        let mended = desk.rejects.replacing("Finns inte", with: "")
        let later = "datum;ärende\n2026-11-20;A1\n2026-11-21;A3\n"
        #expect(try desk.run(later).cases == 1)
        #expect(desk.refusedLines == [2] && desk.bad[0].reason.contains("earlier import"))
        #expect(try desk.run(mended).cases == 1)
        #expect(try desk.run(later) { $0.log = "main" }.added == 1)
        #expect(try desk.contacts().map(\.count) == [3, 1, 1])
    }

    @Test("rows that are left out for good are no longer waited for, when a person says so")
    func leftOut() throws {
        let desk = try ImportDesk()
        try desk.run(Self.log)
        let rest = "datum;ärende;uppringare\n2026-11-09;A1;extern\n"
        #expect(try desk.run(rest).bad == 1)
        #expect(try desk.run(rest) { $0.leavesOutWaitingRows = true }.cases == 1)
    }

    @Test(
        "whatever the reason is: date, text, too many cells, bytes, a quote, another opening",
        arguments: [
            "2017-02-30;A;;x", "2017-02-03;A;;Ring 070-174 06 05", "2017-02-03;Orolig; hotar;A;x",
            "2017-02-03;A;;\u{FFFD}",
            "2017-02-03;A;;\"x\"y", "2017-02-03;A;öppnande;x", "2017-02-03;A;hundra;x", "1989-12-31;A;;x",
        ])
    func anyReason(row: String) throws {
        let desk = try ImportDesk()
        let text = "datum;ärende;kontakt;anteckning\n2017-02-01;A;öppnande;x\n\(row)\n2017-02-04;A;;z\n2017-02-05;B;;\n"
        #expect(try desk.run(text).added == 1)
        #expect(desk.refusedLines == [2, 3, 4])
        #expect(desk.bad.allSatisfy { !$0.reason.contains("hotar") })
    }

    @Test("a known row of a case that waits stands with it in the file of refused rows")
    func knownRows() throws {
        let desk = try ImportDesk()
        try desk.run("datum;ärende\n2017-02-01;A\n")
        let report = try desk.run("datum;ärende\n2017-02-01;A\n2017-02-31;A\n2017-02-03;A\n")
        #expect(report.known == 1 && report.bad == 2)
        #expect(desk.bad.map(\.isKnown) == [true, false, false])
        #expect(try desk.run(desk.rejects.replacing("2017-02-31", with: "2017-02-28")).added == 2)
        #expect(try desk.contacts() == [["opening", "repeat", "repeat"]])
    }

    @Test("the earliest row opens a case, or the one that says so, in whatever order the file has them")
    func order() throws {
        let rows = [
            "2017-02-01 10:00;A;relative", "2017-02-01 11:00;A;external", "2017-02-07;A;", "2017-02-02;B;involved",
        ]
        for order in [[0, 1, 2, 3], [3, 2, 1, 0], [2, 0, 3, 1]] {
            let desk = try ImportDesk()
            let text = "date;case;caller\n" + order.map { rows[$0] + "\n" }.joined()
            #expect(try desk.run(text).cases == 2)
            let shown = try desk.casework.list().map { try desk.casework.show(#require($0.reference)) }
            #expect(Set(shown.map(\.caller)) == ["relative", "involved"])
            #expect(Set(shown.map { $0.contacts.map(\.kind) }) == [["opening", "repeat", "repeat"], ["opening"]])
            #expect(try desk.run(text).known == 4)
        }
    }

    @Test("a contact before the one that opens its case contradicts it, in one file and over two")
    func beforeOpening() throws {
        let desk = try ImportDesk()
        try desk.run("date;case;contact\n2017-02-01;A;\n2017-02-05;A;opening\n")
        #expect(desk.refusedLines == [2, 3])
        try desk.run("date;case\n2017-02-05;B\n")
        try desk.run("date;case\n2017-02-05;B\n2017-02-01;B\n")
        #expect(desk.refusedLines == [3])
    }

    @Test("a mended row that says what another one does is told of, and taken when it says which it is")
    func copies() throws {
        let desk = try ImportDesk()
        try desk.run("date,caller\n2017-02-01,relative\n2017-02-01,relatve\n")
        let mended = desk.rejects.replacing("relatve", with: "relative")
        let report = try desk.run(mended)
        #expect(report.known == 1 && report.knownMended == 1)
        let second = mended.replacing(",,2017", with: ",1,2017")
        #expect(try desk.run(second).added == 1)
        #expect(try desk.run(second).known == 1)
        #expect(try desk.run("date,caller\n2017-02-01,relative\n2017-02-01,relative\n").known == 2)
    }

    @Test("refused rows, mended in part, are refused in the same shape again")
    func rejectsOfRejects() throws {
        let desk = try ImportDesk()
        try desk.run("date;note;case\n2017-02-30;\"=1;\n-2\";A\n2017-02-31;x;B\n")
        let again = desk.rejects.replacing("2017-02-31", with: "2017-02-28")
        #expect(try desk.run(again).added == 1)
        #expect(desk.rejects.hasPrefix("line;refused because;copy;date;note;case\n2;"))
        try desk.run(desk.rejects.replacing("2017-02-30", with: "2017-02-27"))
        #expect(try desk.notes() == ["=1;\n-2", "x"])
    }

    @Test("more cells than the first line has are refused, empty ones are not, in the directory too")
    func cells() throws {
        let desk = try ImportDesk()
        #expect(try desk.run("datum;anteckning;;\n2017-02-03;Orolig; hotar med vapen\n2017-02-04;Bra;;;\n").added == 1)
        #expect(desk.refusedLines == [2] && desk.bad[0].reason.contains("3 cells"))
        #expect(try desk.runDirectory(Array("namn,erbjuder\nJouren,Råd, stöd\n".utf8)).bad == 1)
    }

    @Test("a note that looks like personal data is taken over, and its line told, once")
    func warned() throws {
        let desk = try ImportDesk()
        let text =
            "datum;anteckning\n2017-02-01;Lugn.\n2017-02-02;Bor på Storgatan 12.\n2017-02-03;Ring 070-174 06 05\n"
        #expect(try desk.run(text).warnedLines == [3])
        #expect(desk.refusedLines == [4])
        #expect(try desk.run(text).warnedLines.isEmpty)
    }

    @Test("at another desk the same log changes nothing, whoever sits there")
    func anotherDesk() throws {
        let line = try OneWayLine()
        let folder = TemporaryFolder()
        let (one, two) = (try line.desk(path: folder.file("1.db")), try line.desk(path: folder.file("2.db")))
        try line.join(one, name: "Desk 1")
        try line.join(two, name: "Desk 2")
        try ImportDesk(one).run(Self.first)
        try line.carry(from: one, to: two)
        let fingerprint = try two.replica.status().fingerprint
        #expect(try ImportDesk(two).run(Self.first).known == 2)
        #expect(try two.replica.status().fingerprint == fingerprint)
    }
}
