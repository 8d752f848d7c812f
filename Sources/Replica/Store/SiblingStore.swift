import Merge
import SQLite

/// The values of writes that stand beside the one shown, and the moves between them and the row. Owner of `lugn_sibling`.
struct SiblingStore {
    let connection: Connection

    static let definition = """
        -- Values of writes that stand in a field and are not the one shown.
        CREATE TABLE lugn_sibling (
            record BLOB NOT NULL, field INTEGER NOT NULL, dot INTEGER NOT NULL, collection INTEGER NOT NULL, value ANY,
            PRIMARY KEY (record, field, dot)
        ) STRICT, WITHOUT ROWID;
        """

    /// Takes out values of writes that stand nowhere: of a row that was lost and came back, or never will.
    func removeStrays(_ stands: (Place) throws -> Bool) throws {
        for place in try places(of: nil) where try !stands(place) { try remove(place.record, place.field, place.dot) }
    }

    private static let key = "record = ?1 AND field = ?2 AND dot = ?3"
    private static let insertion = StatementText(
        "INSERT OR REPLACE INTO lugn_sibling (record, field, dot, collection, value) VALUES (?1, ?2, ?3, ?4, ?5)")
    private static let deletion = StatementText("DELETE FROM lugn_sibling WHERE \(key)")

    /// Moves a column's value into the table, as the value of the write that loses its place.
    func keep(_ collection: CollectionSchema, _ id: RecordID, _ field: FieldDefinition, as dot: Dot) throws {
        try connection.withStatement(
            """
            INSERT OR REPLACE INTO lugn_sibling (record, field, dot, collection, value)
            SELECT ?1, ?2, ?3, ?4, \(field.name) FROM \(collection.name) WHERE id = ?1
            """
        ) { row in
            try bindKey(row, id, field.number, dot)
            try row.bind(4, Int64(collection.number))
            try row.run()
        }
    }

    /// Adds a value that stands in a buffer.
    func insert(
        _ collection: CollectionSchema, _ id: RecordID, _ dot: Dot, _ place: ValuePlace, buffer: [UInt8]
    ) throws {
        try connection.withStatement(Self.insertion) { row in
            try row.run(borrowing: buffer) { binder throws(SQLiteError) in
                try binder.bind(1, high: id.high, low: id.low)
                try binder.bind(2, Int64(place.field))
                try binder.bind(3, Int64(bitPattern: dot.rawValue))
                try binder.bind(4, Int64(collection.number))
                try place.bind(binder, 5)
            }
        }
    }

    /// Moves a value into the row's column.
    func promote(_ collection: CollectionSchema, _ id: RecordID, _ field: FieldDefinition, _ dot: Dot) throws {
        try connection.withStatement(
            """
            UPDATE \(collection.name) SET \(field.name) = (SELECT value FROM lugn_sibling WHERE \(Self.key)) WHERE id = ?1
            """
        ) { row in
            try bindKey(row, id, field.number, dot)
            try row.run()
        }
        try remove(id, field.number, dot)
    }

    func value(_ id: RecordID, _ field: FieldDefinition, _ dot: Dot) throws -> Value? {
        try connection.withStatement("SELECT value FROM lugn_sibling WHERE \(Self.key)") { row in
            try bindKey(row, id, field.number, dot)
            return try row.step() ? Value(row, 0, field.type) : nil
        }
    }

    func remove(_ id: RecordID, _ field: Int, _ dot: Dot) throws {
        try connection.withStatement(Self.deletion) { row in
            try bindKey(row, id, field, dot)
            try row.run()
        }
    }

    func removeAll(_ id: RecordID) throws {
        try connection.withStatement("DELETE FROM lugn_sibling WHERE record = ?1") { row in
            try row.bind(1, high: id.high, low: id.low)
            try row.run()
        }
    }

    struct Place {
        var record: RecordID
        var collection: UInt32
        var field: Int
        var dot: Dot
    }

    /// All of them, or those of a record, in order of record and field.
    func places(of record: RecordID? = nil) throws -> [Place] {
        try connection.withStatement(
            """
            SELECT record, collection, field, dot FROM lugn_sibling
            \(record == nil ? "" : "WHERE record = ?1") ORDER BY record, field, dot
            """
        ) { row in
            if let record { try row.bind(1, high: record.high, low: record.low) }
            var places: [Place] = []
            while try row.step() {
                places.append(
                    Place(
                        record: try RecordID(row, 0), collection: UInt32(truncatingIfNeeded: row.integer(1)),
                        field: Int(row.integer(2)), dot: Dot(row, 3)))
            }
            return places
        }
    }

    private func bindKey(_ row: borrowing Statement, _ id: RecordID, _ field: Int, _ dot: Dot) throws {
        try row.bind(1, high: id.high, low: id.low)
        try row.bind(2, field)
        try row.bind(3, Int64(bitPattern: dot.rawValue))
    }
}
