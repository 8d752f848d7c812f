import Merge
import SQLite
import SyncProtocol

/// What runs over many rows of `change`.
extension ChangeTable {
    private static let feed = StatementText(
        "SELECT \(Column.list()) FROM change WHERE position >= ? AND position <= ? ORDER BY position")
    private static let recordFeed = StatementText(
        """
        SELECT \(Column.list()) FROM change WHERE record = ?1 AND position >> \(LogKey.lineBits) = ?2 ORDER BY position
        """)

    // MARK: For the feed

    /// Calls the body with each change behind a position, in the log's order, until it returns false.
    func forEach(after position: UInt64, _ body: (borrowing Statement) throws -> Bool) throws {
        try connection.withStatement(Self.feed) { row in
            try row.bind(1, LogKey.change(line, position + 1))
            try row.bind(2, LogKey.lastChange(line))
            while try row.step(), try body(row) {}
        }
    }

    /// Calls the body with each change of a record, its erasure too.
    func forEach(of record: RecordID, _ body: (borrowing Statement) throws -> Void) throws {
        try connection.withStatement(Self.recordFeed) { row in
            try row.bind(1, record)
            try row.bind(2, line)
            while try row.step() { try body(row) }
        }
    }

    // MARK: Ids

    /// The records of a range, erased ones too, in order.
    func records(in range: RecordRange, limit: Int) throws -> [RecordID] {
        try ids(
            """
            SELECT DISTINCT record FROM change WHERE position >> \(LogKey.lineBits) = ?1 \(range.condition("record"))
            ORDER BY record LIMIT \(limit)
            """
        ) { row in
            try row.bind(1, line)
            try range.bind(to: row)
        }
    }

    /// The records whose parent it is.
    func records(directlyBelow parent: RecordID) throws -> [RecordID] {
        try ids("SELECT DISTINCT record FROM change WHERE parent = ?2 AND position >> \(LogKey.lineBits) = ?1") { row in
            try row.bind(1, line)
            try row.bind(2, parent)
        }
    }

    /// The records of which something was handed out behind a position.
    func records(after position: UInt64) throws -> [RecordID] {
        try ids("SELECT DISTINCT record FROM change WHERE position >= ? AND position <= ?") { row in
            try row.bind(1, LogKey.change(line, position + 1))
            try row.bind(2, LogKey.lastChange(line))
        }
    }

    private func ids(_ sql: String, _ bind: (borrowing Statement) throws -> Void) throws -> [RecordID] {
        try connection.withStatement(sql) { row in
            try bind(row)
            var ids: [RecordID] = []
            while try row.step() { if let id = row.record(0) { ids.append(id) } }
            return ids
        }
    }

    // MARK: Sums

    private enum ItemColumn: Int, TableColumn { case record, collection, kind, live }

    /// Everything that a range holds, each record with its hash, in order of id: what fingerprints are summed from,
    /// computed anew. Cost: about two microseconds for each change.
    func items(in range: RecordRange) throws -> [SumIndex.Item] {
        var items: [SumIndex.Item] = []
        var current: (id: RecordID, collection: UInt32, entries: [RecordState.Entry])?
        func close() {
            guard let record = current else { return }
            let state = RecordState(standing: record.entries)
            let hash = ItemHasher.standard.record(record.id, collection: record.collection, entries: state.entries)
            items.append(.init(id: record.id, hash: hash))
            current = nil
        }
        try connection.withStatement(
            """
            SELECT \(ItemColumn.list("c")), l.time, l.dot FROM change c
            JOIN log l ON l.key = c.position >> \(LogKey.indexBits)
            WHERE c.position >> \(LogKey.lineBits) = ?1 \(range.condition("c.record")) ORDER BY c.record
            """
        ) { row in
            try row.bind(1, line)
            try range.bind(to: row)
            while try row.step() {
                guard let id = row.record(ItemColumn.record) else { continue }
                if current?.id != id { close() }
                let collection = UInt32(truncatingIfNeeded: row.integer(ItemColumn.collection))
                switch ChangeHeader.Kind(rawValue: UInt8(truncatingIfNeeded: row.integer(ItemColumn.kind))) {
                case .add: items.append(.init(id: id, hash: ItemHasher.standard.note(id, collection: collection)))
                case .erase: items.append(.init(id: id, hash: ItemHasher.standard.tombstone(id)))
                case .put:
                    let entry = RecordState.Entry(
                        stamp: Self.stamp(row, ItemColumn.count),
                        fields: FieldMask(rawValue: row.word(ItemColumn.live)))
                    if current == nil { current = (id, collection, []) }
                    current?.entries.append(entry)
                case nil: continue
                }
            }
        }
        close()
        return items
    }

