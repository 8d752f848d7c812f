import ChangeLog
import Merge
import SyncProtocol

/// A change log that tells an observer what it takes, and lets misfortunes come before and after it takes something.
struct ObservedChangeLog: ChangeLog {
    private let log: any ChangeLog
    private let observer: (any AcceptanceObserver)?
    private let before: @Sendable () throws -> Void
    private let after: @Sendable () throws -> Void

    init(
        _ log: any ChangeLog, observer: (any AcceptanceObserver)?, before: @escaping @Sendable () throws -> Void = {},
        after: @escaping @Sendable () throws -> Void = {}
    ) {
        self.log = log
        self.observer = observer
        self.before = before
        self.after = after
    }

    func accept(_ request: SyncRequest, from device: Device, now: Int64) async throws -> Acceptance {
        try before()
        let acceptance = try await log.accept(request, from: device, now: now)
        try after()
        observer?.accepted(request, acceptance, now: now)
        return acceptance
    }

    func heal(_ request: HealRequest, from device: Device, now: Int64) async throws -> HealOutcome {
        try before()
        let outcome = try await log.heal(request, from: device, now: now)
        try after()
        observer?.healed(request, outcome)
        return outcome
    }

    func page(for request: SyncRequest, proven: UInt64, from device: Device) async throws -> FeedPage {
        try await log.page(for: request, proven: proven, from: device)
    }

    func enrol(
        invitationHash: [UInt8], name: String, keyCheck: [UInt8], tokenHash: [UInt8], now: Int64
    ) async throws -> Device {
        try await log.enrol(
            invitationHash: invitationHash, name: name, keyCheck: keyCheck, tokenHash: tokenHash, now: now)
    }

    func createLine(name: String, id: LineID?, now: Int64) async throws -> LineID {
        try await log.createLine(name: name, id: id, now: now)
    }
    func times(of line: LineID, at positions: [UInt64]) async throws -> [Int64?] {
        try await log.times(of: line, at: positions)
    }
    func commits(of line: LineID, matching query: LogQuery) async throws -> [LoggedCommit] {
        try await log.commits(of: line, matching: query)
    }
    func changes(of record: RecordID, in line: LineID) async throws -> [HeldChangeSummary] {
        try await log.changes(of: record, in: line)
    }
    func concurrentRecords(of line: LineID) async throws -> [ConcurrentRecord] {
        try await log.concurrentRecords(of: line)
    }
    func compact() async throws { try await log.compact() }
    func noteRefilled(_ line: LineID, now: Int64) async throws { try await log.noteRefilled(line, now: now) }
    func lines() async throws -> [LineSummary] { try await log.lines() }
    func addInvitation(hash: [UInt8], line: LineID, expires: Int64) async throws {
        try await log.addInvitation(hash: hash, line: line, expires: expires)
    }
    func device(tokenHash: [UInt8]) throws -> Device? { try log.device(tokenHash: tokenHash) }
    func addOperator(tokenHash: [UInt8]) async throws { try await log.addOperator(tokenHash: tokenHash) }
    func isOperator(tokenHash: [UInt8]) throws -> Bool { try log.isOperator(tokenHash: tokenHash) }
    func revoke(replica: ReplicaID, line: LineID, now: Int64) async throws -> Bool {
        try await log.revoke(replica: replica, line: line, now: now)
    }
    func replicas(of line: LineID) async throws -> [ReplicaSummary] { try await log.replicas(of: line) }
    func verify(line: LineID, now: Int64) async throws -> LineVerification {
        try await log.verify(line: line, now: now)
    }
}
