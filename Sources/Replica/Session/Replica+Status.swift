public import Merge
import SQLite
import Sealing
public import SyncProtocol

/// How a replica stands, for people and for `lugn status`.
public struct ReplicaStatus: Sendable {
    public var replica: ReplicaID
    public var line: LineID?
    public var lineName: String?
    public var name: String?
    public var server: String?
    public var cursor: UInt64
    public var pending: Int
    /// Milliseconds since 1970.
    public var oldestPending: Int64?
    public var lastSync: Int64?
    /// Proven equal with the server, or proven different; nil while not known. A later local write makes it unknown.
    public var isVerified: Bool?
    public var fingerprint: Fingerprint
    public var clockOffsetMilliseconds: Int64
    public var conflicts: Int
    public var setAside: Int
    /// Changes that could not be opened with the keys that are here.
    public var unopened: Int
    public var isFirstSyncDone: Bool
    public var isRereading: Bool
    /// Differences with the server are being joined: until that is done, nothing new is read.
    public var isHealing: Bool
    public var schema: UInt64
    public var freeNumbers: Int
}

extension Replica {
    public func status() throws -> ReplicaStatus {
        try mappingErrors {
            try readers.read { connection in
                let state = try ReplicaState(connection)
                let link = try Link(connection)
                let summary = try Outbox(connection: connection).summary()
                let snapshot = Snapshot(connection: connection, schema: schema, position: state.position)
                return ReplicaStatus(
                    replica: state.replica, line: link.line, lineName: link.lineName, name: link.name,
                    server: link.server, cursor: state.position, pending: summary.count, oldestPending: summary.oldest,
                    lastSync: link.lastSync, isVerified: summary.count == 0 ? link.verified : nil,
                    fingerprint: state.fingerprint, clockOffsetMilliseconds: state.clockOffsetMilliseconds,
                    conflicts: try snapshot.conflictCount(),
                    setAside: Int(try connection.integer("SELECT count(*) FROM lugn_set_aside") ?? 0),
                    unopened: Int(try connection.integer("SELECT count(*) FROM lugn_parked WHERE reason = 1") ?? 0),
                    isFirstSyncDone: link.isFirstSyncDone, isRereading: state.isRereading,
                    isHealing: state.isHealing, schema: schema.version,
                    freeNumbers: Int(
                        try connection.integer("SELECT coalesce(sum(count - used), 0) FROM lugn_lease") ?? 0))
            }
        }
    }

    /// When the server last answered, in milliseconds since 1970; nil before it first has.
    /// Cost: one row, where ``status()`` counts what waits in the outbox, page by page.
    public func lastSync() throws -> Int64? {
        try mappingErrors { try readers.read { try Link($0).lastSync } }
    }

    /// The fingerprint, computed anew from the tables: the running sum alone never notices a damaged row.
    /// Cost: one pass over all stamps, about a microsecond per record.
    public func recomputedFingerprint() throws -> Fingerprint {
        try mappingErrors { try readers.read { try fingerprintByScan($0) } }
    }

    func fingerprintByScan(_ connection: Connection) throws -> Fingerprint {
        var fingerprint = Fingerprint()
        try RangeWalk(connection: connection, schema: schema).forEach(.all) { _, hash in fingerprint.add(hash) }
        return fingerprint
    }
}
