import Merge
import SQLite
import Sealing
public import Trust

extension Replica {
    /// What this workstation holds, if it is at the log's end, proven equal with the server, with nothing that waits and
    /// nothing that did not open; else nil.
    ///
    /// Cost: a pass over all records on a snapshot, about a microsecond each, beside which others write.
    public func checkpoint() throws -> Checkpoint? {
        try mappingErrors {
            try readers.read { connection in
                let state = try ReplicaState(connection)
                let link = try Link(connection)
                guard let membership = try members.membership(connection, link), membership.hasNewestKey,
                    let keyring = membership.keyring, link.verified == true, !state.isHealing,
                    try Outbox(connection: connection).isEmpty(), try Claims(connection: connection).isEmpty()
                else { return nil }
                let key = keyring.checkpointSumKey.copied()
                let store = RecordStore(
                    connection: connection, schema: schema, limits: limits,
                    hasher: ItemHasher { Blake2b.hash128($0, key: key) })
                try store.begin(state)
                let sum = try RangeWalk(store).sum().value
                return Checkpoint(
                    log: link.log, position: state.position, roster: membership.roster.state.head,
                    sum: (0..<16).map { UInt8(truncatingIfNeeded: sum >> UInt128(120 - 8 * $0)) },
                    milliseconds: environment.wallMilliseconds())
            }
        }
    }

    /// Where ``checkpoint()`` would be taken now, its sum left out; nil where none would be. Cost: a few rows.
    public func checkpointPlace() throws -> Checkpoint? {
        try mappingErrors {
            try readers.read { connection in
                let state = try ReplicaState(connection)
                let link = try Link(connection)
                guard let membership = try members.membership(connection, link), membership.hasNewestKey,
                    link.verified == true, !state.isHealing, try Outbox(connection: connection).isEmpty(),
                    try Claims(connection: connection).isEmpty()
                else { return nil }
                return Checkpoint(
                    log: link.log, position: state.position, roster: membership.roster.state.head, sum: [],
                    milliseconds: environment.wallMilliseconds())
            }
        }
    }

    /// The latest comparison with each other workstation, the newest first.
    public func comparisons() throws -> [Comparison] {
        try mappingErrors { try readers.read { try CheckpointTable(connection: $0).all() } }
    }

    public func keep(_ comparisons: [Comparison]) throws {
        if comparisons.isEmpty { return }
        try session { session in
            let table = CheckpointTable(connection: session.store.connection)
            for comparison in comparisons { try table.keep(comparison) }
        }
    }
}
