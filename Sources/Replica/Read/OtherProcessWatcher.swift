import SQLite
import Support

/// Notices what other processes write to the same file. What this one writes through its own replica is no news.
public final class OtherProcessWatcher: Sendable {
    private struct State {
        var version: Int64
        var number: UInt64
    }
    private let state: Lock<State>
    private let replica: Replica

    init(_ replica: Replica) throws {
        self.replica = replica
        state = Lock(
            try replica.writer.withLock { writer throws(any Error) in
                State(
                    version: try writer.connection.dataVersion(), number: try ReplicaState(writer.connection).number)
            })
    }

    /// Whether something was committed since the last look that waits to be sent. Listeners of `Replica.changes()` are
    /// told of any commit. Cost: microseconds.
    public func hasNewOutbox() throws -> Bool {
        try replica.checkFiles()
        // Asked of the connection that writes: SQLite tells it of every commit but its own.
        let (version, number) = try replica.writer.withLock { writer throws(any Error) in
            let version = try writer.connection.dataVersion()
            let isNew = state.withLock { $0.version != version }
            return (version, isNew ? try ReplicaState(writer.connection).number : nil)
        }
        guard let number else { return false }
        let isNew = state.withLock { state in
            defer { state = State(version: version, number: number) }
            return state.number != number
        }
        replica.observers.tell(.init(records: [], origin: .otherProcess))
        return isNew
    }
}

extension Replica {
    /// A watcher for other processes' writes.
    public func otherProcessWatcher() throws -> OtherProcessWatcher {
        try mappingErrors { try OtherProcessWatcher(self) }
    }
}
