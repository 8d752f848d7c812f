public import Merge
import SQLite
import Sealing
public import SyncProtocol
import Trust

/// How a replica stands, for people and for `lugn status`.
public struct ReplicaStatus: Sendable {
    public var replica: ReplicaID
    /// What this desk's writes are known by.
    public var desk: DeskTag
    public var line: LineID?
    public var lineName: String?
    public var name: String?
    public var server: String?
    public var cursor: UInt64
    public var pending: Int
    /// Milliseconds since 1970.
    public var oldestPending: Int64?
    public var lastSync: Int64?
    /// The server says equal, or different; nil while not known. A later local write makes it unknown.
    public var isVerified: Bool?
    public var fingerprint: Fingerprint
    /// What is to be added to the computer's clock to have the server's, as it was last heard.
    public var clockOffsetMilliseconds: Int64
    /// Which time it is for dates, and what that is worth.
    public var date: DateClock.Date
    /// A difference of more than ten minutes between the server's clock and the computer's that a person should decide about
    /// (``Replica/decideClock(serverIsRight:)``), in milliseconds to add to the computer's; nil for none.
    public var clockQuestion: Int64?
    public var conflicts: Int
    public var setAside: Int
    /// Changes that could not be opened with the keys that are here.
    public var unopened: Int
    /// Changes of an older key that should not have come any more: see ``LateChange``.
    public var late: Int
    public var isFirstSyncDone: Bool
    /// Differences with the server are being joined: until that is done, nothing new is read.
    public var isHealing: Bool
    public var schema: UInt64
    public var freeNumbers: Int
    /// When this workstation, after it had been removed, handed to the leads what it had not sent; nil: it has not, or had nothing.
    public var handedOverAt: Int64?
}

extension Replica {
    public func status() throws -> ReplicaStatus {
        try mappingErrors {
            try readers.read { connection in
                let state = try ReplicaState(connection)
                let link = try Link(connection)
                let membership = try members.membership(connection, link)
                let clock = try DateClockTable(connection: connection).read()
                let summary = try Outbox(connection: connection).summary()
                let snapshot = Snapshot(connection: connection, schema: schema, position: state.position)
                return ReplicaStatus(
                    replica: state.replica, desk: state.tag, line: membership?.line, lineName: link.lineName,
                    name: membership?.name,
                    server: link.server, cursor: state.position, pending: summary.count, oldestPending: summary.oldest,
                    lastSync: link.lastSync, isVerified: summary.count == 0 ? link.verified : nil,
                    fingerprint: state.fingerprint, clockOffsetMilliseconds: state.clockOffset,
                    date: clock.date(at: clockReading()), clockQuestion: clock.question,
                    conflicts: try snapshot.conflictCount(), setAside: try SetAside(connection: connection).count(),
                    unopened: try Claims(connection: connection).unopenedCount(),
                    late: try LateChanges(connection: connection).count(),
                    isFirstSyncDone: link.isFirstSyncDone, isHealing: state.isHealing, schema: schema.version,
                    freeNumbers: try Leases(connection: connection).free(), handedOverAt: link.handedOverAt)
            }
        }
    }

    /// When the server last answered, in milliseconds since 1970; nil before it first has.
    /// Cost: one row, where ``status()`` counts what waits in the outbox, page by page.
    public func lastSync() throws -> Int64? {
        try mappingErrors { try readers.read { try Link($0).lastSync } }
    }

    public func isHealing() throws -> Bool { try mappingErrors { try readers.read { try ReplicaState($0).isHealing } } }

    /// Compares everything with the server at the next exchange, range by range, and joins what differs.
    public func compareWithServer() throws {
        try session { session in
            try session.store.claims.setOffered(false)
            if !session.state.isHealing { try session.beginHealing() }
        }
    }

    /// The sum, computed anew from the tables: the running one alone never notices a damaged row.
    /// Cost: one pass over all records, about a microsecond each.
    public func recomputedFingerprint() throws -> Fingerprint {
        try mappingErrors {
            try readers.read { connection in
                try RangeWalk(
                    RecordStore(
                        connection: connection, schema: schema, limits: limits, hasher: ItemHasher(Blake2b.hash128))
                ).sum()
            }
        }
    }

    /// Puts the running sum right if it is not that of the tables, and says so. A row that was lost or changed by a disk or
    /// another program is found by it: the next exchange finds the sums different, and what is missing comes back.
    @discardableResult
    public func repairFingerprint() throws -> Bool {
        try session { session in
            let before = session.store.sum
            try session.store.addUpAnew()
            session.link.scrubbedAt = session.wall
            return session.store.sum != before
        }
    }

    /// Looks over the whole file if that was last done longer ago than this: first what SQLite itself can tell, then whether
    /// the running sum is that of the tables; true if it was not.
    ///
    /// Errors: `damaged` for a file that has to be repaired. Cost: nothing mostly, else a pass over all records and indexes on
    /// a snapshot, some microseconds each, beside which others write; then one small write.
    public func scrub(everyMilliseconds interval: Int64) throws -> Bool {
        let wall = environment.wallMilliseconds()
        let isSound = try mappingErrors {
            try readers.read { connection -> Bool? in
                let last = try Link(connection).scrubbedAt
                if let last, (0..<interval).contains(wall - last) { return nil }
                guard try connection.integrityCheck(limit: 1).isEmpty else {
                    throw ReplicaError(
                        .damaged, "the file is damaged; it was not changed: repair it, or restore it from a backup")
                }
                let store = RecordStore(
                    connection: connection, schema: schema, limits: limits, hasher: ItemHasher(Blake2b.hash128))
                return try RangeWalk(store).sum() == ReplicaState(connection).fingerprint
            }
        }
        guard let isSound else { return false }
        if !isSound { return try repairFingerprint() }
        try session { $0.link.scrubbedAt = wall }
        return false
    }
}

extension Replica {
    /// How many leased numbers are left.
    public func freeNumbers() throws -> Int {
        try mappingErrors { try readers.read { try Leases(connection: $0).free() } }
    }

    /// The key that scatters leased numbers, the same at every workstation of the line; nil before joining.
    public func referenceNumberKey() throws -> [UInt8]? {
        try membership()?.keyring?.referenceNumberKey.copied()
    }
}

extension WriteTransaction {
    /// Takes the next leased number; nil when all are used. Undone with the transaction.
    public func takeLeasedNumber() throws -> UInt64? { try Leases(connection: snapshot.connection).take() }

    /// This replica's small number in its line, 0 if the server has not given it one.
    public func deskNumber() throws -> UInt64 { try Link(snapshot.connection).desk }

    /// The replica's random name, for what must be unique without asking anybody.
    public var replicaID: UInt64 { state.replica.rawValue }

    /// Whether a record was erased, which is final: its id is never used again.
    public func isErased(_ id: RecordID) throws -> Bool { try Tombstones(connection: snapshot.connection).contains(id) }
}
