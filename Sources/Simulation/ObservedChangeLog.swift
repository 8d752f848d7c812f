import ChangeLog
import Merge
import SyncProtocol

/// A change log that tells an observer what it takes.
struct ObservedChangeLog: ChangeLog {
    private let log: SQLiteChangeLog
    private let observer: any AcceptanceObserver

    init(_ log: SQLiteChangeLog, observer: any AcceptanceObserver) {
        self.log = log
        self.observer = observer
    }

    var incarnation: Incarnation { log.incarnation }

    func accept(_ request: SyncRequest, from device: Device, now: Int64) async throws -> Acceptance {
        let acceptance = try await log.accept(request, from: device, now: now)
        observer.accepted(request, acceptance, now: now)
        return acceptance
    }

    func heal(_ request: HealRequest, from device: Device, now: Int64) async throws -> HealOutcome {
        let outcome = try await log.heal(request, from: device, now: now)
        observer.healed(request, outcome)
        return outcome
    }

    func page(for request: SyncRequest, from device: Device) throws -> FeedPage {
        try log.page(for: request, from: device)
    }

    func enrol(
        invitationHash: [UInt8], name: String, keyCheck: [UInt8], tokenHash: [UInt8], now: Int64
    ) async throws -> Device {
        try await log.enrol(
            invitationHash: invitationHash, name: name, keyCheck: keyCheck, tokenHash: tokenHash, now: now)
    }

    func createLine(name: String, now: Int64) throws -> LineID { try log.createLine(name: name, now: now) }
    func lines() throws -> [LineSummary] { try log.lines() }
    func addInvitation(hash: [UInt8], line: LineID, expires: Int64) throws {
        try log.addInvitation(hash: hash, line: line, expires: expires)
    }
    func device(tokenHash: [UInt8]) throws -> Device? { try log.device(tokenHash: tokenHash) }
    func addOperator(tokenHash: [UInt8]) throws { try log.addOperator(tokenHash: tokenHash) }
    func isOperator(tokenHash: [UInt8]) throws -> Bool { try log.isOperator(tokenHash: tokenHash) }
    func revoke(replica: ReplicaID, line: LineID, now: Int64) async throws -> Bool {
        try await log.revoke(replica: replica, line: line, now: now)
    }
    func replicas(of line: LineID) throws -> [ReplicaSummary] { try log.replicas(of: line) }
    func verify(line: LineID) throws -> Bool { try log.verify(line: line) }
}
