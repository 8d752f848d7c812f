import JSON
import Merge
import Replica
import SQLite
import SyncProtocol
import TestSupport
import Testing

@testable import Casework

@Suite("Export of everything")
struct ExportTests {
    let folder = TemporaryFolder()
    let casework: Casework
    let author: AuthorCode

    init() throws {
        casework = try Casework(path: folder.file("replica.db"))
        author = try AuthorCode("S3")
    }

    private static func json(_ casework: Casework) throws -> String {
        var text = ""
        let report = try casework.exportJSON { text += $0 }
        let document = try JSONValue(parsing: text)
        let counts = CaseworkSchema.schema.collections.map { document["collections"]?[$0.name]?.array?.count ?? -1 }
        #expect(report.records == counts.reduce(0, +))
        return text
    }

    private static func importJSON(
        _ text: String, into casework: Casework, by author: AuthorCode
    ) throws -> (report: JSONImportReport, bad: [JSONImport.BadRecord]) {
        var bytes = Array(text.utf8).makeIterator()
        var bad: [JSONImport.BadRecord] = []
        var job = try JSONImport(casework, by: author)
        let report = try job.run(next: { bytes.next() }, onBadRecord: { bad.append($0) })
        #expect(report.bad == bad.count)
        return (report, bad)
    }

    /// Some of everything, with what is awkward to write down.
    private func fill() throws {
        var log = Array(
            """
            date,case,contact,channel,caller,concern,note,report of concern,referral,follow-up,closed,reason,child
            2017-02-01 10:00,A,,phone,relative,religious+general,"=1+1; ""quoted""
            second line 😀",2017-02-02,tips,2017-02-10,2017-03-01,finished,yes
            2017-02-10 11:30,A,,outbound,,,@ two,,,,,,
            2017-02-11,,without case,chat,,,,,,,,,

            """.utf8
        ).makeIterator()
        #expect(try CaseImport(casework, by: author).run { log.next() }.added == 3)
        var directory = Array("name,phone,verified\nExempel,+46 8 465 004 01,2017-01-01\n".utf8).makeIterator()
        #expect(try DirectoryImport(casework, by: author).run { directory.next() }.added == 1)
        try casework.replica.write { tx in
            // Every field of every collection, and a record of which everything was cleared.
            let parents = Dictionary(
                uniqueKeysWithValues: try CaseworkSchema.schema.collections.map { collection in
                    (
                        collection.number,
                        try tx.snapshot.query("SELECT max(id) FROM \(collection.name)") { $0.halves(0) }.first ?? nil
                    )
                })
            for (place, collection) in CaseworkSchema.schema.collections.enumerated() {
                let above = collection.parent.flatMap { parents[$0] ?? nil }
                let parent = above.map { RecordID(high: $0.high, low: $0.low) }
                let fill: (inout RowWriter) -> Void = { row in
                    for field in collection.fields { row.set(field, Self.value(field, place)) }
                }
                let id = RecordID(high: 0x1000, low: UInt64(place))
                switch collection.kind {
                case .records: try tx.insert(collection, id: id, parent: parent, fill)
                case .notes: try tx.add(collection, id: id, parent: parent, fill)
                }
            }
            try tx.insert(CaseworkSchema.Cases.collection) { $0[CaseworkSchema.Cases.caller] = nil }
        }
    }

    private static func value(_ field: FieldDefinition, _ place: Int) -> Value {
        switch field.type {
        case .text: .text(field.name.hasSuffix("_by") || field.name == "by_code" ? "S\(place)" : "\u{1}\"\\\u{2028}å")
        case .date: .text("2017-02-0\(place % 9 + 1)")
        case .timestamp: .integer([0, -1, 1_485_907_200_123, 253_402_300_800_000, .min][place % 5])
        case .boolean: .integer(Int64(place % 2))
        case .reference: .reference(RecordID(high: 1, low: 2))
        default: .integer(.max)
        }
    }

