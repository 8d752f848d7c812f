import Replica
import TestSupport
import Testing

@testable import Casework

@Suite("Import of a case log")
struct ImportTests {
    let folder = TemporaryFolder()
    let casework: Casework
    let author: AuthorCode

    init() throws {
        casework = try Casework(path: folder.file("replica.db"))
        author = try AuthorCode("S9")
    }

    struct Outcome {
        var report: ImportReport
        var bad: [ImportBadRow]
        var rows: [ImportRowNotice]
    }

    @discardableResult
    private func run(_ bytes: [UInt8], dry: Bool = false, _ change: (inout ImportOptions) -> Void = { _ in }) throws
        -> Outcome
    {
        var iterator = bytes.makeIterator()
        var options = ImportOptions()
        options.isDryRun = dry
        change(&options)
        var bad: [ImportBadRow] = []
        var rows: [ImportRowNotice] = []
        var listeners = ImportListeners()
        listeners.onBadRow = { bad.append($0) }
        listeners.onRow = { rows.append($0) }
        let report = try CaseImport(casework, by: author, options).run(listeners: listeners) { iterator.next() }
        #expect(report.bad == bad.count)
        #expect(rows.count == report.added + report.known + report.bad)
        return Outcome(report: report, bad: bad, rows: rows)
    }

    @discardableResult
    private func run(
        _ text: String, dry: Bool = false, _ change: (inout ImportOptions) -> Void = { _ in }
    ) throws -> Outcome { try run(Array(text.utf8), dry: dry, change) }

    @Test("good rows are kept, bad ones named by line, and done twice nothing changes")
    func goodAndBad() throws {
        let text = [
            "\u{FEFF}\"datum\";uppringare;oro;ålder;anteckning;status",
            "2017-02-01;relative;religious+general;18-21;\"två rader;", "med \"\"citat\"\"\";closed",
            "2017-02-30;relative;general;;;", "2017-03-01;somebody;general;;;", "",
            "2017-03-02;external;leftWing;over25;;open", "",
        ].joined(separator: "\r\n")
        #expect(try run(text, dry: true).report.added == 2)
        #expect(try casework.list().isEmpty)
        let first = try run(text)
        #expect(first.report.added == 2)
        #expect(first.bad.map(\.line) == [4, 5])
        #expect(first.bad.allSatisfy { !$0.reason.contains("somebody") })
        let fingerprint = try casework.replica.status().fingerprint
        #expect(try run(text).report.known == 2)
        #expect(try casework.replica.status().fingerprint == fingerprint)
        let closed = try #require(try casework.list(status: .closed).first?.reference)
        let details = try casework.show(closed)
        #expect(details.notes.map(\.text) == ["två rader;\nmed \"citat\""])
        #expect(details.concerns == [.general, .religious])
        #expect(details.closingReason == nil)
        #expect(details.notes.map(\.by) == ["S9"])
    }

    @Test("a longer file, in another order and with another line ending, brings only what is new")
    func longer() throws {
        try run("date,caller,age\n2017-02-01,relative,17\n2017-02-02,external,30\n")
        let again = try run(
            "date,caller,age\r\n2017-01-31,involved,\r\n2017-02-02,external,30\r\n2017-02-01,relative,17\r\n")
        #expect(again.report.added == 1)
        #expect(again.report.known == 2)
    }

    @Test("rows that say the same are as many cases, each time")
    func equalRows() throws {
        let text = "date,caller\n2017-02-01,relative\n2017-02-01,relative\n2017-02-01,relative\n"
        #expect(try run(text).report.added == 3)
        #expect(try run(text).report.known == 3)
        #expect(try run(text + "2017-02-01,relative\n").report.added == 1)
    }

    @Test("what an import before joining brought is known after joining")
    func joiningBetween() throws {
        let text = "date\n2017-02-01\n"
        try run(text)
        try OneWayLine().join(casework, name: "Desk 1")
        #expect(try run(text).report.known == 1)
    }

