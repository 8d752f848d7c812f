import Merge
import SQLite
import SyncProtocol

/// The table `change`, and how its rows are read. What runs over many of them stands in `ChangeTable+Scans.swift`.
struct ChangeTable {
    let connection: Connection
    let line: Int64

    enum Column: Int, TableColumn {
        case position, record, collection, parent, ancestors, kind, fields, live, replaced, epoch, nonceIndex, hash
        case sealed
    }

    /// Behind the columns, with which `sealed` gives its length only: time, dot.
    private static let heldColumns = "\(Column.list("c") { $0 != .sealed }), length(c.sealed), l.time, l.dot"
    private static let heldRows = StatementText(
        """
        SELECT \(heldColumns) FROM change c JOIN log l ON l.key = c.position >> \(LogKey.indexBits)
        WHERE c.record = ?1 AND c.position >> \(LogKey.lineBits) = ?2 ORDER BY c.position
        """)
    /// Of all lines: whose it is must not decide how much is read.
    private static let heldStretch = StatementText(
        """
        SELECT \(heldColumns) FROM change c CROSS JOIN log l ON l.key = c.position >> \(LogKey.indexBits)
        WHERE c.record >= ?1 AND c.record <= ?2 ORDER BY c.record, c.position
        """)
    private static let insertion = StatementText(
        "INSERT INTO change (\(Column.list())) VALUES (\(Column.parameters))")
    private static let standing = StatementText("UPDATE change SET live = ?2 WHERE position = ?1")
    private static let deletion = StatementText("DELETE FROM change WHERE position = ?")
    private static let moving = StatementText("UPDATE change SET position = ?2 WHERE position = ?1")

    // MARK: Reading

    /// What is held of records, their erasures apart. Rows that cannot be read count as not held.
    ///
    /// New records follow each other in time and so in id, and what lies between the first and the last of some hundred is
    /// mostly nothing: one scan finds that out for all of them. Where more lies between, each is looked up.
    func held(_ ids: [RecordID]) throws -> HeldRecords {
        var records = HeldRecords(ascending: ids)
        var rest = ids[...]
        while rest.count > 1, try scan(&rest, &records) {}
        for id in rest { records.put(try held(id), for: id) }
        return records
    }

    private static let stretchRecords = 128

    /// Reads the next stretch of ids at once, and takes away those that are found out. False where too much lies between them.
    private func scan(_ ids: inout ArraySlice<RecordID>, _ records: inout HeldRecords) throws -> Bool {
        var stretch = ids.prefix(Self.stretchRecords)
        var rowsLeft = stretch.count * 2
        return try connection.withStatement(Self.heldStretch) { row in
            try row.bind(1, stretch[stretch.startIndex])
            try row.bind(2, stretch[stretch.endIndex - 1])
            var current: (id: RecordID, changes: [HeldChange])?
            func close() {
                guard let done = current else { return }
                records.put(HeldRecord(done.changes), for: done.id)
                current = nil
            }
            while try row.step() {
                guard let id = row.record(Column.record) else { continue }
                if current?.id != id {
                    close()
                    while let first = stretch.first, first < id { stretch.removeFirst() }
                }
                if rowsLeft <= 0, current == nil {
                    ids = ids[stretch.startIndex...]
                    return false
                }
                rowsLeft -= 1
                guard stretch.first == id, row.integer(Column.position) >> LogKey.lineBits == line,
                    let change = Self.held(row)
                else { continue }
                if current == nil { current = (id, []) }
                current?.changes.append(change)
            }
            close()
            ids = ids.dropFirst(Self.stretchRecords)
            return true
        }
    }

    /// What is held of a record, its erasure apart.
    private func held(_ record: RecordID) throws -> HeldRecord {
        try connection.withStatement(Self.heldRows) { row in
            try row.bind(1, record)
            try row.bind(2, line)
            var changes: [HeldChange] = []
            while try row.step() { if let change = Self.held(row) { changes.append(change) } }
            return HeldRecord(changes)
        }
    }

    private static func held(_ row: borrowing Statement) -> HeldChange? {
        guard let header = header(row), header.kind != .erase else { return nil }
        return HeldChange(
            place: LogKey.place(ofChange: row.integer(Column.position)), stamp: stamp(row, Column.count),
            header: header, live: FieldMask(rawValue: row.word(Column.live)),
            sealedBytes: Int(row.integer(Column.sealed)))
    }