    @Test("an export, imported on an empty line, gives the same export again, byte for byte; twice changes nothing")
    func roundTrip() throws {
        try fill()
        let text = try Self.json(casework)
        let other = try Casework(path: folder.file("other.db"))
        let first = try Self.importJSON(text, into: other, by: author)
        #expect(first.bad.isEmpty)
        #expect(try Self.json(other) == text)
        let fingerprint = try other.replica.status().fingerprint
        let second = try Self.importJSON(text, into: other, by: author)
        #expect(second.report.added == 0)
        #expect(second.report.known == first.report.added)
        #expect(try other.replica.status().fingerprint == fingerprint)
        let period = try StatisticsPeriod(
            from: #require(CalendarDate("2017-01-01")), through: #require(CalendarDate("2017-12-31")))
        var (here, there) = (try casework.statistics(period), try other.statistics(period))
        there.desks = here.desks
        there.generatedAt = here.generatedAt
        here.lineName = there.lineName
        #expect(here == there)
    }

    @Test("what was erased is not brought back, nor what belongs to it")
    func erased() throws {
        try fill()
        let text = try Self.json(casework)
        let erased = try #require(try casework.list().first { $0.caller == "relative" }?.id)
        try casework.replica.write { try $0.erase(CaseworkSchema.Cases.collection, erased) }
        let after = try Self.json(casework)
        let again = try Self.importJSON(text, into: casework, by: author)
        #expect(again.report.added == 0)
        #expect(again.bad.isEmpty)
        #expect(try Self.json(casework) == after)
    }

    private static func document(_ collections: String, schema: UInt64 = CaseworkSchema.schema.version) -> String {
        "{\"format\":\"lugn-export\",\"version\":1,\"schema\":\(schema),\"collections\":{\(collections)}}"
    }

    @Test(
        "a record that cannot be is refused with its reason, and the others are kept",
        arguments: [
            "{\"status\":\"open\"}", "{\"id\":\"x\"}", "{\"id\":7}", "[]",
            "{\"id\":\"0192f0c1-7a3b-7c4d-8e5f-0123456789ab\",\"opened_by\":\"Anna Andersson\"}",
            "{\"id\":\"0192f0c1-7a3b-7c4d-8e5f-0123456789ab\",\"opened_at\":\"2017-02-30T00:00:00.000Z\"}",
            "{\"id\":\"0192f0c1-7a3b-7c4d-8e5f-0123456789ab\",\"name\":\"Anna\"}",
        ])
    func badRecords(record: String) throws {
        let good = "{\"id\":\"0192f0c1-7a3b-7c4d-8e5f-000000000001\",\"status\":\"open\"}"
        let (report, bad) = try Self.importJSON(
            Self.document("\"cases\":[\(good) , \(record)]"), into: casework, by: author)
        #expect(report.added == 1)
        #expect(bad.map(\.number) == [2])
        #expect(bad.allSatisfy { !Words(.english)($0.reason).contains("Anna") })
    }

    @Test("a record whose parent is nowhere is refused")
    func orphan() throws {
        let record =
            "{\"id\":\"0192f0c1-7a3b-7c4d-8e5f-000000000001\",\"parent\":\"0192f0c1-7a3b-7c4d-8e5f-000000000002\"}"
        let (report, bad) = try Self.importJSON(Self.document("\"notes\":[\(record)]"), into: casework, by: author)
        #expect(report.added == 0)
        #expect(bad.count == 1)
    }

    @Test(
        "what is no export, or a part of one, or a newer one, is no file to import",
        arguments: [
            "", "{}", "[]", "{\"format\":\"other\",\"version\":1,\"schema\":1,\"collections\":{}}",
            "{\"format\":\"lugn-export\",\"version\":2,\"schema\":1,\"collections\":{}}",
            "{\"format\":\"lugn-export\",\"version\":1,\"schema\":1,\"collections\":{\"cases\":[",
            "{\"format\":\"lugn-export\",\"version\":1,\"schema\":1,\"collections\":{\"people\":[]}}",
            "{\"format\":\"lugn-export\",\"version\":1,\"schema\":1,\"collections\":{}} x",
            "{\"format\":\"lugn-export\",\"format\":\"lugn-export\",\"schema\":1,\"collections\":{}}",
            "{\"format\":\"lugn-export\",\"version\":1,\"format\":\"lugn-export\",\"collections\":{}}",
        ])
    func noExport(text: String) {
        #expect { try Self.importJSON(text, into: casework, by: author) } throws: {
            ($0 as? CaseworkError)?.code == .badFile
        }
    }