    @Test("ids of a line's imports say nothing to who has not its key (I12)")
    func keyedIDs() throws {
        let text = "date,caller\n2017-02-01,relative\n"
        try run(text)
        let open = try #require(try casework.list().first).id
        let joined = try Casework(path: folder.file("joined.db"))
        try OneWayLine().join(joined, name: "Desk 1")
        var bytes = Array(text.utf8).makeIterator()
        _ = try CaseImport(joined, by: author).run { bytes.next() }
        #expect(try #require(try joined.list().first).id != open)
    }

    @Test("an erased case is not brought back")
    func erased() throws {
        let text = "date\n2017-02-01\n"
        try run(text)
        let id = try #require(try casework.list().first).id
        try casework.replica.write { try $0.erase(CaseworkSchema.Cases.collection, id) }
        #expect(try run(text).report.known == 1)
        #expect(try casework.list().isEmpty)
    }

    @Test("a row that is not UTF-8 is a bad row, a first line that is not is no file to import")
    func encoding() throws {
        // "datum;anteckning", and "å" as Windows-1252 has it.
        let header = Array("datum;anteckning\n".utf8)
        let outcome = try run(header + Array("2017-02-01;".utf8) + [0xE5, 0x0A] + Array("2017-02-02;bra\n".utf8)) {
            $0.encoding = .utf8
        }
        #expect(outcome.bad.map(\.line) == [2])
        #expect(outcome.report.added == 1)
        #expect {
            try run(Array("datum;".utf8) + [0xE5] + Array("lder\n2017-02-01;\n".utf8)) { $0.encoding = .utf8 }
        } throws: { ($0 as? CaseworkError)?.code == .badFile }
    }

    @Test("columns that have no place in a case are not taken over, and named")
    func leftOut() throws {
        let outcome = try run("datum;namn;telefonnummer;oro\n2017-02-01;N. N.;070-0000000;general\n")
        #expect(outcome.report.columnsLeftOut == ["namn", "telefonnummer"])
        #expect(outcome.report.added == 1)
    }

    @Test("who wrote it is a code: a name is a bad row, and does not get into the reason")
    func names() throws {
        let outcome = try run("date,by\n2017-02-01,Anna Andersson\n2017-02-02,s4\n")
        #expect(outcome.bad.map(\.line) == [2])
        #expect(outcome.bad.allSatisfy { !$0.reason.contains("Anna") })
        #expect(try casework.list().map(\.openedBy) == ["S4"])
    }

    @Test(
        "a quote that never ends, or not where its text does, is told with its line, and nothing is changed",
        arguments: [
            "date,note\n2017-02-01,a\n2017-02-02,\"b\n2017-02-03,c\n",
            "date,note\n2017-02-01,a\n2017-02-02,\"b\n2017-02-03,\"c\"\n2017-02-04,d\n",
        ])
    func openQuote(text: String) throws {
        #expect { try run(text) } throws: { error in
            let error = error as? CaseworkError
            return error?.code == .badFile && error?.message.contains("line 3") == true
        }
        #expect(try casework.list().isEmpty)
    }

    @Test(
        "a file without a date, or with two, is no case log", arguments: ["", "caller\nrelative\n", "date,datum\n,\n"])
    func noLog(text: String) {
        #expect { try run(text) } throws: { ($0 as? CaseworkError)?.code == .badFile }
    }

    @Test(
        "words are understood in Swedish and English, however they are written",
        arguments: [
            ("Right-wing", "rightWing"), ("högerextremism", "rightWing"), ("Religiöst profilerad", "religious"),
            ("general, left wing", "general leftWing"), ("allmän och vänster", "general leftWing"), ("okänt", ""),
        ])
    func concerns(cell: String, expected: String) throws {
        let found = try ImportWords.concerns(cell) ?? []
        #expect(Concern.allCases.filter { found.contains($0) }.map(\.rawValue).joined(separator: " ") == expected)
    }

    @Test(
        "ages are bands or years, and 21 is in the second band, 25 in the third",
        arguments: [
            ("17", AgeBand.under18), ("18", .from18To21), ("21 år", .from18To21), ("22", .from22To25),
            ("25", .from22To25), ("26", .over25), ("18–21", .from18To21), ("under 18", .under18), ("<18", .under18),
            ("0-17", .under18), ("över 25", .over25), ("over25", .over25), ("-", nil), ("okänd", nil),
        ])
    func ages(cell: String, expected: AgeBand?) throws { #expect(try ImportWords.age(cell) == expected) }

    @Test(
        "days, and times of day, are read; what is no date is not",
        arguments: [
            ("2017-02-01", true), ("2017-02-01 13:45", true), ("2017-02-01T13:45:10", true), ("2017-02-29", false),
            ("2017-02-01 24:00", false), ("2017-02-01 13:4x", false), ("1/2 2017", false), ("2017-02-01x", false),
            ("2017-02-01 kl. 13.45", true), ("2017-02-01 1:45 PM", true), ("2017-02-01 13:45 PM", false),
        ])
    func dates(text: String, isDate: Bool) {
        let date = ImportDate(text)
        #expect((date != nil) == isDate)
        guard let date else { return }
        #expect(date.noonMilliseconds == 1_485_950_400_000)
        if text.count > 10 {
            let local = LineTime.stockholm.local(date.moment)
            #expect(local.date == date.day)
            #expect(local.minute == 13 * 60 + 45)
        }
    }

    @Test("a thousand rows make a thousand cases with numbers of their own, in commits of a hundred")
    func many() throws {
        var text = "date,caller\n"
        for row in 0..<1_000 { text += "2017-02-\(row % 9 + 10),relative\n" }
        #expect(try run(text).report.added == 1_000)
        #expect(try casework.duplicates().isEmpty)
        #expect(try casework.replica.status().pending == 10)
    }
}