    static func header(_ row: borrowing Statement) -> ChangeHeader? {
        guard let kind = ChangeHeader.Kind(rawValue: UInt8(truncatingIfNeeded: row.integer(Column.kind))),
            let record = row.record(Column.record), let ancestors = ancestors(row), let replaced = replaced(row)
        else { return nil }
        return ChangeHeader(
            kind: kind, collection: UInt32(truncatingIfNeeded: row.integer(Column.collection)), record: record,
            parent: row.record(Column.parent), ancestors: ancestors,
            fields: FieldMask(rawValue: row.word(Column.fields)),
            replaced: replaced, epoch: UInt32(truncatingIfNeeded: row.integer(Column.epoch)))
    }

    /// From a pair of columns: time, dot.
    static func stamp(_ row: borrowing Statement, _ column: Int) -> Stamp {
        Stamp(time: HybridTimestamp(rawValue: row.word(column)), dot: Dot(rawValue: row.word(column + 1)))
    }

    private static func replaced(_ row: borrowing Statement) -> ReplacedDots? {
        row.isNull(Column.replaced) ? ReplacedDots.none : ReplacedDots(encoded: row.bytes(Column.replaced).span)
    }

    private static func ancestors(_ row: borrowing Statement) -> [RecordID]? {
        if row.isNull(Column.ancestors) { return [] }
        let bytes = row.bytes(Column.ancestors)
        guard bytes.count % 16 == 0 else { return nil }
        func word(_ start: Int) -> UInt64 { bytes[start..<start + 8].reduce(0) { $0 << 8 | UInt64($1) } }
        return stride(from: 0, to: bytes.count, by: 16).map { RecordID(high: word($0), low: word($0 + 8)) }
    }

    // MARK: Writing

    func insert(_ new: NewChange) throws {
        let header = new.change.header
        try connection.withStatement(Self.insertion) { row in
            try row.bind(Column.position, LogKey.change(line, new.place))
            try row.bind(Column.collection, Int64(header.collection))
            if !header.ancestors.isEmpty { try row.bind(Column.ancestors, Self.encoded(header.ancestors)) }
            try row.bind(Column.kind, Int64(header.kind.rawValue))
            try row.bind(Column.fields, word: header.fields.rawValue)
            try row.bind(Column.live, word: new.live.rawValue)
            if !header.replaced.isEmpty { try row.bind(Column.replaced, header.replaced.encoded()) }
            try row.bind(Column.epoch, Int64(header.epoch))
            try row.bind(Column.nonceIndex, word: new.nonceIndex)
            try row.run(borrowing: new.change.sealed) { binder throws(SQLiteError) in
                try binder.bind(Column.record.parameter, high: header.record.high, low: header.record.low)
                if let parent = header.parent {
                    try binder.bind(Column.parent.parameter, high: parent.high, low: parent.low)
                }
                try binder.bind(
                    Column.hash.parameter, high: UInt64(truncatingIfNeeded: new.hash >> 64),
                    low: UInt64(truncatingIfNeeded: new.hash))
                try binder.bind(Column.sealed.parameter, blob: 0..<new.change.sealed.count)
            }
        }
    }

    func stand(_ place: ChangePlace, in live: FieldMask) throws {
        try run(Self.standing, place, Int64(bitPattern: live.rawValue))
    }

    func move(_ place: ChangePlace, to other: ChangePlace) throws {
        try run(Self.moving, place, LogKey.change(line, other))
    }

    func delete(_ place: ChangePlace) throws { try run(Self.deletion, place) }

    private func run(_ statement: StatementText, _ place: ChangePlace, _ value: Int64? = nil) throws {
        try connection.withStatement(statement) { row in
            try row.bind(1, LogKey.change(line, place))
            if let value { try row.bind(2, value) }
            try row.run()
        }
    }

    private static func encoded(_ ids: [RecordID]) -> [UInt8] {
        var bytes: [UInt8] = []
        for word in ids.flatMap({ [$0.high, $0.low] }) {
            unsafe withUnsafeBytes(of: word.bigEndian) { unsafe bytes.append(contentsOf: $0) }
        }
        return bytes
    }
}
