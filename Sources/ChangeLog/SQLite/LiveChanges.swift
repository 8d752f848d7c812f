import Merge
import SQLite
import Sealing
import Support
import SyncProtocol

/// The changes that stand, of one line, and the rules by which a new one comes among them.
///
/// Works inside the caller's transaction and keeps the line's fingerprint.
struct LiveChanges {
    let connection: Connection
    let line: Int64
    let erasures: ErasureFlag
    static let hasher = ItemHasher(Blake2b.hash128)

    /// A change that stands, without its sealed values.
    struct Row {
        var key: Int64
        var position: UInt64
        var stamp: Stamp
        var collection: UInt32
        var parent: RecordID?
        var kind: ChangeHeader.Kind
        var fields: FieldMask
        var live: FieldMask
        var contested: FieldMask
    }

    enum Existence { case unknown, erased, covered }

    // MARK: Looking

    func rows(of record: RecordID) throws -> [Row] {
        try connection.withStatement(LogStatements.recordRows) { row in
            try row.bind(1, high: record.high, low: record.low)
            try row.bind(2, line)
            var rows: [Row] = []
            while try row.step() {
                guard let kind = ChangeHeader.Kind(rawValue: UInt8(truncatingIfNeeded: row.integer(5))) else {
                    continue
                }
                rows.append(
                    Row(
                        key: row.integer(0), position: LogKey.position(ofChange: row.integer(0)),
                        stamp: Stamp(
                            time: HybridTimestamp(rawValue: UInt64(bitPattern: row.integer(2))),
                            replica: ReplicaID(rawValue: UInt64(bitPattern: row.integer(1)))),
                        collection: UInt32(truncatingIfNeeded: row.integer(3)),
                        parent: row.halves(4).map { RecordID(high: $0.high, low: $0.low) }, kind: kind,
                        fields: FieldMask(rawValue: UInt64(bitPattern: row.integer(6))),
                        live: FieldMask(rawValue: UInt64(bitPattern: row.integer(7))),
                        contested: FieldMask(rawValue: UInt64(bitPattern: row.integer(8)))))
            }
            return rows
        }
    }

    func existence(of record: RecordID) throws -> Existence {
        guard try erasures.mayBeGone(connection) else { return .unknown }
        return try connection.withStatement(LogStatements.existence) { row in
            try row.bind(1, line)
            try row.bind(2, high: record.high, low: record.low)
            guard try row.step() else { return .unknown }
            return row.integer(0) == 1 ? .erased : .covered
        }
    }

    static func vector(_ rows: [Row]) -> StampVector {
        StampVector(unsorted: rows.map { .init(stamp: $0.stamp, fields: $0.live) }) ?? StampVector()
    }

    static func hash(_ record: RecordID, _ collection: UInt32, _ vector: StampVector) -> UInt128 {
        vector.entries.isEmpty ? 0 : hasher.record(record, collection: collection, entries: vector.entries)
    }

    // MARK: A change comes in

    /// Whether the change fits what is known of its record. One that does not was never written by a sound replica.
    func isConsistent(_ header: ChangeHeader, _ rows: [Row]) -> Bool {
        // What was erased takes every change, and drops it.
        guard let known = rows.first(where: { $0.kind != .erase }), header.kind != .erase else { return true }
        return known.kind == header.kind && known.collection == header.collection && known.parent == header.parent
    }

    /// Applies an accepted change at its position in the log.
    func apply(
        _ change: SealedChange, stamp: Stamp, position: UInt64, index: Int, rows: [Row], fingerprint: inout Fingerprint,
        seen: (Row) -> Bool
    ) throws {
        let header = change.header
        if header.kind == .erase {
            try erase(change, position: position, index: index, fingerprint: &fingerprint)
            return
        }
        if try isGone(header, fingerprint: &fingerprint) { return }
        if header.kind == .add {
            guard rows.isEmpty else { return }
            fingerprint.add(Self.hasher.note(header.record, collection: header.collection))
            try insert(
                change, position: position, index: index, nonceIndex: UInt64(index), live: .empty, contested: .empty)
            return
        }
        // It came back through a healing that is still going on, before its writer sent it: it counts once.
        if rows.contains(where: { $0.stamp == stamp }) { return }
        if rows.isEmpty {
            // As most are: a new record.
            fingerprint.add(
                Self.hasher.record(
                    header.record, collection: header.collection, entry: .init(stamp: stamp, fields: header.fields)))
            return try insert(
                change, position: position, index: index, nonceIndex: UInt64(index), live: header.fields,
                contested: .empty)
        }
        let before = Self.vector(rows)
        var after = before
        let seenStamps = Set(rows.filter(seen).map(\.stamp))
        after.write(stamp: stamp, fields: header.fields) { seenStamps.contains($0) }
        fingerprint.subtract(Self.hash(header.record, header.collection, before))
        fingerprint.add(Self.hash(header.record, header.collection, after))
        let contested = after.contested
        if after.entries.count > 2, !contested.isEmpty { Marks.reach(.conflictOfThree) }
        try update(rows, to: after, contested: contested)
        try insert(
            change, position: position, index: index, nonceIndex: UInt64(index), live: header.fields,
            contested: contested.intersection(header.fields))
    }

