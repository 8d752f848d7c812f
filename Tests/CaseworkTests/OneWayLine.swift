import Merge
import Replica
import SimulatedLead
import Support
import SyncProtocol
import Trust

@testable import Casework

/// Two desks of one line, and what one of them wrote carried to the other: enough of a server for what two desks make of
/// each other's work. The real one is tested in `SessionTests`.
final class OneWayLine {
    private let lead: SimulatedLead
    /// One clock for both desks, a millisecond further at each reading: of two writes the later one has the later time,
    /// however fast the machine is.
    let clock: @Sendable () -> Int64
    private let milliseconds: Lock<Int64>
    private var position: UInt64 = 0

    init() throws {
        let milliseconds = Lock<Int64>(1_700_000_000_000)
        self.milliseconds = milliseconds
        clock = {
            milliseconds.withLock {
                $0 += 1
                return $0
            }
        }
        lead = try SimulatedLead(now: clock())
    }

    func advance(days: Int64) { milliseconds.withLock { $0 += days * 86_400_000 } }

    /// A desk with a file of its own.
    func desk(path: String) throws -> Casework {
        let environment = Replica.Environment(wallMilliseconds: clock)
        let replica = try Replica(path: path, schema: CaseworkSchema.schema, environment: environment)
        return Casework(replica, wallMilliseconds: clock)
    }

    func join(_ casework: Casework, name: String) throws {
        try lead.admit(casework.replica, name: name, server: "http://127.0.0.1:1", now: clock())
    }

    /// What a lead settles about what is destroyed reaches a desk.
    func settle(_ rules: RetentionRules, at casework: Casework) throws {
        try lead.write(.rules(lead.keyring.seal(rules: rules.encoded())), for: casework.replica, now: clock())
    }

    /// Rules that no program of this version has written.
    func settle(unreadable bytes: [UInt8], at casework: Casework) throws {
        try lead.write(.rules(bytes), for: casework.replica, now: clock())
    }

    var keyring: Keyring { lead.keyring }

    /// Gives the desk a block of reference numbers and a number of its own.
    func lease(_ casework: Casework, start: UInt64, count: UInt64, desk: UInt64) throws {
        let asked = try Asked(casework)
        let lease = Lease(ordinal: asked.sent.leases.received + 1, start: start, count: count)
        try asked.receive(
            SyncResponse(
                outcome: .done, heldNumber: asked.sent.acknowledged, cursor: asked.sent.cursor, serverTime: clock(),
                leases: [lease], desk: desk))
    }

    /// Acknowledges the writer's commits, and hands them to the reader, who has sent none of its own.
    func carry(from writer: Casework, to reader: Casework) throws {
        let writing = try Asked(writer)
        var page = CBORWriter()
        for commit in writing.sent.commits {
            position += 1
            let changes = commit.changes.enumerated().map { index, change in
                FeedChange(index: UInt64(index), header: change.header, sealed: change.sealed)
            }
            page.feedCommit(
                FeedCommit(position: position, stamp: commit.stamp, nonce: commit.nonce, changes: changes))
        }
        try writing.receive(
            SyncResponse(
                outcome: .done, heldNumber: writing.sent.commits.last?.number ?? writing.sent.acknowledged,
                heldDigests: writing.sent.commits.map(\.digest), cursor: writing.sent.cursor, serverTime: clock()))
        let reading = try Asked(reader)
        let cursor = Cursor(
            log: [UInt8](repeating: 1, count: Cursor.logBytes), position: position,
            check: [UInt8](repeating: UInt8(position), count: Cursor.checkBytes))
        try reading.receive(
            SyncResponse(
                outcome: .done, heldNumber: reading.sent.acknowledged, cursor: cursor, head: position,
                serverTime: clock(), page: page.bytes[...]))
    }

    /// A desk's next request, waiting for its answer.
    private struct Asked {
        let sent: SyncRequest
        private let session: SyncSession
        private let request: SyncSession.Request

        init(_ casework: Casework) throws {
            session = SyncSession(casework.replica)
            request = try session.nextRequest()
            sent = try SyncRequest(encoded: request.body)
        }

        func receive(_ response: SyncResponse) throws { _ = try session.receive(response.encoded(), to: request) }
    }
}
