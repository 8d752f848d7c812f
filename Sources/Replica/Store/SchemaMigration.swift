import Merge
import SQLite

/// Brings the collections' tables up to the program's schema. Additive only: what exists keeps its number, name, kind
/// and type for ever, since other workstations write by them.
///
/// Owner of `lugn_schema`, `lugn_collection` and `lugn_field`.
struct SchemaMigration {
    static let definition = """
        -- The schema the collections' tables were made from.
        CREATE TABLE lugn_schema (version INTEGER NOT NULL) STRICT;
        CREATE TABLE lugn_collection (
            number INTEGER PRIMARY KEY, name TEXT NOT NULL, kind INTEGER NOT NULL, parent INTEGER
        ) STRICT;
        CREATE TABLE lugn_field (
            collection INTEGER NOT NULL, number INTEGER NOT NULL, name TEXT NOT NULL, type INTEGER NOT NULL,
            PRIMARY KEY (collection, number)
        ) STRICT, WITHOUT ROWID;
        """

    let connection: Connection
    let schema: Schema

    /// Call inside a write transaction. Returns whether parked values may now find their place.
    func run() throws -> Bool {
        let stored = try storedVersion()
        if let stored, stored > schema.version {
            throw ReplicaError(
                .newerVersion,
                "the data was written by a newer version of the program (schema \(stored), this one knows \(schema.version)); nothing was changed: install the newer version"
            )
        }
        for collection in schema.collections {
            try migrate(collection)
            try FullText(connection: connection, collection: collection)?.prepareTables()
        }
        if stored == nil {
            try connection.execute("INSERT INTO lugn_schema VALUES (\(schema.version))")
        } else if stored != schema.version {
            try connection.execute("UPDATE lugn_schema SET version = \(schema.version)")
        }
        return stored != nil && stored != schema.version
    }

    private func storedVersion() throws -> UInt64? {
        try connection.integer("SELECT version FROM lugn_schema").map { UInt64(bitPattern: $0) }
    }

    private func migrate(_ collection: CollectionSchema) throws {
        let number = Int64(collection.number)
        let known = try connection.withStatement("SELECT name, kind, parent FROM lugn_collection WHERE number = ?") {
            statement -> (String, Int64, Int64?)? in
            try statement.bind(1, number)
            guard try statement.step() else { return nil }
            return (statement.text(0), statement.integer(1), statement.optionalInteger(2))
        }
        guard let known else { return try create(collection) }
        guard known == (collection.name, Int64(collection.kind.rawValue), collection.parent.map(Int64.init)) else {
            throw conflict("collection \(collection.number) was \(known.0)")
        }
        for field in collection.fields {
            let stored = try connection.withStatement(
                "SELECT name, type FROM lugn_field WHERE collection = ? AND number = ?"
            ) { statement -> (String, Int64)? in
                try statement.bind(1, number)
                try statement.bind(2, field.number)
                return try statement.step() ? (statement.text(0), statement.integer(1)) : nil
            }
            if let stored {
                guard stored == (field.name, Int64(field.type.rawValue)) else {
                    throw conflict("field \(field.number) of \(collection.name) was \(stored.0)")
                }
            } else {
                try connection.execute("ALTER TABLE \(collection.name) ADD COLUMN \(field.name) \(field.type.sqlType)")
                try register(field, of: collection)
            }
            try index(field, of: collection)
        }
    }

    private func create(_ collection: CollectionSchema) throws {
        var columns = ["id BLOB PRIMARY KEY"]
        if collection.parent != nil { columns.append("parent BLOB") }
        if collection.depth > 1 { columns.append("ancestors BLOB") }
        columns += collection.fields.map { "\($0.name) \($0.type.sqlType)" }
        columns.append("stamps BLOB")
        try connection.execute(
            "CREATE TABLE \(collection.name) (\(columns.joined(separator: ", "))) STRICT, WITHOUT ROWID")
        if collection.parent != nil {
            try connection.execute("CREATE INDEX lugn_parent_of_\(collection.name) ON \(collection.name) (parent)")
        }
        for distance in 2..<max(2, collection.depth + 1) {
            try connection.execute(
                "CREATE INDEX lugn_ancestor_\(distance)_of_\(collection.name) ON \(collection.name) (\(Above.column(distance: distance)))"
            )
        }
        try connection.withStatement("INSERT INTO lugn_collection VALUES (?, ?, ?, ?)") { statement in
            try statement.bind(1, Int64(collection.number))
            try statement.bind(2, collection.name)
            try statement.bind(3, collection.kind.rawValue)
            try statement.bind(4, collection.parent.map(Int64.init))
            try statement.run()
        }
        for field in collection.fields {
            try register(field, of: collection)
            try index(field, of: collection)
        }
    }

    private func register(_ field: FieldDefinition, of collection: CollectionSchema) throws {
        try connection.withStatement("INSERT INTO lugn_field VALUES (?, ?, ?, ?)") { statement in
            try statement.bind(1, Int64(collection.number))
            try statement.bind(2, field.number)
            try statement.bind(3, field.name)
            try statement.bind(4, field.type.rawValue)
            try statement.run()
        }
    }

    private func index(_ field: FieldDefinition, of collection: CollectionSchema) throws {
        guard field.isIndexed else { return }
        try connection.execute(
            "CREATE INDEX IF NOT EXISTS lugn_\(collection.name)_\(field.name) ON \(collection.name) (\(field.name))")
    }

    private func conflict(_ what: String) -> ReplicaError {
        ReplicaError(
            .schemaConflict,
            "the program's schema contradicts the data: \(what); nothing was changed. Numbers, names and types are for ever: add a new one instead"
        )
    }
}
