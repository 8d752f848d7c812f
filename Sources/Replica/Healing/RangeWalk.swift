import Merge
import SQLite
import Sealing
import SyncProtocol

/// Goes over everything that a replica holds in a range, in order of record id, with its share of the fingerprint.
struct RangeWalk {
    let connection: Connection
    let schema: Schema
    private let hasher = ItemHasher(Blake2b.hash128)

    init(connection: Connection, schema: Schema) {
        self.connection = connection
        self.schema = schema
    }

    func count(_ range: RecordRange) throws -> Int {
        let sources = schema.collections.map(\.name) + ["lugn_parked_record", "lugn_tombstone"]
        let sql = sources.map { "(SELECT count(*) FROM \($0)\(range.condition))" }.joined(separator: " + ")
        return try connection.withStatement("SELECT \(sql)") { row in
            try range.bind(to: row)
            return try row.step() ? Int(row.integer(0)) : 0
        }
    }

    /// Divides a range into at most `parts` of equal count, each with its sum. UUIDv7 ids are far from evenly spread, so
    /// that parts of equal width would be of no use. Cost: one pass over the range, about a microsecond for each record.
    func divide(_ range: RecordRange, into parts: Int) throws -> [ComparedRange] {
        let total = try count(range)
        let size = max(1, (total + parts - 1) / parts)
        var result: [ComparedRange] = []
        var sum = RangeSum()
        var after = range.after
        var done = 0
        try forEach(range) { id, hash in
            sum.add(hash)
            done += 1
            if sum.count == size, done < total {
                result.append(ComparedRange(range: RecordRange(after: after, through: id), sum: sum))
                after = id
                sum = RangeSum()
            }
        }
        result.append(ComparedRange(range: RecordRange(after: after, through: range.through), sum: sum))
        return result
    }

    func forEach(_ range: RecordRange, _ body: (RecordID, UInt128) throws -> Void) throws {
        let condition = range.condition
        var parts = schema.collections.map {
            "SELECT id, stamps, \($0.number) AS number, \($0.kind == .notes ? 1 : 0) AS kind FROM \($0.name)\(condition)"
        }
        parts.append("SELECT id, stamps, collection AS number, kind FROM lugn_parked_record\(condition)")
        parts.append("SELECT id, NULL AS stamps, collection AS number, 2 AS kind FROM lugn_tombstone\(condition)")
        try connection.withStatement(parts.joined(separator: " UNION ALL ") + " ORDER BY id") { row in
            try range.bind(to: row)
            while try row.step() {
                guard let halves = row.halves(0) else { throw Self.damaged }
                let id = RecordID(high: halves.high, low: halves.low)
                try body(id, try hash(id, UInt32(truncatingIfNeeded: row.integer(2)), row))
            }
        }
    }

    private func hash(_ id: RecordID, _ collection: UInt32, _ row: borrowing Statement) throws -> UInt128 {
        switch row.integer(3) {
        case 2: return hasher.tombstone(id)
        case 1: return hasher.note(id, collection: collection)
        default:
            guard let stamps = StampVector(encoded: row.bytes(1).span) else { throw Self.damaged }
            return hasher.record(id, collection: collection, entries: stamps.entries)
        }
    }

    private static var damaged: ReplicaError {
        ReplicaError(.damaged, "a record's stamps are damaged; restore the file from a backup")
    }
}

extension RecordRange {
    /// As a condition on a column `id`; parameters 1 and 2 are the bounds.
    var condition: String {
        switch (after, through) {
        case (nil, nil): ""
        case (_?, nil): " WHERE id > ?1"
        case (nil, _?): " WHERE id <= ?2"
        case (_?, _?): " WHERE id > ?1 AND id <= ?2"
        }
    }

    func bind(to row: borrowing Statement) throws {
        if let after { try row.bind(1, high: after.high, low: after.low) }
        if let through { try row.bind(2, high: through.high, low: through.low) }
    }
}
