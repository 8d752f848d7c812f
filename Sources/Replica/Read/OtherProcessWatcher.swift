import SQLite
import Support

/// Notices what other processes write to the same file.
public final class OtherProcessWatcher: Sendable {
    private struct State {
        var connection: Connection
        var version: Int64
        var number: UInt64
    }
    private let state: Lock<State>
    private let observers: Observers
    private let check: @Sendable () throws -> Void

    init(
        path: String, vfs: String?, observers: Observers, check: @escaping @Sendable () throws -> Void
    ) throws {
        self.check = check
        let connection = try Connection(path: path, mode: .readOnly, vfs: vfs)
        try connection.configureForReading(cacheKibibytes: 64)
        let version = try connection.dataVersion()
        let number = try ReplicaState(connection).number
        state = Lock(State(connection: connection, version: version, number: number))
        self.observers = observers
    }

    /// Whether something was committed since the last look that waits to be sent. Listeners of `Replica.changes()` are
    /// told of any commit. Cost: microseconds.
    public func hasNewOutbox() throws -> Bool {
        try check()
        return try state.withLock { state throws(any Error) in
            let version = try state.connection.dataVersion()
            if version == state.version { return false }
            state.version = version
            let number = try ReplicaState(state.connection).number
            let isNew = number != state.number
            state.number = number
            observers.tell(.init(records: [], origin: .otherProcess))
            return isNew
        }
    }
}

extension Replica {
    /// A watcher for other processes' writes; it has a connection of its own.
    public func otherProcessWatcher() throws -> OtherProcessWatcher {
        try mappingErrors {
            try OtherProcessWatcher(path: path, vfs: environment.vfs, observers: observers) { try self.checkFiles() }
        }
    }
}