@Suite("Import of logs of all kinds")
struct ImportFormsTests {
    let folder = TemporaryFolder()
    let casework: Casework
    let author: AuthorCode

    init() throws {
        casework = try Casework(path: folder.file("replica.db"))
        author = try AuthorCode("S9")
    }

    private func run(
        _ bytes: [UInt8], _ change: (inout ImportOptions) throws -> Void = { _ in }
    ) throws -> (report: ImportReport, outcomes: [ImportRowOutcome], bad: [ImportBadRow]) {
        var iterator = bytes.makeIterator()
        var options = ImportOptions()
        try change(&options)
        var outcomes: [ImportRowOutcome] = []
        var bad: [ImportBadRow] = []
        var listeners = ImportListeners()
        listeners.onRow = { outcomes.append($0.outcome) }
        listeners.onBadRow = { bad.append($0) }
        let report = try CaseImport(casework, by: author, options).run(listeners: listeners) { iterator.next() }
        return (report, outcomes, bad)
    }

    private func run(
        _ text: String, _ change: (inout ImportOptions) throws -> Void = { _ in }
    ) throws -> (report: ImportReport, outcomes: [ImportRowOutcome], bad: [ImportBadRow]) {
        try run(Array(text.utf8), change)
    }

    private static let log = """
        ärende;kontakt;datum;kanal;oro;anteckning
        A1;öppnande;2017-02-01;telefon;allmän;Första samtalet.
        ;utan ärende;2017-02-02;telefon;;
        A1;upprepad;2017-02-03;utgående;religiös;
        A2;;2017-02-03;chatt;;
        A1;;2017-02-03;telefon;;Andra samtalet.

        """

