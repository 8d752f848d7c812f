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

    func page(for request: SyncRequest, proven: UInt64, from device: Device) async throws -> FeedPage {
        try await log.page(for: request, proven: proven, from: device)
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
    func replicas(of line: LineID) async throws -> [ReplicaSummary] { try await log.replicas(of: line) }
    func verify(line: LineID, now: Int64) async throws -> LineVerification {
        try await log.verify(line: line, now: now)
    }
}
