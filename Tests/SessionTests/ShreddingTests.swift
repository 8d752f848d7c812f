import ChangeLog
import Merge
import Replica
import Support
import TestSupport
import Testing

@testable import Casework

/// Shredding and erasing on two desks and a real server: what is gone is in no file.
@Suite("Shredding, with a real server")
struct ShreddingTests {
    let line: TestLine
    let author: AuthorCode

    init() async throws {
        line = try await TestLine()
        author = try AuthorCode("S3")
    }

    /// A workstation with casework on it.
    private func desk() async throws -> (desk: Desk, casework: Casework) {
        let desk = try await line.desk(schema: CaseworkSchema.schema)
        let clock = line.clock
        return (desk, Casework(desk.replica, wallMilliseconds: { clock.now }))
    }

    private func filesHolding(_ marker: String, _ desks: Desk...) throws -> [String] {
        try desks.map(\.path).filter { try fileContains($0, marker) }
            + (line.site.contains(Array(marker.utf8)) ? ["the server's store"] : [])
    }

    @Test("shredded text is in no file of either desk or the server, and the classification is at both (I5)")
    func shred() async throws {
        let (one, first) = try await desk()
        let (two, second) = try await desk()
        let number = try first.newCase(
            CaseFields(caller: .relative), contact: ContactFields(summary: "MARKER-summary"), note: "MARKER-note",
            by: author)
        try first.addPromise(number, "MARKER-promise", due: first.currentDay(), by: author)
        try await one.sync()
        try await two.sync()
        #expect(try second.show(number).notes.count == 3)
        #expect(try filesHolding("MARKER", one, two).count == 2, "the server has it in clear, or a desk has it not")
        line.clock.advance(by: 1_000)
        try second.shred(number, by: author)
        try await two.sync()
        try await one.sync()
        for casework in [first, second] {
            let shown = try casework.show(number)
            #expect(shown.notes.isEmpty && shown.shreddedAt != nil)
            #expect(shown.caller == "relative" && shown.contacts.count == 1 && shown.promises.count == 1)
        }
        #expect(try filesHolding("MARKER", one, two) == [])
    }

    @Test("text that a desk wrote offline, not knowing of the shredding, is gone from every file in the end (I5)")
    func lateText() async throws {
        let (one, first) = try await desk()
        let (two, second) = try await desk()
        let number = try first.newCase(CaseFields(), by: author, note: "MARKER-old")
        try await one.sync()
        try await two.sync()
        try first.addNote(number, "MARKER-late", by: author)
        line.clock.advance(by: 1_000)
        try second.shred(number, by: author)
        try await two.sync()
        // The late one sends its note and hears of the shredding; the next one receives the note.
        try await one.sync()
        #expect(try first.show(number).notes.map(\.text) == ["MARKER-late"])
        try await two.sync()
        #expect(try second.sweepShredded() == 1)
        #expect(try first.sweepShredded() == 1, "any desk does it, both may")
        try await two.sync()
        try await one.sync()
        try await two.sync()
        #expect(try filesHolding("MARKER", one, two) == [])
        #expect(try first.show(number).notes.isEmpty)
        #expect(try first.replica.status().fingerprint == second.replica.status().fingerprint)
        #expect(try first.replica.status().isVerified == true)
    }

    @Test("an erased case is gone from every file, with what a desk wrote to it offline (I5)")
    func erase() async throws {
        let (one, first) = try await desk()
        let (two, second) = try await desk()
        let number = try first.newCase(CaseFields(), by: author, note: "MARKER-case")
        try await one.sync()
        try await two.sync()
        try second.addNote(number, "MARKER-late", by: author)
        try second.addFollowUp(number, by: author)
        try second.addUnansweredAttempt(number, by: author)
        try first.erase(number)
        try await one.sync()
        try await two.sync()
        try await one.sync()
        for casework in [first, second] {
            #expect(try casework.list().isEmpty)
            #expect(try casework.plannedFollowUps().isEmpty)
        }
        #expect(try filesHolding("MARKER", one, two) == [])
        #expect(try first.replica.status().fingerprint == second.replica.status().fingerprint)
    }

    @Test("both desks apply the rule of retention to the same cases at once, and agree (I3, I5)")
    func rule() async throws {
        let (one, first) = try await desk()
        let (two, second) = try await desk()
        for index in 0..<60 {
            let number = try first.newCase(CaseFields(caller: .external), by: author, note: "MARKER-\(index)")
            try first.close(number, .finished, by: author)
        }
        try await one.sync()
        try await two.sync()
        line.clock.advance(by: 3 * 366 * 86_400_000)
        #expect(throws: CaseworkError.self) { try first.applyRetention(by: author) }
        // Somebody works, and the server is heard.
        _ = try first.newCase(CaseFields(caller: .external), by: author)
        try await one.sync()
        try await two.sync()
        #expect(try first.applyRetention(by: author) == (60, 0))
        #expect(try second.applyRetention(by: author) == (60, 0))
        try await one.sync()
        try await two.sync()
        try await one.sync()
        #expect(try filesHolding("MARKER", one, two) == [])
        #expect(try first.list().allSatisfy { $0.caller == "external" })
        #expect(try first.replica.status().fingerprint == second.replica.status().fingerprint)
        #expect(try second.conflicts().isEmpty)
    }
}
