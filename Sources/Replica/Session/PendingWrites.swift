import Merge
import SQLite

/// Which writes are this replica's own and wait in the outbox, as it stood when the transaction began.
///
/// A stamp with this replica's id is not proof enough: what a copy of the file wrote under the id that both had can come
/// back through another workstation's healing, and is as foreign as anybody's.
final class PendingWrites {
    private let connection: Connection
    private let replica: ReplicaID
    private let acknowledgedTime: HybridTimestamp
    /// Read when it is first needed: mostly it is not.
    private var times: Set<HybridTimestamp>?

    init(_ connection: Connection, _ state: ReplicaState) {
        self.connection = connection
        replica = state.replica
        acknowledgedTime = state.acknowledgedTime
    }

    /// Those of the stamps that wait. Cost: the times of all commits in the outbox, once.
    func among(_ stamps: some Sequence<Stamp>) throws -> Set<Stamp> {
        let candidates = stamps.filter { $0.replica == replica && $0.time > acknowledgedTime }
        if candidates.isEmpty { return [] }
        let waiting = try self.waiting()
        return Set(candidates.filter { waiting.contains($0.time) })
    }

    /// Whether the write is of this replica's own past: acknowledged, or waiting.
    func isOwn(_ stamp: Stamp) throws -> Bool {
        guard stamp.replica == replica else { return false }
        return try stamp.time <= acknowledgedTime || waiting().contains(stamp.time)
    }

    private func waiting() throws -> Set<HybridTimestamp> {
        if let times { return times }
        let read = try Outbox(connection: connection).times()
        times = read
        return read
    }
}
