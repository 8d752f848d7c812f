import Casework
import Foundation
import Merge
import Replica
import Sealing
import Testing

@Suite("Casework")
final class CaseworkTests {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("lugn-casework-\(UUID()).db").path
    let author: AuthorCode

    init() throws { author = try AuthorCode("S3") }

    deinit {
        for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + suffix) }
    }

    @Test("a case goes through its chapters, offline from the first call on (I13)")
    func chapters() throws {
        let casework = try Casework(path: path)
        let reference = try casework.newCase(
            CaseFields(
                caller: .relative, concerns: [.religious, .general], age: .under18, language: LanguageTag("sv")),
            channel: .chat, by: author)
        try casework.addNote(reference, "Talked for an hour.", by: author)
        try casework.edit(reference, CaseFields(concerns: [.religious], age: .from18To21))
        try casework.close(reference, .finished, by: author)
        #expect(throws: CaseworkError.self) { try casework.close(reference, .finished, by: author) }
        try casework.reopen(reference, by: author)
        let shown = try Casework(path: path).show(reference)
        #expect(shown.status == "open")
        #expect(shown.concerns == [.religious])
        #expect(shown.age == "18-21")
        #expect(shown.notes.map(\.text) == ["Talked for an hour."])
        #expect(shown.contacts.map(\.channel) == ["chat"])
        #expect(try casework.list(status: .closed).isEmpty)
        #expect(try casework.list().count == 1)
    }

    @Test("numbers are unique, and an unknown or mistyped one never gives another case (I6)")
    func numbers() throws {
        let casework = try Casework(path: path)
        let references = try (0..<200).map { _ in try casework.newCase(CaseFields(), by: author) }
        #expect(Set(references).count == 200)
        #expect(try casework.duplicates().isEmpty)
        let digits = references[0].number.digits
        let wrong = String(digits.dropLast()) + (digits.hasSuffix("0") ? "1" : "0")
        #expect { try CaseReference(parsing: wrong) } throws: { ($0 as? CaseworkError)?.code == .mistypedNumber }
    }

    @Test("a note that is empty or too long is refused, and nothing is saved")
    func notes() throws {
        let casework = try Casework(path: path)
        let reference = try casework.newCase(CaseFields(), by: author)
        for text in ["", " \n", String(repeating: "x", count: Casework.noteBytes + 1)] {
            #expect(throws: CaseworkError.self) { try casework.addNote(reference, text, by: author) }
        }
        #expect(try casework.show(reference).notes.isEmpty)
    }

    @Test("an import keeps good rows, names bad ones, and done twice changes nothing")
    func importing() throws {
        let casework = try Casework(path: path)
        let text = [
            "\u{FEFF}datum;uppringare;oro;ålder;anteckning;status",
            "2017-02-01;relative;religious+general;18-21;\"två rader;", "med \"\"citat\"\"\";closed",
            "2017-02-30;relative;general;;;", "2017-03-01;somebody;general;;;", "",
            "2017-03-02;external;leftWing;over25;;open", "",
        ].joined(separator: "\n")
        func run(dry: Bool = false) throws -> CaseImport.Report {
            var bytes = Array(text.utf8).makeIterator()
            return try CaseImport(casework, by: author, isDryRun: dry).run { bytes.next() }
        }
        #expect(try run(dry: true).added == 2)
        #expect(try casework.list().isEmpty)
        let report = try run()
        #expect(report.added == 2)
        #expect(report.bad.map(\.line) == [4, 5])
        let fingerprint = try casework.replica.status().fingerprint
        #expect(try run().known == 2)
        #expect(try casework.replica.status().fingerprint == fingerprint)
        let closed = try #require(try casework.list(status: .closed).first)
        let details = try casework.show(closed.reference)
        #expect(details.notes.map(\.text) == ["två rader;\nmed \"citat\""])
        #expect(details.concerns == [.general, .religious])
    }
}
