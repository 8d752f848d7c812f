import Merge
import SQLite
import Sealing
import SyncProtocol

/// The one row that only the session needs: how the replica stands to its line and server. Owner of `lugn_link`.
struct Link {
    var lineName: String?
    var server: String?
    /// Counts changes of the roster and the boxes, so that every process notices.
    var membershipVersion: Int64 = 0
    /// The cursor beside its position, which stands in the state.
    var log = Cursor.start.log
    var cursorCheck = Cursor.start.check
    /// What the first commit of the outbox is chained to.
    var acknowledgedDigest = CommitDigest.start
    var isFirstSyncDone = false
    var lastSync: Int64?
    /// The server's word: true equal, false different, nil not known.
    var verified: Bool?
    var verifiedAt: Int64?
    /// Healings since the state was last found equal.
    var heals: Int64 = 0
    /// This replica's small number in its line; 0 for none.
    var desk: UInt64 = 0
    var leasesReceived: UInt64 = 0
    var leasesHighest: UInt64 = 0
    /// When the running sum was last compared with the tables.
    var scrubbedAt: Int64?
    /// The newest of the line's keys under which the whole log has been read: what comes afterwards under an older one is late.
    var caughtUpEpoch: UInt64 = 0
    /// The last commit that was handed over after the workstation had been removed, and when; nil for none.
    var handedOver: UInt64?
    var handedOverAt: Int64?
    /// The latest attempt at handing over.
    var handingAttempt: UInt64 = 0

    static let codec = RowCodec<Link>(
        "lugn_link",
        [
            .column("line_name", \.lineName), .column("server", \.server),
            .column("membership_version", \.membershipVersion), .column("log", \.log),
            .column("cursor_check", \.cursorCheck),
            .column("acknowledged_digest", \.acknowledgedDigest), .column("first_sync_done", \.isFirstSyncDone),
            .column("last_sync", \.lastSync), .column("verified", \.verified), .column("verified_at", \.verifiedAt),
            .column("heals", \.heals), .column("desk", \.desk), .column("leases_received", \.leasesReceived),
            .column("leases_highest", \.leasesHighest), .column("scrubbed_at", \.scrubbedAt),
            .column("caught_up_epoch", \.caughtUpEpoch), .column("handed_over", \.handedOver),
            .column("handed_over_at", \.handedOverAt),
            .column("handing_attempt", \.handingAttempt),
        ])

    static let definition = """
        -- One row: what only the session needs.
        CREATE TABLE lugn_link (
            line_name TEXT, server TEXT, membership_version INTEGER NOT NULL, log BLOB NOT NULL, cursor_check BLOB NOT NULL, acknowledged_digest BLOB NOT NULL,
            first_sync_done INTEGER NOT NULL, last_sync INTEGER, verified INTEGER, verified_at INTEGER,
            heals INTEGER NOT NULL, desk INTEGER NOT NULL, leases_received INTEGER NOT NULL,
            leases_highest INTEGER NOT NULL, scrubbed_at INTEGER, caught_up_epoch INTEGER NOT NULL, handed_over INTEGER, handed_over_at INTEGER, handing_attempt INTEGER NOT NULL
        ) STRICT;
        """

    init() {}

    init(_ connection: Connection) throws {
        try connection.withStatement(Self.codec.select) { row in
            guard try row.step() else { throw ReplicaError.damagedRow("the replica's link") }
            try Self.codec.read(row, into: &self)
        }
    }

    func insert(_ connection: Connection) throws {
        try connection.withStatement(Self.codec.insert) { row in
            try Self.codec.bind(row, self)
            try row.run()
        }
    }

    func save(_ connection: Connection) throws {
        try connection.withStatement(Self.codec.update) { row in
            try Self.codec.bind(row, self)
            try row.run()
        }
    }

    func cursor(_ state: ReplicaState) -> Cursor { Cursor(log: log, position: state.position, check: cursorCheck) }

    mutating func move(to cursor: Cursor, _ state: inout ReplicaState) {
        state.position = cursor.position
        log = cursor.log
        cursorCheck = cursor.check
    }
}