    /// How many changes are held, and the bytes of their sealed values.
    func counts() throws -> (changes: Int64, sealedBytes: Int64) {
        try connection.withStatement(
            "SELECT count(*), coalesce(sum(length(sealed)), 0) FROM change WHERE position >= ? AND position <= ?"
        ) { row in
            try row.bind(1, LogKey.change(line, 0))
            try row.bind(2, LogKey.lastChange(line))
            return try row.step() ? (row.integer(0), row.integer(1)) : (0, 0)
        }
    }

    // MARK: Damage

    /// The keys of changes that are not what came in. Cost: reads the whole line once.
    func damaged() throws -> [Int64] { try damaged(after: 0, limit: .max).damaged }

    /// The same for so many rows behind a key; `last` is nil where the line ends before that.
    func damaged(after key: Int64, limit: Int) throws -> (damaged: [Int64], last: Int64?) {
        try connection.withStatement(
            """
            SELECT \(Column.list("c")), l.time, l.dot, l.nonce FROM change c
            LEFT JOIN log l ON l.key = c.position >> \(LogKey.indexBits)
            WHERE c.position >= ?1 AND c.position <= ?2 ORDER BY c.position
            """
        ) { row in
            try row.bind(1, max(LogKey.change(line, 0), key + 1))
            try row.bind(2, LogKey.lastChange(line))
            var keys: [Int64] = []
            var count = 0
            while try row.step() {
                if !Self.isSound(row) { keys.append(row.integer(Column.position)) }
                count += 1
                if count == limit { return (keys, row.integer(Column.position)) }
            }
            return (keys, nil)
        }
    }

    private static func isSound(_ row: borrowing Statement) -> Bool {
        guard let header = header(row), let hash = row.number128(Column.hash), !row.isNull(Column.count),
            FieldMask(rawValue: row.word(Column.live)).isSubset(of: header.fields)
        else { return false }
        return unsafe row.withBytes(Column.sealed.rawValue) { sealed in
            unsafe hash
                == RowHash.of(
                    header, stamp: stamp(row, Column.count), nonce: row.bytes(Column.count + 2),
                    nonceIndex: row.word(Column.nonceIndex), sealed: UnsafeRawBufferPointer(sealed))
        }
    }

    /// Keeps a damaged change apart: it counts as not held from now on, so that a healing brings it back.
    func setAside(_ key: Int64, now: Int64) throws {
        try connection.withStatement(
            """
            INSERT INTO damaged (line, position, found, record, collection, kind, sealed_bytes)
            SELECT ?2, position, ?3, record, collection, kind, length(sealed) FROM change WHERE position = ?1
            """
        ) { row in
            try row.bind(1, key)
            try row.bind(2, line)
            try row.bind(3, now)
            try row.run()
        }
        try delete(LogKey.place(ofChange: key))
    }

    /// Nothing of it is missing any more, as far as any workstation knows.
    func forgetSetAside() throws {
        try connection.withStatement("DELETE FROM damaged WHERE line = ?") { row in
            try row.bind(1, line)
            try row.run()
        }
    }

    func setAsideCount() throws -> Int {
        try connection.withStatement("SELECT count(*) FROM damaged WHERE line = ?") { row in
            try row.bind(1, line)
            return try row.step() ? Int(row.integer(0)) : 0
        }
    }
}

extension RecordRange {
    /// As a further condition on a column of ids; parameters 2 and 3 are the bounds.
    func condition(_ column: String) -> String {
        (after == nil ? "" : " AND \(column) > ?2") + (through == nil ? "" : " AND \(column) <= ?3")
    }

    func bind(to row: borrowing Statement) throws {
        if let after { try row.bind(2, after) }
        if let through { try row.bind(3, through) }
    }
}