    @Test("rows of one case are its contacts; the first says what it is, and another is told where it says otherwise")
    func keys() throws {
        let expected: [ImportRowOutcome] = [
            .newCase, .contactWithoutCase, .contact(differing: ["concern"]), .newCase, .contact(differing: []),
        ]
        #expect(try run(Self.log) { $0.isDryRun = true }.outcomes.count == 5)
        #expect(try casework.list().isEmpty)
        let first = try run(Self.log)
        #expect(first.outcomes == expected)
        #expect(first.report.cases == 2 && first.report.differing == 1)
        let details = try #require(try casework.list().first { $0.concerns == [.general] }?.reference)
        let shown = try casework.show(details)
        #expect(shown.contacts.map(\.kind) == ["opening", "repeat", "repeat"])
        #expect(Set(shown.contacts.map(\.channel)) == ["phone", "outbound"])
        #expect(shown.notes.map(\.text) == ["Första samtalet.", "Andra samtalet."])
        #expect(try run(Self.log).report.known == 5)
        // Another order, and one row more.
        let lines = Self.log.split(separator: "\n").map(String.init)
        let longer = ([lines[0]] + lines.dropFirst().reversed() + ["A1;;2017-02-09;telefon;;"]).joined(separator: "\n")
        let again = try run(longer)
        #expect(again.report.added == 1 && again.report.known == 5)
        #expect(try casework.list().count == 2)
    }

    @Test("a row whose case was refused is refused too, until both are right")
    func refusedCase() throws {
        let text =
            "case,contact,date,age\nA,,2017-02-01,\nB,,2017-02-01,hundred\nB,,2017-02-02,\nC,repeat,2017-02-03,\n"
        let first = try run(text)
        #expect(first.report.added == 1)
        #expect(first.bad.map(\.line) == [3, 4, 5])
        let again = try run(text.replacing("hundred", with: "over25"))
        #expect(again.report.added == 2 && again.report.known == 1)
        #expect(again.bad.map(\.line) == [5])
        #expect(try casework.list().count == 2)
    }

    @Test("rows of an erased case stay away")
    func erased() throws {
        _ = try run(Self.log)
        let id = try #require(try casework.list().first { $0.concerns == [.general] }).id
        try casework.replica.write { try $0.erase(CaseworkSchema.Cases.collection, id) }
        #expect(try run(Self.log).report.known == 5)
        #expect(try casework.list().count == 1)
    }

    @Test("tabs separate too, and line breaks in quotes stay")
    func tabs() throws {
        #expect(try run("date\tnote\n2017-02-01\t\"a, b; c\nd\"\n").report.added == 1)
        let shown = try casework.show(#require(try casework.list().first?.reference))
        #expect(shown.notes.map(\.text) == ["a, b; c\nd"])
    }

    @Test("a mapping gives columns and words a meaning, and leaves columns out")
    func mapping() throws {
        let mapping = try ImportMapping(
            parsing: """
                \u{FEFF}# Theirs = ours
                Samtalsdag = datum
                Typ av oro = concern
                Anteckning = -
                concern: våldsbejakande islamism = religious
                oro: VMR-miljö=högerextremism

                """)
        let text = "Samtalsdag;Typ av oro;Anteckning\n2017-02-01;Våldsbejakande islamism;x\n2017-02-02;vmr miljö;y\n"
        let outcome = try run(text) { $0.mapping = mapping }
        #expect(outcome.report.added == 2)
        #expect(outcome.report.columnsLeftOut == ["Anteckning"])
        #expect(Set(try casework.list().map(\.concerns)) == [[.religious], [.rightWing]])
        #expect(throws: CaseworkError.self) { try ImportMapping(parsing: "datum") }
        #expect(throws: CaseworkError.self) {
            try run(text) { $0.mapping = try ImportMapping(parsing: "Samtalsdag = telephone number") }
        }
    }

