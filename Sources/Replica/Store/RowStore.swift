import Merge
import SQLite
import SyncProtocol

/// Reads and writes the rows of collections, with statements cached for each set of fields.
///
/// Confined to the writer's connection.
final class RowStore {
    let connection: Connection
    let schema: Schema
    private var statements: [Key: Prepared] = [:]
    /// Of each use the one that was run last: mostly it is the same again.
    private var latest: [(key: Key, prepared: Prepared)?] = Array(repeating: nil, count: Key.Use.allCases.count)
    /// By the numbers of the collections that are searched.
    private let fullTexts: [UInt32: FullText]

    private struct Key: Hashable {
        enum Use: Int, CaseIterable { case insert, update, state, read, remove, exists }
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
        let found = schema.collections.compactMap { FullText(connection: connection, collection: $0) }
        fullTexts = Dictionary(uniqueKeysWithValues: found.map { ($0.collection.number, $0) })
    }

    // MARK: Rows

    /// Inserts a row whose values stand at `places` of `buffer`; false if the id is there already.
    func insert(
        _ collection: CollectionSchema, _ id: RecordID, above: Above, fields: FieldMask, places: [ValuePlace],
        buffer: [UInt8], entry: RecordState.Entry
    ) throws(SQLiteError) -> Bool {
        let prepared = try prepare(.insert, collection, fields)
        if entry != encodedEntry {
            var bytes: [UInt8] = []
            RecordState.append(entry, to: &bytes)
            entryBytes = bytes
            encodedEntry = entry
        }
        // Taken out first: an access that lasts while the statement runs would be checked for each row.
        let entryBytes = entryBytes
        try prepared.statement.run(borrowing: buffer) { binder throws(SQLiteError) in
            try binder.bind(1, high: id.high, low: id.low)
            try binder.bind(2, copying: entryBytes)
            var index = 3
            if collection.parent != nil {
                if let parent = above.parent {
                    try binder.bind(3, high: parent.high, low: parent.low)
                } else {
                    try binder.bindNull(3)
                }
                index = 4
            }
            if collection.depth > 1 {
                try binder.bind(index, copying: above.encodedAncestors)
                index += 1
            }
            for place in places where fields.contains(place.field) {
                try place.bind(binder, index)
                index += 1
            }
        }
        let isNew = connection.changedRowCount > 0
        if isNew, !collection.searchedMask.isEmpty { try fullTexts[collection.number]?.add(id) }
        return isNew
    }

    /// Sets fields and state of a row that exists.
    func update(
        _ collection: CollectionSchema, _ id: RecordID, fields: FieldMask, places: [ValuePlace], buffer: [UInt8],
        state: RecordState
    ) throws(SQLiteError) {
        let prepared = try prepare(.update, collection, fields)
        let state = state.encoded()
        let isSearched = !fields.intersection(collection.searchedMask).isEmpty
        if isSearched { try fullTexts[collection.number]?.remove(id) }
        try prepared.statement.run(borrowing: buffer) { binder throws(SQLiteError) in
            try binder.bind(1, high: id.high, low: id.low)
            try binder.bind(2, copying: state)
            var index = 3
            for place in places where fields.contains(place.field) {
                try place.bind(binder, index)
                index += 1
            }
        }
        if isSearched { try fullTexts[collection.number]?.add(id) }
    }

    func setState(_ collection: CollectionSchema, _ id: RecordID, _ state: RecordState) throws(SQLiteError) {
        try update(collection, id, fields: .empty, places: [], buffer: [], state: state)
    }

    /// What stands in the row; nil if there is none.
    func state(_ collection: CollectionSchema, _ id: RecordID) throws -> RecordState? {
        let prepared = try prepare(.state, collection, .empty)
        defer { prepared.statement.rewind() }
        try prepared.statement.bind(1, high: id.high, low: id.low)
        return try prepared.statement.step() ? try RecordState(prepared.statement, 0) : nil
    }

