import Merge
import PostgreSQL
import SyncProtocol

/// What runs over many rows of `change`: a stretch at a time, each behind the last row of the one before, so that no
/// answer is larger than a stretch.
extension ChangeRows {
    private static let whole = "\(Column.list("c")), \(HeadColumn.list)"

    // The numbers of rows stand in the text, so that nobody plans for all of them.
    static let feed = SQLStatement(feed(rows: feedRows))
    static let feedOn = SQLStatement(feed(rows: stretchRows))
    private static func feed(rows: Int) -> String {
        """
        SELECT \(whole) FROM change c \(join)
        WHERE c.line = $1 AND c.position >= $2 AND (c.position, c.ordinal) > ($2, $3::smallint)
        ORDER BY c.position, c.ordinal LIMIT \(rows)
        """
    }
    static let recordFeed = SQLStatement(
        "SELECT \(whole) FROM change c \(join) WHERE c.line = $1 AND c.record = $2 ORDER BY c.position, c.ordinal")
    static let idsInRange = SQLStatement(
        """
        SELECT DISTINCT c.record FROM change c WHERE c.line = $1 AND c.record >= $2 AND c.record <= $3
        ORDER BY c.record LIMIT $4
        """)
    static let idsAfter = SQLStatement("SELECT DISTINCT c.record FROM change c WHERE c.line = $1 AND c.position > $2")
    static let itemRows = SQLStatement(
        """
        SELECT c.record, c.collection, c.kind, c.live, l.time, l.dot, c.position, c.ordinal FROM change c \(join)
        WHERE c.line = $1 AND c.record >= $2 AND (c.record, c.position, c.ordinal) >= ($2, $3, $4::smallint)
            AND c.record <= $5
        ORDER BY c.record, c.position, c.ordinal LIMIT \(stretchRows)
        """)
    static let countAll = SQLStatement(
        "SELECT count(*), coalesce(sum(length(sealed)), 0)::bigint FROM change WHERE line = $1")
    static let stretch = SQLStatement(
        """
        SELECT \(whole) FROM change c LEFT \(join)
        WHERE c.line = $1 AND c.position >= $2 AND (c.position, c.ordinal) > ($2, $3::smallint)
        ORDER BY c.position, c.ordinal LIMIT $4
        """)
    static let setAside = SQLStatement(
        """
        INSERT INTO damaged (line, position, ordinal, found, record, collection, kind, sealed_bytes)
        SELECT line, position, ordinal, $4, record, collection, kind, length(sealed) FROM change
        WHERE line = $1 AND position = $2 AND ordinal = $3
        """)
    static let setAsideCount = SQLStatement("SELECT count(*) FROM damaged WHERE line = $1")
    static let setAsideCounts = SQLStatement("SELECT line, count(*) FROM damaged GROUP BY line")
    static let forgettingSetAside = SQLStatement("DELETE FROM damaged WHERE line = $1")

    static let statements = [
        heldOf, heldBelow, insertion, standing, deletion, moving, feed, feedOn, recordFeed, idsInRange, idsAfter,
        itemRows,
        countAll, stretch, setAside, setAsideCount, forgettingSetAside,
    ]
    /// Of the first stretch of a page, which mostly is all of it; and of what only sums are taken of.
    static let feedRows = 250
    static let stretchRows = 4_000

    static func ids(
        in range: RecordRange, limit: Int, line: LineID, _ connection: PostgreSQLConnection
    ) throws -> [RecordID] {
        guard let bounds = range.bounds else { return [] }
        let rows = try connection.run(idsInRange) {
            $0.add(line.bytes)
            $0.add(bounds.first)
            $0.add(bounds.last)
            $0.add(Int64(limit))
        }
        return rows.indices.compactMap { rows[$0].record(0) }
    }

    static func ids(after position: UInt64, line: LineID, _ connection: PostgreSQLConnection) throws -> [RecordID] {
        let rows = try connection.run(idsAfter) {
            $0.add(line.bytes)
            $0.add(word: position)
        }
        return rows.indices.compactMap { rows[$0].record(0) }
    }

    // MARK: Sums