    /// Whether the change's record or its parent is gone; a child of something gone is gone too, with whatever has come
    /// in below it, and remembered, since more may follow.
    func isGone(_ header: ChangeHeader, fingerprint: inout Fingerprint) throws -> Bool {
        if try existence(of: header.record) != .unknown { return true }
        guard let parent = header.parent, try existence(of: parent) != .unknown else { return false }
        try cover(header.record, fingerprint: &fingerprint)
        return true
    }

    /// Gives rows the fields in which they still stand; those that stand in none are deleted.
    func update(_ rows: [Row], to after: StampVector, contested: FieldMask) throws {
        for row in rows {
            let live = after.fields(of: row.stamp)
            if live.isEmpty {
                try delete(row.key)
            } else if live != row.live || contested.intersection(live) != row.contested {
                try connection.withStatement(LogStatements.standing) { statement in
                    try statement.bind(1, row.key)
                    try statement.bind(2, Int64(bitPattern: live.rawValue))
                    try statement.bind(3, Int64(bitPattern: contested.intersection(live).rawValue))
                    try statement.run()
                }
            }
        }
    }

    func insert(
        _ change: SealedChange, position: UInt64, index: Int, nonceIndex: UInt64, live: FieldMask, contested: FieldMask
    ) throws {
        let header = change.header
        try connection.withStatement(LogStatements.insertion) { row in
            try row.bind(1, LogKey.change(line, position, index))
            try row.bind(3, Int64(header.collection))
            try row.bind(5, Int64(header.kind.rawValue))
            try row.bind(6, Int64(bitPattern: header.fields.rawValue))
            try row.bind(7, Int64(bitPattern: live.rawValue))
            try row.bind(8, Int64(bitPattern: contested.rawValue))
            try row.bind(9, Int64(header.epoch))
            try row.bind(10, Int64(nonceIndex))
            try row.run(borrowing: change.sealed) { binder throws(SQLiteError) in
                try binder.bind(2, high: header.record.high, low: header.record.low)
                if let parent = header.parent { try binder.bind(4, high: parent.high, low: parent.low) }
                try binder.bind(11, blob: 0..<change.sealed.count)
            }
        }
    }

    func delete(_ key: Int64) throws {
        try connection.withStatement(LogStatements.deletion) { row in
            try row.bind(1, key)
            try row.run()
        }
    }

    // MARK: Erasing

    /// Erases a record with everything below it; the erasure itself stands for ever. Once is enough.
    func erase(
        _ change: SealedChange, position: UInt64, index: Int, nonceIndex: UInt64? = nil, fingerprint: inout Fingerprint
    ) throws {
        let record = change.header.record
        guard try existence(of: record) != .erased else { return }
        try cover(record, fingerprint: &fingerprint)
        try markGone(record, state: 1)
        fingerprint.add(Self.hasher.tombstone(record))
        try insert(
            change, position: position, index: index, nonceIndex: nonceIndex ?? UInt64(index), live: .empty,
            contested: .empty)
    }

    /// Removes what stands of a record, and of everything below it, however deep: a list of what is left to do, since
    /// the depth is the workstations' choice and a thread's stack is not.
    func cover(_ record: RecordID, fingerprint: inout Fingerprint) throws {
        var waiting = [record]
        while let id = waiting.popLast() {
            let rows = try rows(of: id).filter { $0.kind != .erase }
            if let first = rows.first {
                fingerprint.subtract(
                    first.kind == .add
                        ? Self.hasher.note(id, collection: first.collection)
                        : Self.hash(id, first.collection, Self.vector(rows)))
                for row in rows { try delete(row.key) }
                erasures.isSet = true
            }
            if try existence(of: id) == .unknown { try markGone(id, state: 2) }
            waiting += try children(of: id)
        }
    }

    private func children(of record: RecordID) throws -> [RecordID] {
        try connection.withStatement(
            """
            SELECT DISTINCT record FROM change WHERE parent = ?1 AND kind <> 2
                AND position >> \(LogKey.indexBits + LogKey.positionBits) = ?2
            """
        ) { row in
            try row.bind(1, high: record.high, low: record.low)
            try row.bind(2, line)
            var ids: [RecordID] = []
            while try row.step() {
                if let halves = row.halves(0) { ids.append(RecordID(high: halves.high, low: halves.low)) }
            }
            return ids
        }
    }

    func markGone(_ record: RecordID, state: Int64) throws {
        erasures.noteGone()
        try connection.withStatement("INSERT OR REPLACE INTO gone (line, record, state) VALUES (?, ?, ?)") { row in
            try row.bind(1, line)
            try row.bind(2, high: record.high, low: record.low)
            try row.bind(3, state)
            try row.run()
        }
    }
}
