import Merge
import SQLite

/// The values of siblings that are not the one shown, and the moves between them and the row.
struct SiblingStore {
    let connection: Connection

    private static let insertion = StatementText(
        "INSERT OR REPLACE INTO lugn_sibling (record, field, time, replica, collection, value) VALUES (?1, ?2, ?3, ?4, ?5, ?6)"
    )

    /// Moves a column's value into the table, as the value of the stamp that loses its place.
    func keep(_ collection: CollectionSchema, _ id: RecordID, _ field: FieldDefinition, as stamp: Stamp) throws {
        try connection.withStatement(
            """
            INSERT OR REPLACE INTO lugn_sibling (record, field, time, replica, collection, value)
            SELECT ?1, ?2, ?3, ?4, ?5, \(field.name) FROM \(collection.name) WHERE id = ?1
            """
        ) { statement in
            try bindKey(statement, id, field.number, stamp)
            try statement.bind(5, Int64(collection.number))
            try statement.run()
        }
    }

    /// Adds an incoming value that loses.
    func insert(
        _ collection: CollectionSchema, _ id: RecordID, _ stamp: Stamp, _ place: ValuePlace, buffer: [UInt8]
    ) throws {
        try connection.withStatement(Self.insertion) { statement in
            try statement.run(borrowing: buffer) { binder throws(SQLiteError) in
                try binder.bind(1, high: id.high, low: id.low)
                try binder.bind(2, Int64(place.field))
                try binder.bind(3, Int64(bitPattern: stamp.time.rawValue))
                try binder.bind(4, Int64(bitPattern: stamp.replica.rawValue))
                try binder.bind(5, Int64(collection.number))
                try place.bind(binder, 6)
            }
        }
    }

    /// Moves a sibling's value into the column; false if its value is not here.
    func promote(_ collection: CollectionSchema, _ id: RecordID, _ field: FieldDefinition, _ stamp: Stamp) throws
        -> Bool
    {
        let key = "record = ?1 AND field = ?2 AND time = ?3 AND replica = ?4"
        let found = try connection.withStatement("SELECT 1 FROM lugn_sibling WHERE \(key)") { statement in
            try bindKey(statement, id, field.number, stamp)
            return try statement.step()
        }
        guard found else { return false }
        try connection.withStatement(
            """
            UPDATE \(collection.name) SET \(field.name) = (SELECT value FROM lugn_sibling WHERE \(key)) WHERE id = ?1
            """
        ) { statement in
            try bindKey(statement, id, field.number, stamp)
            try statement.run()
        }
        try remove(id, field.number, stamp)
        return true
    }

    func remove(_ id: RecordID, _ field: Int, _ stamp: Stamp) throws {
        try connection.withStatement(
            "DELETE FROM lugn_sibling WHERE record = ?1 AND field = ?2 AND time = ?3 AND replica = ?4"
        ) { statement in
            try bindKey(statement, id, field, stamp)
            try statement.run()
        }
    }

    func removeAll(_ id: RecordID) throws {
        try connection.withStatement("DELETE FROM lugn_sibling WHERE record = ?1") { statement in
            try statement.bind(1, high: id.high, low: id.low)
            try statement.run()
        }
    }

    func restamp(_ id: RecordID, from old: Stamp, to new: Stamp) throws {
        try connection.withStatement(
            "UPDATE lugn_sibling SET time = ?4, replica = ?5 WHERE record = ?1 AND time = ?2 AND replica = ?3"
        ) { statement in
            try statement.bind(1, high: id.high, low: id.low)
            try statement.bind(2, Int64(bitPattern: old.time.rawValue))
            try statement.bind(3, Int64(bitPattern: old.replica.rawValue))
            try statement.bind(4, Int64(bitPattern: new.time.rawValue))
            try statement.bind(5, Int64(bitPattern: new.replica.rawValue))
            try statement.run()
        }
    }

    private func bindKey(_ statement: borrowing Statement, _ id: RecordID, _ field: Int, _ stamp: Stamp) throws {
        try statement.bind(1, high: id.high, low: id.low)
        try statement.bind(2, field)
        try statement.bind(3, Int64(bitPattern: stamp.time.rawValue))
        try statement.bind(4, Int64(bitPattern: stamp.replica.rawValue))
    }
}
