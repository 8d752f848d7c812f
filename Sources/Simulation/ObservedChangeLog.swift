import ChangeLog
import Merge
import SyncProtocol
import Trust

/// A change log that tells an observer what it takes, and lets misfortunes come before and after it takes something.
struct ObservedChangeLog: ChangeLog, RegistryKeeper {
    private let log: any ChangeLog
    let registry: any LineRegistry
    private let observer: (any AcceptanceObserver)?
    private let before: @Sendable () throws -> Void
    private let after: @Sendable () throws -> Void

    init(
        _ log: any ChangeLog, registry: any LineRegistry, observer: (any AcceptanceObserver)?,
        before: @escaping @Sendable () throws -> Void = {}, after: @escaping @Sendable () throws -> Void = {}
    ) {
        self.log = log
        self.registry = registry
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
    func scrub(line: LineID, count: Int, now: Int64) async throws -> ScrubStep {
        try await log.scrub(line: line, count: count, now: now)
    }
    func verify(line: LineID, now: Int64) async throws -> LineVerification {
        try await log.verify(line: line, now: now)
    }
}

/// What is written of who belongs to a line meets the same misfortunes.
extension ObservedChangeLog {
    func found(_ request: FoundRequest, by invitation: InvitationID, now: Int64) async throws -> LineID {
        try await writing { try await registry.found(request, by: invitation, now: now) }
    }
    func append(
        _ entries: [SignedEntry], isNew: Bool, to line: LineID, now: Int64
    ) async throws -> (hasChanged: Bool, roster: Roster?) {
        try await writing { try await registry.append(entries, isNew: isNew, to: line, now: now) }
    }
    func add(_ boxes: [EpochBox], by author: Device) async throws {
        try await writing { try await registry.add(boxes, by: author) }
    }
    func add(_ checkpoints: CheckpointList, by author: Device) async throws {
        try await writing { try await registry.add(checkpoints, by: author) }
    }

    private func writing<Result>(_ body: () async throws -> Result) async throws -> Result {
        try before()
        let result = try await body()
        try after()
        return result
    }
}
