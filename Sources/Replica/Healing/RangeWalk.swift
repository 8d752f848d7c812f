import Merge
import SQLite
import SyncProtocol

/// Goes over everything that a replica holds in a range, in order of record id, with its share of the sum.
struct RangeWalk {
    let connection: Connection
    let schema: Schema
    let hasher: ItemHasher
    private let claims: [(record: RecordID, claim: Claims.Claim)]

    init(_ store: RecordStore) throws {
        connection = store.connection
        schema = store.schema
        hasher = store.hasher
        claims = try store.claims.all()
    }

    func sum() throws -> Fingerprint {
        var sum = Fingerprint()
        try forEach(.all) { _, hash in sum.add(hash) }
        return sum
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

    private func count(_ range: RecordRange) throws -> Int {
        let sources = schema.collections.map(\.name) + ["lugn_parked_record", "lugn_tombstone"]
        let sql = sources.map { "(SELECT count(*) FROM \($0)\(range.condition))" }.joined(separator: " + ")
        return try connection.withStatement("SELECT \(sql)") { row in
            try range.bind(to: row)
            return try row.step() ? Int(row.integer(0)) : 0
        }
    }

    /// Calls the body for each record, note and tombstone. Where there is a claim it counts in place of what is here.
    func forEach(_ range: RecordRange, _ body: (RecordID, UInt128) throws -> Void) throws {
        var waiting = claims.filter { range.contains($0.record) }[...]
        func emit(_ claim: Claims.Claim, _ id: RecordID) throws {
            let hash = claim.hash(id, hasher)
            if hash != 0 { try body(id, hash) }
        }
        try forEachRow(range) { id, hash in
            while let next = waiting.first, next.record < id {
                try emit(next.claim, next.record)
                waiting.removeFirst()
            }
            if let next = waiting.first, next.record == id {
                try emit(next.claim, id)
                waiting.removeFirst()
            } else {
                try body(id, hash())
            }
        }
        for next in waiting { try emit(next.claim, next.record) }
    }

    private func forEachRow(_ range: RecordRange, _ body: (RecordID, () throws -> UInt128) throws -> Void) throws {
        let condition = range.condition
        var parts = schema.collections.map {
            "SELECT id, stamps, \($0.number) AS number, \($0.kind == .notes ? 1 : 0) AS kind FROM \($0.name)\(condition)"
        }
        parts.append("SELECT id, stamps, collection AS number, kind FROM lugn_parked_record\(condition)")
        parts.append("SELECT id, NULL AS stamps, collection AS number, 2 AS kind FROM lugn_tombstone\(condition)")
        try connection.withStatement(parts.joined(separator: " UNION ALL ") + " ORDER BY id") { row in
            try range.bind(to: row)
            while try row.step() {
                let id = try RecordID(row, 0)
                try body(id) { try hash(id, row) }
            }
        }
    }

    private func hash(_ id: RecordID, _ row: borrowing Statement) throws -> UInt128 {
        let collection = UInt32(truncatingIfNeeded: row.integer(2))
        switch row.integer(3) {
        case 2: return hasher.tombstone(id)
        case 1: return hasher.note(id, collection: collection)
        default: return hasher.record(id, collection: collection, entries: try RecordState(row, 1).entries)
        }
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