    @Test(
        "a note that points to a person is refused, kinds and places are told, and the row is kept for the file of bad rows"
    )
    func personalData() throws {
        let outcome = try run("datum;anteckning\n2017-02-01;\"Ring 070-174 06 05; \"\"snart\"\"\"\n2017-02-02;Bra.\n")
        #expect(outcome.report.added == 1)
        let bad = try #require(outcome.bad.first)
        #expect(bad.reason.contains("phone@6"))
        #expect(!bad.reason.contains("174"))
        #expect(String(decoding: bad.header, as: UTF8.self) == "line;refused because;copy;datum;anteckning")
        let line = String(decoding: bad.bytes, as: UTF8.self)
        #expect(line.hasPrefix("2;the text has") || line.hasPrefix("2;\"the text has"))
        #expect(line.hasSuffix(";;2017-02-01;\"Ring 070-174 06 05; \"\"snart\"\"\""))
        // Corrected there, the file of bad rows can be imported.
        let corrected = bad.header + [0x0A] + bad.bytes
        let text = String(decoding: corrected, as: UTF8.self).replacing("070-174 06 05", with: "imorgon")
        #expect(try run(text).report.added == 1)
    }

    @Test("long notes are saved in commits that the server takes")
    func longNotes() throws {
        let note = String(repeating: "lugn ", count: 12_000)
        let text = "datum;anteckning\n" + (1...90).map { "2017-02-0\($0 % 9 + 1);\($0) \(note)\n" }.joined()
        #expect(try run(text).report.added == 90)
    }

    @Test(
        "a contact without a case has nothing that belongs to one",
        arguments: ["note", "caller", "case", "closed", "follow-up", "outcome"])
    func withoutCase(column: String) throws {
        let values = ["note": "x", "caller": "relative", "case": "A", "closed": "2017-03-01", "outcome": "declined"]
        let outcome = try run("date,contact,\(column)\n2017-02-01,without case,\(values[column] ?? "2017-02-10")\n")
        #expect(outcome.bad.count == 1)
    }

    @Test("a list of contacts becomes the directory, and twice changes nothing")
    func directory() throws {
        let text = """
            Namn;Typ;Kommun;Telefon;E-post;Kontaktperson;Källa;Verifierad;Erbjuder
            Stödgruppen;civilsamhälle;Exempelstad;08-465 004 01;a@example.org;N. N.;tips;2017-01-15;Ring 08-465 004 01
            Stödgruppen;civilsamhälle;Exempelstad;08-465 004 02;;;;;
            Utan slag;okänd sort;;;;;;;
            ;kommun;;;;;;;
            Annat;kommun;;;;;;;Ring 070-174 06 05

            """
        func importDirectory() throws -> ImportReport {
            var bytes = Array(text.utf8).makeIterator()
            return try DirectoryImport(casework, by: author).run { bytes.next() }
        }
        let first = try importDirectory()
        #expect(first.added == 2 && first.bad == 3)
        let entries = try casework.replica.read { try $0.records(CaseworkSchema.Directory.collection) }
        #expect(entries.map { $0[CaseworkSchema.Directory.kind] } == ["civilSociety", "civilSociety"])
        let verified = try casework.replica.read { try $0.records(CaseworkSchema.Verifications.collection) }
        #expect(verified.map { $0[CaseworkSchema.Verifications.on]?.description } == ["2017-01-15"])
        #expect(try importDirectory().known == 2)
    }

    @Test("a referral finds its organisation, with the day on which it had been verified")
    func referral() throws {
        var bytes = Array("name,verified\nExempel,2017-01-15\nTvå\n,\n".utf8).makeIterator()
        _ = try DirectoryImport(casework, by: author).run { bytes.next() }
        let outcome = try run(
            "date,organisation,referral,outcome\n2017-02-01,Exempel,tips,fick stöd\n2017-02-01,Okänd,tips,\n2017-02-02,,,ingen att hänvisa till\n"
        )
        #expect(outcome.bad.map(\.line) == [3])
        let referrals = try casework.replica.read {
            try $0.records(CaseworkSchema.Referrals.collection, where: "1 ORDER BY at")
        }
        typealias Referrals = CaseworkSchema.Referrals
        #expect(referrals.map { $0[Referrals.outcome] } == ["supportReceived", "nobodyToReferTo"])
        #expect(referrals.map { $0[Referrals.verifiedOn]?.description } == ["2017-01-15", nil])
        #expect(referrals[0][Referrals.entry] != nil && referrals[1][Referrals.entry] == nil)
    }
}
