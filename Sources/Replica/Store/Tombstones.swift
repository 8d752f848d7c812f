import Merge
import SQLite

/// What was erased, for good. Only what somebody erased has a tombstone; what lay below it is known by its path. Owner of
/// `lugn_tombstone`.
struct Tombstones {
    let connection: Connection

    static let definition = """
        CREATE TABLE lugn_tombstone (id BLOB PRIMARY KEY, collection INTEGER NOT NULL) STRICT, WITHOUT ROWID;
        """

    private static let existence = StatementText("SELECT EXISTS (SELECT 1 FROM lugn_tombstone)")
    private static let lookup = StatementText("SELECT 1 FROM lugn_tombstone WHERE id = ?")

    /// Whether anything was ever erased: mostly nothing was.
    func isEmpty() throws -> Bool { try connection.integer(Self.existence) == 0 }

    func contains(_ id: RecordID) throws -> Bool {
        try connection.withStatement(Self.lookup) { row in
            try row.bind(1, high: id.high, low: id.low)
            return try row.step()
        }
    }

    func insert(_ id: RecordID, collection: UInt32) throws {
        try connection.withStatement("INSERT OR IGNORE INTO lugn_tombstone (id, collection) VALUES (?, ?)") { row in
            try row.bind(1, high: id.high, low: id.low)
            try row.bind(2, Int64(collection))
            try row.run()
        }
    }
}
