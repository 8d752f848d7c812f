import Merge
import SQLite
import Sealing
import SyncProtocol

/// A line's row, as a transaction works on it.
struct LineState {
    let ref: Int64
    let id: LineID
    let name: String
    var log: [UInt8]
    var head: UInt64
    var check: [UInt8]
    var fingerprint: Fingerprint
    var highestTime: HybridTimestamp
    var keyCheck: [UInt8]?
    var nextNumber: UInt64
    var nextDesk: UInt64

    init?(_ connection: Connection, id: LineID) throws {
        let found = try connection.withStatement(
            """
            SELECT ref, id, name, log, head, check_value, fingerprint, highest_time, key_check, next_number, next_desk
            FROM line WHERE id = ?
            """
        ) { row -> LineState? in
            try row.bind(1, id.bytes)
            return try row.step() ? try LineState(row) : nil
        }
        guard let found else { return nil }
        self = found
    }

    init(_ row: borrowing Statement) throws {
        guard let id = LineID(row.bytes(1)), let sum = row.halves(6) else {
            throw ChangeLogError(
                .unusable, "the store is damaged: a line's row cannot be read; restore it from a backup")
        }
        ref = row.integer(0)
        self.id = id
        name = row.text(2)
        log = row.bytes(3)
        head = UInt64(row.integer(4))
        check = row.bytes(5)
        fingerprint = Fingerprint(value: UInt128(sum.high) << 64 | UInt128(sum.low))
        highestTime = HybridTimestamp(rawValue: UInt64(bitPattern: row.integer(7)))
        keyCheck = row.optionalBytes(8)
        nextNumber = UInt64(row.integer(9))
        nextDesk = UInt64(row.integer(10))
    }

    func save(_ connection: Connection) throws {
        try connection.withStatement(
            """
            UPDATE line SET log = ?2, head = ?3, check_value = ?4, fingerprint = ?5, highest_time = ?6, key_check = ?7,
                next_number = ?8, next_desk = ?9 WHERE ref = ?1
            """
        ) { row in
            try row.bind(1, ref)
            try row.bind(2, log)
            try row.bind(3, Int64(head))
            try row.bind(4, check)
            try row.bind(
                5, high: UInt64(truncatingIfNeeded: fingerprint.value >> 64),
                low: UInt64(truncatingIfNeeded: fingerprint.value))
            try row.bind(6, Int64(bitPattern: highestTime.rawValue))
            try row.bind(7, keyCheck)
            try row.bind(8, Int64(nextNumber))
            try row.bind(9, Int64(nextDesk))
            try row.run()
        }
    }

    /// Appends a commit to the log: the next position, and the check chained over all commits so far.
    mutating func append(
        _ connection: Connection, stamp: Stamp, number: UInt64?, base: UInt64, nonce: [UInt8], digest: [UInt8]?
    ) throws -> UInt64 {
        head += 1
        var chained = check
        for word in [head, stamp.replica.rawValue, stamp.time.rawValue, number ?? 0] {
            for shift in stride(from: UInt64(56), through: 0, by: -8) {
                chained.append(UInt8(truncatingIfNeeded: word >> shift))
            }
        }
        chained += digest ?? nonce
        check = Array(Blake2b.hash(chained, count: 16).prefix(Cursor.checkBytes))
        try connection.withStatement(LogStatements.commit) { row in
            try row.bind(1, LogKey.commit(ref, head))
            try row.bind(2, Int64(bitPattern: stamp.replica.rawValue))
            try row.bind(3, number.map { Int64($0) })
            try row.bind(4, Int64(bitPattern: stamp.time.rawValue))
            try row.bind(5, Int64(bitPattern: base))
            try row.bind(6, nonce)
            try row.bind(7, digest)
            try row.bind(8, check)
            try row.run()
        }
        return head
    }

    /// The check at a position; nil if the log does not reach that far.
    func check(at position: UInt64, _ connection: Connection) throws -> [UInt8]? {
        if position == 0 { return Cursor.start.check }
        if position == head { return check }
        if position > head { return nil }
        return try connection.withStatement("SELECT check_value FROM log WHERE key = ?") { row in
            try row.bind(1, LogKey.commit(ref, position))
            return try row.step() ? row.bytes(0) : nil
        }
    }

    /// Whether a cursor stands in this log: same log, same history up to there.
    func contains(_ cursor: Cursor, _ connection: Connection) throws -> Bool {
        if cursor.position == 0 { return true }
        guard cursor.log == log, let known = try check(at: cursor.position, connection) else { return false }
        return known == cursor.check
    }
}
