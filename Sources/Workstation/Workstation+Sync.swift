import Casework
import Merge
import Replica
import Support
import SyncClient
import Trust

extension Workstation {
    /// Keeps the workstation in sync and swept until the task is cancelled.
    ///
    /// Where another process syncs the same data, that one does it, and this one looks whether it still does. Nothing
    /// that goes wrong with the network or the server ends it: see ``state()``.
    public func run() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await self.syncForever() }
            group.addTask { await self.followChanges() }
            group.addTask { try await self.followOtherProcesses() }
            defer { group.cancelAll() }
            do {
                try await group.next()
            } catch is CancellationError {}
        }
    }

    /// How the workstation stands now. Cost: a few reads.
    public func state() throws -> SyncState {
        SyncState(
            try replica.status(), connection.withLock { $0 }, comparisons: try comparisons(), now: wallMilliseconds())
    }

    /// With those that belong to the line now: what one that was taken out holds, nobody can mend.
    private func comparisons() throws -> [DeskComparison] {
        guard let membership = try replica.membership() else { return [] }
        return try replica.comparisons().filter { membership.roster.state.member($0.device) != nil }.map {
            DeskComparison(name: membership.name(of: $0.device), isEqual: $0.isEqual, at: $0.milliseconds)
        }
    }

    /// Tries the server at once. Errors: those of `SyncClient.sync`; whatever happens, local work stays.
    public func syncNow() async throws {
        do {
            try await client.sync()
            set(.up)
        } catch let error as SyncError {
            set(Self.connection(after: error))
            throw error
        }
    }

    /// The number of the latest change; it goes up when anything that is shown may have changed.
    public var changeNumber: UInt64 { changes.number }

    /// The ids of records that changed since a number; nil where anything may have.
    public func changedIDs(since number: UInt64) -> [String]? { changes.ids(since: number) }

    /// Returns when something has changed since, or the task is cancelled.
    public func waitForChange(after number: UInt64) async { await changes.wait(after: number) }

    // MARK: Syncing

    private static let retrySeconds = 5.0

    private func syncForever() async throws {
        while !Task.isCancelled {
            if try replica.membership() == nil {
                try await Task.sleep(for: .seconds(1))
                continue
            }
            do {
                let lock = try WatchLock(replicaPath: replica.path)
                defer { withExtendedLifetime(lock) {} }
                if connection.withLock({ $0 }) == .elsewhere { set(.untried) }
                try await client.watch { event in self.note(event) }
            } catch let error as SyncError where error.code == .alreadyWatching {
                set(.elsewhere)
            } catch let error as SyncError {
                set(Self.connection(after: error))
            } catch let error as ReplicaError {
                set(error.code == .diskFull ? .full(error.message) : .stopped(error.message))
            }
            try await Task.sleep(for: .seconds(Self.retrySeconds))
        }
    }

    private static func connection(after error: SyncError) -> SyncState.Connection {
        switch error.code {
        case .refused, .removed, .unknownDevice: .revoked(error.message)
        case .tooOld: .tooOld(error.message)
        case .noRoom: .noRoom(error.message)
        case _ where error.isTransient: .down(error.message)
        default: .stopped(error.message)
        }
    }

    private func note(_ event: SyncEvent) {
        switch event {
        case .upToDate: set(.up)
        case .received: set(.up)
        case .offline(let error, _):
            if let error = error as? SyncError {
                set(Self.connection(after: error))
            } else if let error = error as? ReplicaError, error.code == .diskFull {
                set(.full(error.message))
            } else {
                set(.down(""))
            }
        }
    }

    private func set(_ new: SyncState.Connection) {
        let isNew = connection.withLock { current in
            defer { current = new }
            return current != new
        }
        // Also where it is the same: what was unsent may be sent, and the time is another.
        _ = isNew
        changes.tell([])
    }

    // MARK: Following

    private func followChanges() async {
        for await notice in replica.changes() {
            if notice.origin == .received { maintain() }
            changes.tell(notice.records.map(\.description))
        }
    }

    /// Another process writes too, such as a command: nothing tells but the file.
    private func followOtherProcesses() async throws {
        let watcher = try replica.otherProcessWatcher()
        while !Task.isCancelled {
            if try watcher.hasNewOutbox() {
                maintain()
                changes.tell([])
            }
            try await Task.sleep(for: .milliseconds(300))
        }
    }

    private func maintain() {
        do {
            try sweep()
        } catch {
            // The next change tries again; meanwhile what is to be gone is still there, and the state says so.
            set(.stopped("what was erased elsewhere could not be removed here: check the disk"))
        }
    }
}
