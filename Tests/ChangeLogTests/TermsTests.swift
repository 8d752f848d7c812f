import ChangeLog
import Merge
import SyncProtocol
import TestSupport
import Testing
import Trust

/// What an operator sets for a line, and what becomes of requests then.
@Suite struct TermsTests {
    @Test(
        "a program that is older than the line serves, or says nothing, gets nothing taken; how it stands is noted",
        arguments: [
            ("0.1.9", false), ("", false), ("next", false), ("0.2", false), ("0.10.0", true), ("0.2.0", true),
            ("1.0.0", true), ("0.1.99", false),
        ])
    func minimum(_ program: String, _ isServed: Bool) async throws {
        let store = try await TestStore()
        var desk = try await store.writer(1)
        try desk.commit([put(1, 0)])
        let minimum = try #require(ProgramVersion("0.2.0"))
        try await store.perform(.minimumProgram(store.line, minimum))
        var request = desk.request()
        request.condition.program = program
        request.leases.wanted = 1
        let acceptance = try await store.accept(request, from: desk)
        #expect(acceptance.refusal == (isServed ? nil : .tooOld(minimum: minimum)))
        #expect(acceptance.heldNumber == (isServed ? 1 : 0) && acceptance.leases.count == (isServed ? 1 : 0))
        #expect(try await store.summary().head == (isServed ? 1 : 0))
        let seen = try #require(try await store.log.replicas(of: store.line).first)
        #expect(seen.condition.program == program && seen.lastSeen == store.now && seen.pending == 1)
        try await store.perform(.minimumProgram(store.line, nil))
        let later = try await store.accept(request, from: desk)
        #expect(later.refusal == nil && later.heldNumber == 1)
    }

    @Test("a line that holds its quota takes erasures and what it has, nothing else; nothing of it is lost")
    func quota() async throws {
        let store = try await TestStore()
        var desk = try await store.writer(1)
        try await store.perform(.quota(store.line, bytes: 20))
        try desk.commit([put(1, 0, sealed: [UInt8](repeating: 1, count: 15))])
        try desk.commit([put(2, 0, sealed: [UInt8](repeating: 1, count: 15))])
        try desk.commit([put(3, 0)])
        let request = desk.request()
        for _ in 1...2 {
            let acceptance = try await store.accept(request, from: desk)
            #expect(acceptance.refusal == .noRoom(quotaBytes: 20) && acceptance.outcome == .done)
            #expect(acceptance.heldNumber == 2 && acceptance.heldDigests.count == 2)
        }
        // Another one erases, and makes room.
        var other = try await store.writer(2)
        try other.commit([erase(1)])
        let erasure = try await store.send(&other)
        #expect(erasure.refusal == nil && erasure.heldNumber == 1)
        let acceptance = try await store.send(&desk)
        #expect(acceptance.refusal == nil && acceptance.heldNumber == 3)
        #expect(try await store.isSound())
    }

    @Test("terms are kept, written into the audit log, and a line's own operator sets no quota")
    func acts() async throws {
        let store = try await TestStore()
        let other = try await store.newLine()
        let karin = Administrator(
            signingKey: [UInt8](repeating: 1, count: 32), label: "Karin", line: store.line, added: 0)
        func perform(_ act: OperatorAct) async throws {
            try await store.log.perform(
                act, by: karin, request: (0..<16).map { _ in UInt8.random(in: 0...255) }, now: store.now)
        }
        let version = ProgramVersion("1.2.3")
        try await perform(.minimumProgram(store.line, version))
        await #expect(throws: ChangeLogError.self) { try await perform(.minimumProgram(other, version)) }
        await #expect(throws: ChangeLogError.self) { try await perform(.quota(store.line, bytes: 1)) }
        try await store.perform(.quota(store.line, bytes: 5_000))
        let lines = try await store.site.open().lines()
        #expect(
            Dictionary(uniqueKeysWithValues: lines.map { ($0.id, $0.terms) })
                == [store.line: LineTerms(minimumProgram: version, quotaBytes: 5_000), other: LineTerms()])
        let acts = try store.log.audit(from: 0, limit: 100).entries.suffix(2).map(\.act)
        #expect(acts == [.minimumSet, .quotaSet])
    }
}
