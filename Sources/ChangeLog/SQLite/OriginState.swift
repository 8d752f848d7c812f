import Merge
import SQLite
import SyncProtocol

/// A replica's row in its line, as a transaction works on it.
struct OriginState {
    var ref: Int64
    var replica: ReplicaID
    var device: Int64?
    var lastNumber: UInt64
    var lastDigest: [UInt8]
    var lastTime: HybridTimestamp
    var seenTime: HybridTimestamp
    var ancestry: Ancestry
    var desk: UInt64
    var leasesGiven: UInt64
    var lastSeen: Int64
    var cursor: UInt64
    var pending: UInt64
    var oldestPending: Int64?
    var clockOffset: Int64
    var schema: UInt64
    var verified: Bool?
    /// The id that its replica went on under.
    var successor: ReplicaID?

    static let columns = """
        ref, replica, device, last_number, last_digest, last_time, seen_time, ancestry, desk, leases_given, last_seen,
        cursor, pending, oldest_pending, clock_offset, schema_version, verified, successor
        """

    init(_ row: borrowing Statement) {
        ref = row.integer(0)
        replica = ReplicaID(rawValue: UInt64(bitPattern: row.integer(1)))
        device = row.optionalInteger(2)
        lastNumber = UInt64(row.integer(3))
        lastDigest = row.bytes(4)
        lastTime = HybridTimestamp(rawValue: UInt64(bitPattern: row.integer(5)))
        seenTime = HybridTimestamp(rawValue: UInt64(bitPattern: row.integer(6)))
        ancestry = Ancestry(Self.stamps(row.bytes(7)))
        desk = UInt64(row.integer(8))
        leasesGiven = UInt64(row.integer(9))
        lastSeen = row.integer(10)
        cursor = UInt64(row.integer(11))
        pending = UInt64(bitPattern: row.integer(12))
        oldestPending = row.optionalInteger(13)
        clockOffset = row.integer(14)
        schema = UInt64(bitPattern: row.integer(15))
        verified = row.optionalInteger(16).map { $0 != 0 }
        successor = row.optionalInteger(17).map { ReplicaID(rawValue: UInt64(bitPattern: $0)) }
    }

    static func find(_ replica: ReplicaID, line: Int64, _ connection: Connection) throws -> OriginState? {
        try connection.withStatement("SELECT \(columns) FROM origin WHERE line = ? AND replica = ?") { row in
            try row.bind(1, line)
            try row.bind(2, Int64(bitPattern: replica.rawValue))
            return try row.step() ? OriginState(row) : nil
        }
    }

    /// A new row for a replica that nobody here has heard of.
    static func create(_ replica: ReplicaID, line: Int64, _ connection: Connection) throws -> OriginState {
        try connection.withStatement(
            """
            INSERT INTO origin (line, replica, last_number, last_digest, last_time, seen_time, ancestry, desk, leases_given,
                last_seen, cursor, pending, clock_offset, schema_version)
            VALUES (?, ?, 0, zeroblob(16), 0, 0, zeroblob(0), 0, 0, 0, 0, 0, 0, 0)
            """
        ) { row in
            try row.bind(1, line)
            try row.bind(2, Int64(bitPattern: replica.rawValue))
            try row.run()
        }
        guard let created = try find(replica, line: line, connection) else {
            throw ChangeLogError(.storage, "the store did not keep a row; nothing was changed")
        }
        return created
    }

    func save(_ connection: Connection) throws {
        try connection.withStatement(
            """
            UPDATE origin SET device = ?2, last_number = ?3, last_digest = ?4, last_time = ?5, seen_time = ?6, ancestry = ?7,
                desk = ?8, leases_given = ?9, last_seen = ?10, cursor = ?11, pending = ?12, oldest_pending = ?13,
                clock_offset = ?14, schema_version = ?15, verified = ?16, successor = ?17 WHERE ref = ?1
            """
        ) { row in
            try row.bind(1, ref)
            try row.bind(2, device)
            try row.bind(3, Int64(lastNumber))
            try row.bind(4, lastDigest)
            try row.bind(5, Int64(bitPattern: lastTime.rawValue))
            try row.bind(6, Int64(bitPattern: seenTime.rawValue))
            try row.bind(7, Self.bytes(ancestry.parents))
            try row.bind(8, Int64(desk))
            try row.bind(9, Int64(leasesGiven))
            try row.bind(10, lastSeen)
            try row.bind(11, Int64(cursor))
            try row.bind(12, Int64(bitPattern: pending))
            try row.bind(13, oldestPending)
            try row.bind(14, clockOffset)
            try row.bind(15, Int64(bitPattern: schema))
            try row.bind(16, verified.map { $0 ? 1 : 0 } as Int64?)
            try row.bind(17, successor.map { Int64(bitPattern: $0.rawValue) })
            try row.run()
        }
    }

    /// Stamps as bytes: replica, then time, big-endian.
    static func bytes(_ stamps: [Stamp]) -> [UInt8] {
        var result: [UInt8] = []
        for stamp in stamps {
            for word in [stamp.replica.rawValue, stamp.time.rawValue] {
                for shift in stride(from: UInt64(56), through: 0, by: -8) {
                    result.append(UInt8(truncatingIfNeeded: word >> shift))
                }
            }
        }
        return result
    }

    static func stamps(_ bytes: [UInt8]) -> [Stamp] {
        func word(_ start: Int) -> UInt64 { bytes[start..<start + 8].reduce(0) { $0 << 8 | UInt64($1) } }
        return stride(from: 0, to: bytes.count - 15, by: 16).map { start in
            Stamp(time: HybridTimestamp(rawValue: word(start + 8)), replica: ReplicaID(rawValue: word(start)))
        }
    }
}

extension OriginState {
    /// The line's version vector: how far each replica's writes have been seen.
    static func seen(in line: Int64, _ connection: Connection) throws -> VersionVector {
        try connection.withStatement("SELECT replica, seen_time FROM origin WHERE line = ? AND seen_time > 0") { row in
            try row.bind(1, line)
            var vector = VersionVector()
            while try row.step() {
                vector.include(
                    Stamp(
                        time: HybridTimestamp(rawValue: UInt64(bitPattern: row.integer(1))),
                        replica: ReplicaID(rawValue: UInt64(bitPattern: row.integer(0)))))
            }
            return vector
        }
    }

    /// What somebody else has seen, the line now has seen too.
    static func include(_ seen: VersionVector, in line: Int64, _ connection: Connection) throws {
        for stamp in seen.sorted {
            var origin =
                try find(stamp.replica, line: line, connection) ?? create(stamp.replica, line: line, connection)
            guard origin.seenTime < stamp.time else { continue }
            origin.seenTime = stamp.time
            try origin.save(connection)
        }
    }
}
