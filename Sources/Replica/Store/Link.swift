import Merge
import SQLite
import SyncProtocol

/// The one row that only the session reads: how the replica stands to its line and server.
struct Link {
    var line: LineID?
    var lineName: String?
    var server: String?
    var token: String?
    var name: String?
    var keyEpoch: UInt32?
    var keySecret: [UInt8]?
    var log: [UInt8]
    var cursorCheck: [UInt8]
    var acknowledgedDigest: [UInt8]
    var incarnation: Incarnation
    var formerly: ReplicaID?
    var ancestry: Ancestry
    var seen: VersionVector
    var seenAhead: VersionVector
    var horizon: UInt64
    var isFirstSyncDone: Bool
    var lastSync: Int64?
    var verified: Bool?
    var verifiedAt: Int64?
    var heals: Int
    var healedUnder: Incarnation
    var healedThrough: UInt64
    var desk: UInt64
    var leasesReceived: UInt64
    var leasesHighest: UInt64

    init(_ connection: Connection) throws {
        let found: Link? = try connection.withStatement(
            """
            SELECT line, line_name, server, token, name, key_epoch, key_secret, log, cursor_check, acknowledged_digest,
                ancestry, seen, horizon, first_sync_done, last_sync, verified, verified_at, heals, desk, leases_received,
                leases_highest, incarnation, formerly, seen_ahead,
                healed_under, healed_through FROM lugn_link
            """
        ) { statement in try statement.step() ? Link(statement) : nil }
        guard let found else {
            throw ReplicaError.missingLink
        }
        self = found
    }

    private init(_ row: borrowing Statement) {
        line = row.optionalBytes(0).flatMap { LineID($0) }
        lineName = row.optionalText(1)
        server = row.optionalText(2)
        token = row.optionalText(3)
        name = row.optionalText(4)
        keyEpoch = row.optionalInteger(5).map { UInt32(truncatingIfNeeded: $0) }
        keySecret = row.optionalBytes(6)
        log = row.bytes(7)
        cursorCheck = row.bytes(8)
        acknowledgedDigest = row.bytes(9)
        ancestry = Ancestry(StampList.decode(row.bytes(10)))
        seen = VersionVector(stamps: StampList.decode(row.bytes(11)))
        horizon = UInt64(bitPattern: row.integer(12))
        isFirstSyncDone = row.integer(13) != 0
        lastSync = row.optionalInteger(14)
        verified = row.optionalInteger(15).map { $0 != 0 }
        verifiedAt = row.optionalInteger(16)
        heals = Int(row.integer(17))
        desk = UInt64(bitPattern: row.integer(18))
        leasesReceived = UInt64(bitPattern: row.integer(19))
        leasesHighest = UInt64(bitPattern: row.integer(20))
        incarnation = Incarnation(rawValue: UInt64(bitPattern: row.integer(21)))
        formerly = row.optionalInteger(22).map { ReplicaID(rawValue: UInt64(bitPattern: $0)) }
        seenAhead = VersionVector(stamps: StampList.decode(row.bytes(23)))
        healedUnder = Incarnation(rawValue: UInt64(bitPattern: row.integer(24)))
        healedThrough = UInt64(bitPattern: row.integer(25))
    }

    func save(_ connection: Connection) throws {
        try connection.withStatement(
            """
            UPDATE lugn_link SET line = ?, line_name = ?, server = ?, token = ?, name = ?, key_epoch = ?, key_secret = ?,
                log = ?, cursor_check = ?, acknowledged_digest = ?, ancestry = ?, seen = ?, horizon = ?,
                first_sync_done = ?, last_sync = ?, verified = ?, verified_at = ?, heals = ?, desk = ?,
                leases_received = ?, leases_highest = ?, incarnation = ?, formerly = ?, seen_ahead = ?,
                healed_under = ?, healed_through = ?
            """
        ) { statement in
            try statement.bind(1, line?.bytes)
            try statement.bind(2, lineName)
            try statement.bind(3, server)
            try statement.bind(4, token)
            try statement.bind(5, name)
            try statement.bind(6, keyEpoch.map(Int64.init))
            try statement.bind(7, keySecret)
            try statement.bind(8, log)
            try statement.bind(9, cursorCheck)
            try statement.bind(10, acknowledgedDigest)
            try statement.bind(11, StampList.encode(ancestry.parents))
            try statement.bind(12, StampList.encode(seen.sorted))
            try statement.bind(13, Int64(bitPattern: horizon))
            try statement.bind(14, isFirstSyncDone ? 1 : 0)
            try statement.bind(15, lastSync)
            try statement.bind(16, verified.map { $0 ? 1 : 0 } as Int64?)
            try statement.bind(17, verifiedAt)
            try statement.bind(18, heals)
            try statement.bind(19, Int64(bitPattern: desk))
            try statement.bind(20, Int64(bitPattern: leasesReceived))
            try statement.bind(21, Int64(bitPattern: leasesHighest))
            try statement.bind(22, Int64(bitPattern: incarnation.rawValue))
            try statement.bind(23, formerly.map { Int64(bitPattern: $0.rawValue) })
            try statement.bind(24, StampList.encode(seenAhead.sorted))
            try statement.bind(25, Int64(bitPattern: healedUnder.rawValue))
            try statement.bind(26, Int64(bitPattern: healedThrough))
            try statement.run()
        }
    }
}

/// Stamps as bytes, 16 each: replica, then time, big-endian.
enum StampList {
    static func encode(_ stamps: [Stamp]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(stamps.count * 16)
        for stamp in stamps {
            for word in [stamp.replica.rawValue, stamp.time.rawValue] {
                for shift in stride(from: UInt64(56), through: 0, by: -8) {
                    bytes.append(UInt8(truncatingIfNeeded: word >> shift))
                }
            }
        }
        return bytes
    }

    static func decode(_ bytes: [UInt8]) -> [Stamp] {
        func word(_ start: Int) -> UInt64 { bytes[start..<start + 8].reduce(0) { $0 << 8 | UInt64($1) } }
        return stride(from: 0, to: bytes.count - 15, by: 16).map { start in
            Stamp(time: HybridTimestamp(rawValue: word(start + 8)), replica: ReplicaID(rawValue: word(start)))
        }
    }
}

extension VersionVector {
    init(stamps: [Stamp]) {
        self.init()
        for stamp in stamps { include(stamp) }
    }
}

/// What a local write needs to know of the link.
struct WriteBasis {
    var ancestry: Ancestry
    var horizon: UInt64
    /// Pages have been read whose end of the log has not been reached.
    var isReading: Bool
    /// What a healing joined stands in the log up to here; 0 once that has been read.
    var healedThrough: UInt64

    private static let selection = StatementText(
        "SELECT ancestry, horizon, length(seen_ahead), healed_through FROM lugn_link")

    init(_ connection: Connection) throws {
        let found: WriteBasis? = try connection.withStatement(Self.selection) { row in
            try row.step() ? WriteBasis(row) : nil
        }
        guard let found else { throw ReplicaError.missingLink }
        self = found
    }

    private init(_ row: borrowing Statement) {
        ancestry = Ancestry(StampList.decode(row.bytes(0)))
        horizon = UInt64(bitPattern: row.integer(1))
        isReading = row.integer(2) > 0
        healedThrough = UInt64(bitPattern: row.integer(3))
    }
}

extension ReplicaError {
    static var missingLink: ReplicaError {
        ReplicaError(.damaged, "the replica's link is missing; restore the file from a backup")
    }
}
