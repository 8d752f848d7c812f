import Merge
import Replica
import Sealing
import SyncClient
import SyncProtocol
import TestSupport
import Testing
import Trust

/// Times that no clock can have, in changes that open: whoever holds the line's key can seal them.
@Suite("Poisoned clocks (I8)")
struct PoisonedClockTests {
    static let times: [UInt64] = [
        HybridTimestamp.implausible.rawValue - 1, HybridTimestamp.implausible.rawValue, 1 << 62 - 1, 1 << 62,
        1 << 63 - 1, 1 << 63, .max - 1, .max,
    ]

    /// A page with one new plant that was written at a time.
    private func page(_ line: TestLine, _ time: UInt64) -> [UInt8] {
        let id = RecordID(milliseconds: line.clock.now, randomHigh: 1, randomLow: time)
        let header = ChangeHeader(
            kind: .put, collection: 1, record: id, fields: FieldMask(field: 1), epoch: 1)
        let stamp = Stamp(time: HybridTimestamp(rawValue: time), dot: Dot(rawValue: 77))
        let nonce = [UInt8](repeating: 3, count: SealedCommit.nonceBytes)
        var values = CBORWriter()
        values.text("from far away")
        var sealed: [UInt8] = []
        line.keyring.sealer.seal(
            values.bytes[...], header: header, stamp: stamp, nonce: nonce, index: 0, to: &sealed)
        var writer = CBORWriter()
        writer.feedCommit(
            FeedCommit(
                position: 1, stamp: stamp, nonce: nonce,
                changes: [FeedChange(index: 0, header: header, sealed: sealed[...])]))
        return writer.bytes
    }

    private func checkWriting(_ line: TestLine, _ desk: Desk) async throws {
        for name in ["oak", "elm"] {
            try desk.replica.write { try $0.insert(Garden.plants) { $0[Garden.name] = name } }
        }
        let commits = try desk.ask().read.commits
        #expect(commits.count == 2)
        for commit in commits {
            #expect(abs(commit.stamp.time.milliseconds - line.clock.now) < 60_000)
        }
        #expect(try desk.replica.recomputedFingerprint() == desk.replica.status().fingerprint)
    }

    @Test("in the feed they keep no desk from writing, with a time near its clock", arguments: times)
    func feed(time: UInt64) async throws {
        let line = try await TestLine()
        let desk = try await line.desk()
        try await desk.sync()
        let (session, sent, read) = try desk.ask()
        let answer = SyncResponse(
            outcome: .done, cursor: read.cursor, head: 1, more: true, serverTime: line.clock.now,
            page: page(line, time)[...])
        _ = try session.receive(answer.encoded(), to: sent)
        let isPlausible = time < HybridTimestamp.implausible.rawValue
        #expect(try desk.state().count == (isPlausible ? 1 : 0))
        #expect(try desk.replica.status().unopened == (isPlausible ? 0 : 1))
        try await checkWriting(line, desk)
    }

    @Test("in a healing they keep no desk from writing, with a time near its clock", arguments: times)
    func healing(time: UInt64) async throws {
        let line = try await TestLine()
        let desk = try await line.desk()
        try await desk.sync()
        try desk.replica.compareWithServer()
        let session = SyncSession(desk.replica)
        var answer = HealResponse(outcome: .done, serverTime: line.clock.now, cursor: .start)
        _ = try session.receive(answer.encoded(), to: try session.nextRequest())
        let question = try session.nextRequest()
        answer.compared = Array(repeating: 1, count: try HealRequest(encoded: question.body).compared.count)
        _ = try session.receive(answer.encoded(), to: question)
        let join = try session.nextRequest()
        answer.compared = []
        answer.joinedParts = UInt64(try HealRequest(encoded: join.body).parts.count)
        answer.page = page(line, time)[...]
        _ = try session.receive(answer.encoded(), to: join)
        #expect(try !desk.replica.status().isHealing)
        try await checkWriting(line, desk)
    }
}