    /// A row with the values of some of its fields.
    struct Row {
        var state: RecordState
        var above: Above
        /// In their wire form, as of a change that sets these fields.
        var values: CBORWriter
    }

    func read(_ collection: CollectionSchema, _ id: RecordID, fields: FieldMask) throws -> Row? {
        let prepared = try prepare(.read, collection, fields)
        defer { prepared.statement.rewind() }
        try prepared.statement.bind(1, high: id.high, low: id.low)
        guard try prepared.statement.step() else { return nil }
        var row = Row(state: try RecordState(prepared.statement, 0), above: .nothing, values: CBORWriter())
        var index = 1
        if collection.parent != nil {
            let ancestors = collection.depth > 1 ? prepared.statement.bytes(2) : []
            row.above = Above(parent: try RecordID?(prepared.statement, 1), encodedAncestors: ancestors)
            index = 3
        }
        for field in collection.fields where fields.contains(field.number) {
            ValueCodec.append(prepared.statement, index, field.type, to: &row.values)
            index += 1
        }
        return row
    }

    func exists(_ collection: CollectionSchema, _ id: RecordID) throws(SQLiteError) -> Bool {
        let prepared = try prepare(.exists, collection, .empty)
        defer { prepared.statement.rewind() }
        try prepared.statement.bind(1, high: id.high, low: id.low)
        return try prepared.statement.step()
    }

    func remove(_ collection: CollectionSchema, _ id: RecordID) throws(SQLiteError) {
        if !collection.searchedMask.isEmpty { try fullTexts[collection.number]?.remove(id) }
        let prepared = try prepare(.remove, collection, .empty)
        try prepared.statement.bind(1, high: id.high, low: id.low)
        try prepared.statement.run()
    }

    /// Lets the words of erased notes leave the full-text indexes. To be called at the end of a transaction that erases.
    func mergeFullTexts() throws {
        for fullText in fullTexts.values { try fullText.merge() }
    }

    /// After values were mended behind its back.
    func rebuildFullText(_ collection: CollectionSchema) throws {
        try fullTexts[collection.number]?.rebuild()
    }

    /// The records of a collection that stand below one of another, `distance` levels up.
    func descendants(_ collection: CollectionSchema, of ancestor: RecordID, distance: Int) throws -> [RecordID] {
        let condition = distance == 1 ? "parent = ?1" : "\(Above.column(distance: distance)) = ?1"
        return try connection.withStatement("SELECT id FROM \(collection.name) WHERE \(condition)") { row in
            try row.bind(1, high: ancestor.high, low: ancestor.low)
            var ids: [RecordID] = []
            while try row.step() { ids.append(try RecordID(row, 0)) }
            return ids
        }
    }

    // MARK: Statements

    /// The stored form of the latest new row's entry: most rows of a commit have the same one.
    private var entryBytes: [UInt8] = []
    private var encodedEntry: RecordState.Entry?

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
            if collection.depth > 1 { columns.append("ancestors") }
            columns += names
            let marks = columns.indices.map { "?\($0 + 1)" }
            return
                "INSERT OR IGNORE INTO \(table) (\(columns.joined(separator: ", "))) VALUES (\(marks.joined(separator: ", ")))"
        case .update:
            let sets = ["stamps = ?2"] + names.enumerated().map { "\($1) = ?\($0 + 3)" }
            return "UPDATE \(table) SET \(sets.joined(separator: ", ")) WHERE id = ?1"
        case .state: return "SELECT stamps FROM \(table) WHERE id = ?1"
        case .read:
            let above = collection.parent == nil ? [] : ["parent", collection.depth > 1 ? "ancestors" : "NULL"]
            let columns = ["stamps"] + above + names
            return "SELECT \(columns.joined(separator: ", ")) FROM \(table) WHERE id = ?1"
        case .exists: return "SELECT 1 FROM \(table) WHERE id = ?1"
        case .remove: return "DELETE FROM \(table) WHERE id = ?1"
        }
    }
}