    /// Everything that a range holds, each record with its hash, in order of id: what fingerprints are summed from.
    static func items(
        in range: RecordRange, line: LineID, _ connection: PostgreSQLConnection
    ) throws -> [SumIndex.Item] {
        guard let bounds = range.bounds else { return [] }
        var collector = ItemCollector()
        var (record, position, ordinal) = (bounds.first, UInt64(0), Int16(0))
        while true {
            let rows = try connection.run(itemRows) {
                $0.add(line.bytes)
                $0.add(record)
                $0.add(word: position)
                $0.add(ordinal)
                $0.add(bounds.last)
            }
            for index in rows.indices { collector.add(rows[index]) }
            guard rows.count == stretchRows, let last = rows.indices.last.map({ rows[$0] }), let id = last.record(0)
            else { return collector.finish() }
            (record, position, ordinal) = (id, last.word(6), Int16(last.integer(7)) + 1)
        }
    }

    static func counts(line: LineID, _ connection: PostgreSQLConnection) throws -> (changes: Int64, sealedBytes: Int64)
    {
        let row = try connection.run(countAll) { $0.add(line.bytes) }.first
        return row.map { ($0.integer(0), $0.integer(1)) } ?? (0, 0)
    }

    // MARK: Damage

    static func damaged(line: LineID, _ connection: PostgreSQLConnection) throws -> [ChangePlace] {
        var places: [ChangePlace] = []
        var end: Int64? = 0
        while let key = end {
            let part = try damaged(after: key, limit: feedRows, line: line, connection)
            places += part.damaged
            end = part.last
        }
        return places
    }

    /// So many rows behind a place, which is one number as in ``LogKey``; 0: from the first.
    static func damaged(
        after key: Int64, limit: Int, line: LineID, _ connection: PostgreSQLConnection
    ) throws -> (damaged: [ChangePlace], last: Int64?) {
        let start = key == 0 ? ChangePlace(position: 0, index: -1) : LogKey.place(ofChange: key)
        let rows = try connection.run(stretch) {
            add(line, start, &$0)
            $0.add(Int64(limit))
        }
        let places = rows.indices.filter { !isSound(rows[$0]) }.map { place(rows[$0]) }
        guard rows.count == limit, let last = rows.indices.last else { return (places, nil) }
        return (places, LogKey.change(0, place(rows[last])))
    }

    private static func isSound(_ row: Row) -> Bool {
        guard let header = header(row), let hash = row.number128(Column.hash), !row.isNull(HeadColumn.time),
            FieldMask(rawValue: row.word(Column.live)).isSubset(of: header.fields)
        else { return false }
        return unsafe row.withBytes(Column.sealed.rawValue) { sealed in
            unsafe hash
                == RowHash.of(
                    header, stamp: stamp(row), nonce: row.bytes(HeadColumn.nonce),
                    nonceIndex: row.word(Column.nonceIndex), sealed: UnsafeRawBufferPointer(sealed))
        }
    }
}

/// Rows in order of record, as records with their hashes.
private struct ItemCollector {
    private var items: [SumIndex.Item] = []
    private var current: (id: RecordID, collection: UInt32, entries: [RecordState.Entry])?

    mutating func add(_ row: Row) {
        guard let id = row.record(0) else { return }
        if current?.id != id { close() }
        let collection = UInt32(truncatingIfNeeded: row.integer(1))
        switch ChangeHeader.Kind(rawValue: UInt8(truncatingIfNeeded: row.integer(2))) {
        case .add: items.append(.init(id: id, hash: ItemHasher.standard.note(id, collection: collection)))
        case .erase: items.append(.init(id: id, hash: ItemHasher.standard.tombstone(id)))
        case .put:
            let stamp = Stamp(time: HybridTimestamp(rawValue: row.word(4)), dot: Dot(rawValue: row.word(5)))
            if current == nil { current = (id, collection, []) }
            current?.entries.append(RecordState.Entry(stamp: stamp, fields: FieldMask(rawValue: row.word(3))))
        case nil: return
        }
    }

    mutating func finish() -> [SumIndex.Item] {
        close()
        return items
    }

    private mutating func close() {
        guard let record = current else { return }
        let state = RecordState(standing: record.entries)
        let hash = ItemHasher.standard.record(record.id, collection: record.collection, entries: state.entries)
        items.append(.init(id: record.id, hash: hash))
        current = nil
    }
}

extension RecordRange {
    /// Its first and last id, both inside; nil for an empty range.
    fileprivate var bounds: (first: RecordID, last: RecordID)? {
        let last = through ?? RecordID(high: .max, low: .max)
        guard let after else { return (RecordID(high: 0, low: 0), last) }
        let first = RecordID(high: after.high &+ (after.low == .max ? 1 : 0), low: after.low &+ 1)
        return after < first && first <= last ? (first, last) : nil
    }
}
