import Merge
import PostgreSQL
import SyncProtocol

/// The table `change`, and how its rows are read. What runs over many of them stands in `ChangeRows+Scans.swift`.
enum ChangeRows {
    enum Column: Int, RowColumn {
        case line, position, ordinal, kind, record, parent, collection, fields, live, epoch, nonceIndex, ancestors
        case replaced, hash, sealed
    }
    /// Behind the columns of what is read with its place in the log.
    enum HeadColumn {
        static let (time, dot, nonce, replica, number) =
            (Column.count, Column.count + 1, Column.count + 2, Column.count + 3, Column.count + 4)
        static let list = "l.time, l.dot, l.nonce, l.replica, l.number"
    }
    static let join = "JOIN log l ON l.line = c.line AND l.position = c.position"
    /// All but the sealed values, of which only the length is told.
    private static let held = "\(Column.list("c") { $0 != .sealed }), length(c.sealed), \(HeadColumn.list)"

    static let heldOf = SQLStatement(
        """
        SELECT \(held) FROM change c \(join) WHERE c.line = $1 AND c.record = ANY($2::uuid[])
        ORDER BY c.record, c.position, c.ordinal
        """)
    static let heldBelow = SQLStatement(
        """
        SELECT \(held) FROM change c \(join) WHERE c.line = $1 AND c.record IN (
            SELECT b.record FROM change b WHERE b.line = $1 AND b.parent = ANY($2::uuid[])
            UNION SELECT p.record FROM path p WHERE p.line = $1 AND p.ancestor = ANY($2::uuid[]))
        ORDER BY c.record, c.position, c.ordinal
        """)
    static let insertion = SQLStatement("INSERT INTO change (\(Column.list())) VALUES (\(Column.parameters))")
    static let standing = SQLStatement(
        "UPDATE change SET live = $4 WHERE line = $1 AND position = $2 AND ordinal = $3")
    static let deletion = SQLStatement("DELETE FROM change WHERE line = $1 AND position = $2 AND ordinal = $3")
    static let moving = SQLStatement(
        """
        UPDATE change SET position = $4, ordinal = $5 WHERE line = $1 AND position = $2 AND ordinal = $3
        """)

    // MARK: Reading

    /// What is held of records, erasures apart. Rows that cannot be read count as not held.
    static func decodeHeld(
        _ rows: Rows, into changes: inout [RecordID: [HeldChange]], _ nonces: inout [UInt64: [UInt8]]
    ) {
        for index in rows.indices {
            let row = rows[index]
            guard let header = header(row), header.kind != .erase else { continue }
            let change = HeldChange(
                place: place(row), stamp: stamp(row), header: header, live: FieldMask(rawValue: row.word(Column.live)),
                sealedBytes: Int(row.integer(Column.sealed)))
            nonces[change.place.position] = row.bytes(HeadColumn.nonce)
            changes[header.record, default: []].append(change)
        }
    }

    static func place(_ row: Row) -> ChangePlace {
        ChangePlace(position: row.word(Column.position), index: Int(row.integer(Column.ordinal)))
    }

    static func stamp(_ row: Row) -> Stamp {
        Stamp(
            time: HybridTimestamp(rawValue: row.word(HeadColumn.time)), dot: Dot(rawValue: row.word(HeadColumn.dot)))
    }

    static func header(_ row: Row) -> ChangeHeader? {
        guard let kind = ChangeHeader.Kind(rawValue: UInt8(truncatingIfNeeded: row.integer(Column.kind))),
            let record = row.record(Column.record), let ancestors = ancestors(row), let replaced = replaced(row)
        else { return nil }
        return ChangeHeader(
            kind: kind, collection: UInt32(truncatingIfNeeded: row.integer(Column.collection)), record: record,
            parent: row.record(Column.parent), ancestors: ancestors,
            fields: FieldMask(rawValue: row.word(Column.fields)), replaced: replaced,
            epoch: UInt32(truncatingIfNeeded: row.integer(Column.epoch)))
    }

    private static func replaced(_ row: Row) -> ReplacedDots? {
        let bytes = row.bytes(Column.replaced)
        return bytes.isEmpty ? ReplacedDots.none : ReplacedDots(encoded: bytes.span)
    }

    private static func ancestors(_ row: Row) -> [RecordID]? {
        let bytes = row.bytes(Column.ancestors)
        guard bytes.count % 16 == 0 else { return nil }
        func word(_ start: Int) -> UInt64 { bytes[start..<start + 8].reduce(0) { $0 << 8 | UInt64($1) } }
        return stride(from: 0, to: bytes.count, by: 16).map { RecordID(high: word($0), low: word($0 + 8)) }
    }

    // MARK: Writing

    static func insert(_ new: NewChange, line: LineID, _ connection: PostgreSQLConnection) throws {
        let header = new.change.header
        try connection.send(insertion) {
            add(line, new.place, &$0)
            $0.add(Int16(header.kind.rawValue))
            $0.add(header.record)
            $0.add(header.parent)
            $0.add(Int64(header.collection))
            $0.add(word: header.fields.rawValue)
            $0.add(word: new.live.rawValue)
            $0.add(Int64(header.epoch))
            $0.add(word: new.nonceIndex)
            $0.add(encoded(header.ancestors))
            $0.add(header.replaced.isEmpty ? [] : header.replaced.encoded())
            $0.add(number128: new.hash)
            $0.add(new.change.sealed)
        }
    }

    static func stand(_ place: ChangePlace, in live: FieldMask, line: LineID, _ connection: PostgreSQLConnection) throws
    {
        try connection.send(standing) {
            add(line, place, &$0)
            $0.add(word: live.rawValue)
        }
    }

    static func move(
        _ place: ChangePlace, to other: ChangePlace, line: LineID, _ connection: PostgreSQLConnection
    ) throws {
        try connection.send(moving) {
            add(line, place, &$0)
            $0.add(word: other.position)
            $0.add(Int16(other.index))
        }
    }

    static func delete(_ place: ChangePlace, line: LineID, _ connection: PostgreSQLConnection) throws {
        try connection.send(deletion) { add(line, place, &$0) }
    }

    static func add(_ line: LineID, _ place: ChangePlace, _ parameters: inout Parameters) {
        parameters.add(line.bytes)
        parameters.add(word: place.position)
        parameters.add(Int16(place.index))
    }

    private static func encoded(_ ids: [RecordID]) -> [UInt8] {
        var bytes: [UInt8] = []
        for word in ids.flatMap({ [$0.high, $0.low] }) {
            unsafe withUnsafeBytes(of: word.bigEndian) { unsafe bytes.append(contentsOf: $0) }
        }
        return bytes
    }
}
