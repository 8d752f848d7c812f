import Merge
import SQLite

/// Reads and writes the rows of collections, with statements cached for each set of fields.
///
/// Confined to the writer's connection.
final class RowStore {
    let connection: Connection
    let schema: Schema
    private var statements: [Key: Prepared] = [:]
    /// Of each use the one that was run last: mostly it is the same again.
    private var latest: [(key: Key, prepared: Prepared)?] = Array(repeating: nil, count: Key.Use.allCases.count)

    private struct Key: Hashable {
        enum Use: Int, CaseIterable { case insert, update, stamps, remove, children, exists }
        var use: Use
        var collection: UInt32
        var fields: UInt64
    }

    /// A box for the dictionary.
    private final class Prepared {
        let statement: Statement
        init(_ statement: consuming Statement) { self.statement = statement }
    }

    init(connection: Connection, schema: Schema) {
        self.connection = connection
        self.schema = schema
    }

    // MARK: Rows

    /// Inserts a row whose values stand at `places` of `buffer`; false if the id is there already.
    func insert(
        _ collection: CollectionSchema, _ id: RecordID, parent: RecordID?, fields: FieldMask, places: [ValuePlace],
        buffer: [UInt8], stamp: StampVector.Entry
    ) throws(SQLiteError) -> Bool {
        let prepared = try prepare(.insert, collection, fields)
        if stamp != encodedEntry {
            var bytes: [UInt8] = []
            StampVector.append(stamp, to: &bytes)
            stampBytes = bytes
            encodedEntry = stamp
        }
        // Taken out first: an access that lasts while the statement runs would be checked for each row.
        let stampBytes = stampBytes
        try prepared.statement.run(borrowing: buffer) { binder throws(SQLiteError) in
            try binder.bind(1, high: id.high, low: id.low)
            try binder.bind(2, copying: stampBytes)
            var index = 3
            if collection.parent != nil {
                if let parent { try binder.bind(3, high: parent.high, low: parent.low) } else { try binder.bindNull(3) }
                index = 4
            }
            for place in places where fields.contains(place.field) {
                try place.bind(binder, index)
                index += 1
            }
        }
        return connection.changedRowCount > 0
    }

    /// Sets fields and stamps of a row that exists.
    func update(
        _ collection: CollectionSchema, _ id: RecordID, fields: FieldMask, places: [ValuePlace], buffer: [UInt8],
        stamps: StampVector
    ) throws(SQLiteError) {
        let prepared = try prepare(.update, collection, fields)
        let stamps = stamps.encoded()
        try prepared.statement.run(borrowing: buffer) { binder throws(SQLiteError) in
            try binder.bind(1, high: id.high, low: id.low)
            try binder.bind(2, copying: stamps)
            var index = 3
            for place in places where fields.contains(place.field) {
                try place.bind(binder, index)
                index += 1
            }
        }
    }

    /// Sets one column to a value that is read by the given query; see `SiblingStore`.
    func setStamps(_ collection: CollectionSchema, _ id: RecordID, _ stamps: StampVector) throws {
        let sql = "UPDATE \(collection.name) SET stamps = ?2 WHERE id = ?1"
        try connection.withStatement(sql) { statement in
            try statement.bind(1, high: id.high, low: id.low)
            try statement.bind(2, stamps.encoded())
            try statement.run()
        }
    }

    /// The row's state for merging; nil if there is no row.
    func stamps(_ collection: CollectionSchema, _ id: RecordID) throws -> StampVector? {
        let prepared = try prepare(.stamps, collection, .empty)
        defer { prepared.statement.rewind() }
        try prepared.statement.bind(1, high: id.high, low: id.low)
        guard try prepared.statement.step() else { return nil }
        let vector = unsafe prepared.statement.withBytes(0) { bytes in
            StampVector(encoded: unsafe Span(_unsafeElements: bytes))
        }
        guard let vector else {
            throw ReplicaError(.damaged, "a record's stamps are damaged; restore the file from a backup")
        }
        return vector
    }

    func exists(_ collection: CollectionSchema, _ id: RecordID) throws(SQLiteError) -> Bool {
        let prepared = try prepare(.exists, collection, .empty)
        defer { prepared.statement.rewind() }
        try prepared.statement.bind(1, high: id.high, low: id.low)
        return try prepared.statement.step()
    }

    func remove(_ collection: CollectionSchema, _ id: RecordID) throws(SQLiteError) {
        let prepared = try prepare(.remove, collection, .empty)
        try prepared.statement.bind(1, high: id.high, low: id.low)
        try prepared.statement.run()
    }

    func children(_ collection: CollectionSchema, of parent: RecordID) throws -> [RecordID] {
        let prepared = try prepare(.children, collection, .empty)
        defer { prepared.statement.rewind() }
        try prepared.statement.bind(1, high: parent.high, low: parent.low)
        var ids: [RecordID] = []
        while try prepared.statement.step() {
            if let halves = prepared.statement.halves(0) { ids.append(RecordID(high: halves.high, low: halves.low)) }
        }
        return ids
    }

    // MARK: Statements

    /// The stored form of the latest new row's stamp: all rows of a commit have the same one.
    private var stampBytes: [UInt8] = []
    private var encodedEntry: StampVector.Entry?

    private func prepare(
        _ use: Key.Use, _ collection: CollectionSchema, _ fields: FieldMask
    ) throws(SQLiteError) -> Prepared {
        let key = Key(use: use, collection: collection.number, fields: fields.rawValue)
        if let last = latest[use.rawValue], last.key == key { return last.prepared }
        let prepared: Prepared
        if let known = statements[key] {
            prepared = known
        } else {
            prepared = Prepared(try connection.prepare(sql(use, collection, fields)))
            statements[key] = prepared
        }
        latest[use.rawValue] = (key, prepared)
        return prepared
    }

    private func sql(_ use: Key.Use, _ collection: CollectionSchema, _ fields: FieldMask) -> String {
        let table = collection.name
        let names = collection.fields.filter { fields.contains($0.number) }.map(\.name)
        switch use {
        case .insert:
            var columns = ["id", "stamps"]
            if collection.parent != nil { columns.append("parent") }
            columns += names
            let marks = columns.indices.map { "?\($0 + 1)" }
            return
                "INSERT OR IGNORE INTO \(table) (\(columns.joined(separator: ", "))) VALUES (\(marks.joined(separator: ", ")))"
        case .update:
            let sets = ["stamps = ?2"] + names.enumerated().map { "\($1) = ?\($0 + 3)" }
            return "UPDATE \(table) SET \(sets.joined(separator: ", ")) WHERE id = ?1"
        case .stamps: return "SELECT stamps FROM \(table) WHERE id = ?1"
        case .exists: return "SELECT 1 FROM \(table) WHERE id = ?1"
        case .remove: return "DELETE FROM \(table) WHERE id = ?1"
        case .children: return "SELECT id FROM \(table) WHERE parent = ?1"
        }
    }
}