    @Test("of a file that breaks off, each record that stands whole before the fault is kept")
    func brokenOff() throws {
        let whole = "{\"id\":\"0192f0c1-7a3b-7c4d-8e5f-000000000001\"}"
        let text = String(Self.document("\"cases\":[\(whole),{\"id\":\"x\"},{\"id\":\"0192").dropLast(2))
        #expect { try Self.importJSON(text, into: casework, by: author) } throws: {
            ($0 as? CaseworkError)?.code == .badFile
        }
        #expect(try casework.list().count == 1)
    }

    @Test("moments at both ends of the calendar, and beyond them, are the same after an export and an import")
    func moments() throws {
        let ends: [Int64] = [-62_135_596_800_000, 253_402_300_800_000]
        let moments = ends.flatMap { [$0 - 1, $0] } + [-62_167_219_200_000, .min, .max]
        let records = moments.enumerated().map { index, moment in
            "{\"id\":\"0192f0c1-7a3b-7c4d-8e5f-00000000000\(index)\",\"opened_at\":\(moment)}"
        }
        let document = Self.document("\"cases\":[\(records.joined(separator: ","))]")
        #expect(try Self.importJSON(document, into: casework, by: author).report.added == moments.count)
        let text = try Self.json(casework)
        let other = try Casework(path: folder.file("other.db"))
        let again = try Self.importJSON(text, into: other, by: author)
        #expect(again.bad.isEmpty)
        #expect(try Self.json(other) == text)
    }

    @Test("a record too long for a replica is refused, however it comes to that, and the others are kept")
    func tooLong() throws {
        var limits = Limits()
        limits.valueBytes = 1_000
        limits.commitBytes = 4_000
        let small = Casework(
            try Replica(path: folder.file("small.db"), schema: CaseworkSchema.schema, limits: limits))
        func entry(_ digit: Int, _ lengths: Int...) -> String {
            let texts = zip(["name", "municipality", "offers"], lengths).map {
                ",\"\($0)\":\"\(String(repeating: "x", count: $1))\""
            }
            return "{\"id\":\"0192f0c1-7a3b-7c4d-8e5f-00000000000\(digit)\"\(texts.joined())}"
        }
        let records = [
            entry(1, 900), entry(2, 1_001), entry(3, 900, 900, 900), entry(4, 1_000), entry(5, 900),
            entry(6, 900, 1_000),
        ]
        let (report, bad) = try Self.importJSON(
            Self.document("\"directory\":[\(records.joined(separator: ","))]"), into: small, by: author)
        #expect(report.added == 4)
        #expect(bad.map(\.number) == [2, 3])
    }

    @Test("a contact of an impossible length is in an export, and not in a report's sum of minutes")
    func minutes() throws {
        let lengths: [Int64] = [.max, .max, .min, -1, 1_441, 1_440, 5]
        let records = lengths.enumerated().map { index, minutes in
            "{\"id\":\"0192f0c1-7a3b-7c4d-8e5f-00000000000\(index)\",\"at\":1485907200000,\"minutes\":\(minutes)}"
        }
        let document = Self.document("\"contacts\":[\(records.joined(separator: ","))]")
        #expect(try Self.importJSON(document, into: casework, by: author).report.added == lengths.count)
        #expect(try casework.internalReport(Month(parsing: "2017-02")).calls["minutes"].count == 1_445)
    }

    @Test("a newer schema's export is refused before anything is changed")
    func newer() throws {
        let text = Self.document("", schema: CaseworkSchema.schema.version + 1)
        #expect(throws: CaseworkError.self) { try Self.importJSON(text, into: casework, by: author) }
        #expect(try Self.importJSON(Self.document(""), into: casework, by: author).report.added == 0)
    }

    @Test("as CSV: a table for each collection, the case's number beside what belongs to it, and no formulas")
    func csv() throws {
        try fill()
        var files: [String: String] = [:]
        let report = try casework.exportCSV { files[$0, default: ""] += $1 }
        #expect(Set(files.keys) == Set(CaseworkSchema.schema.collections.map(\.name)))
        var records = 0
        for (name, text) in files {
            var bytes = Array(text.utf8).makeIterator()
            var reader = CSVReader { bytes.next() }
            let header = try #require(try reader.record())
            while let cells = try reader.record() {
                #expect(cells.fields.count == header.fields.count, "\(name)")
                #expect(cells.fields.allSatisfy { !"=+-@\t\r".utf8.contains($0.first ?? 0x78) })
                records += 1
            }
        }
        #expect(records == report.records)
        let number = try #require(try casework.list().first { $0.caller == "relative" }?.reference?.number.digits)
        let notes = try #require(files["notes"])
        #expect(notes.contains(",\(number),\"'=1+1; \"\"quoted\"\"\nsecond line 😀\""))
        #expect(notes.contains(",'@ two,"))
        #expect(files["directory"]?.contains(",'+46 8 465 004 01,") == true)
    }

    @Test(
        "the guard against formulas comes off again",
        arguments: [
            "=1", "+46", "-", "@a", "'=1", "'", "''+", "a=1", "", "\t", "'a", "a;=1", "a\n=1", "a,'=1", "a;\"=1",
            "a;;=1",
            "a;'\"-1", "\u{FF1D}1", "500,-", "a\r@x", "\t\t=", "lugn, - sa han",
        ])
    func formulas(text: String) {
        let guarded = CSVGuard.guarded(text)
        #expect(CSVGuard.unguarded(guarded) == text)
        // Wherever a spreadsheet may cut, and with or without the quotes.
        for cell in guarded.unicodeScalars.split(
            omittingEmptySubsequences: false, whereSeparator: { ",;\t\n\r|".unicodeScalars.contains($0) })
        {
            let first = cell.first { $0 != "\"" }
            #expect(first.map { !"=+-@\u{FF1D}\u{FF0B}\u{FF0D}\u{FF20}".unicodeScalars.contains($0) } ?? true)
        }
        #expect(text != "lugn, - sa han" || guarded == text)
    }

    @Test("a text that may point to a person is taken over from an export, and counted unless it is marked")
    func flagged() throws {
        let parent = "{\"id\":\"0192f0c1-7a3b-7c4d-8e5f-000000000001\"}"
        func note(_ digit: Int, _ rest: String) -> String {
            "{\"id\":\"0192f0c1-7a3b-7c4d-8e5f-00000000001\(digit)\",\"parent\":\"0192f0c1-7a3b-7c4d-8e5f-000000000001\",\"text\":\"Ring 070-174 06 05\"\(rest)}"
        }
        let mark = ",\"exemptions\":\"phone@6 2017-02-01 S3\""
        let (report, _) = try Self.importJSON(
            Self.document("\"cases\":[\(parent)],\"notes\":[\(note(1, "")),\(note(2, mark))]"), into: casework,
            by: author)
        #expect(report.added == 3)
        #expect(report.flagged == 1)
    }
}
