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

    @Test("an edit writes what is given, clears what is named, and reaches the opening contact")
    func editing() throws {
        let casework = try Casework(path: path)
        let reference = try casework.newCase(
            CaseFields(caller: .relative, concerns: [.leftWing], language: LanguageTag("sv")), by: author)
        var changes = CaseFields(language: try LanguageTag("ar"))
        changes.cleared = [.caller, .concern]
        try casework.edit(reference, changes, channel: .chat)
        let shown = try casework.show(reference)
        #expect(shown.caller == nil)
        #expect(shown.concerns.isEmpty)
        #expect(shown.contacts.map(\.channel) == ["chat"])
        #expect(shown.contacts.map(\.language) == ["ar"])
        #expect { try casework.edit(reference, CaseFields()) } throws: { ($0 as? CaseworkError)?.code == .badValue }
    }

    @Test(
        "nothing that could be a name is taken as who wrote it",
        arguments: ["Anna", "", "S", "3", "S3 ", "ABCD1", "Ö1"])
    func authors(text: String) {
        #expect { try AuthorCode(text) } throws: { ($0 as? CaseworkError)?.code == .badValue }
    }
}
