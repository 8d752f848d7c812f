import SQLite

/// The table `store`.
struct StoreTable {
    let connection: Connection

    func generation() throws -> UInt64 {
        guard let value = try connection.integer("SELECT generation FROM store") else {
            throw ChangeLogError(.unusable, "the store is damaged: it has no generation; restore it from a backup")
        }
        return UInt64(bitPattern: value)
    }

    func setGeneration(_ generation: UInt64) throws {
        try connection.withStatement("INSERT OR REPLACE INTO store (one, generation) VALUES (1, ?)") { row in
            try row.bind(1, Int64(bitPattern: generation))
            try row.run()
        }
    }
}
