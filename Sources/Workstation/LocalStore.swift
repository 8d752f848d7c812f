import SQLite
import Support

/// The workstation's own file beside the replica: drafts and PINs, which never leave this computer.
///
/// Its journal is deleted after each commit and freed pages are overwritten, so that an erased draft is in none of its
/// files. A write is on disk when it returns.
final class LocalStore: Sendable {
    private let connection: Lock<Connection>

    private static let version: Int32 = 2

    /// Errors: `cannotKeep`.
    init(path: String) throws(WorkstationError) {
        do {
            let connection = try Connection(path: path, mode: .create)
            try connection.execute(
                """
                PRAGMA journal_mode = DELETE; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON;
                PRAGMA trusted_schema = OFF; PRAGMA temp_store = MEMORY;
                """)
            let found = try connection.userVersion()
            guard found == 0 || found == Self.version else {
                throw WorkstationError(
                    .cannotKeep,
                    "the file of drafts was written by another version of Lugn; it was not touched: use that version")
            }
            if found == 0 {
                try connection.transaction(.immediate) {
                    try connection.execute(
                        """
                        CREATE TABLE draft (
                            id BLOB PRIMARY KEY, author TEXT NOT NULL, started_at INTEGER NOT NULL, number TEXT,
                            saved_in TEXT, form TEXT NOT NULL, revision INTEGER NOT NULL, saved_at INTEGER NOT NULL,
                            holder TEXT NOT NULL, summary BLOB NOT NULL, next_step BLOB NOT NULL, promise BLOB NOT NULL,
                            follow_up BLOB NOT NULL, discarded_at INTEGER) WITHOUT ROWID;
                        CREATE TABLE spare_number (number TEXT PRIMARY KEY) WITHOUT ROWID;
                        CREATE TABLE counsellor (
                            code TEXT PRIMARY KEY, pin TEXT NOT NULL, wrong INTEGER NOT NULL,
                            wait_until INTEGER NOT NULL, is_lead INTEGER NOT NULL) WITHOUT ROWID;
                        CREATE TABLE preference (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
                        """)
                    try connection.setUserVersion(Self.version)
                }
            }
            self.connection = Lock(connection)
        } catch let error as SQLiteError {
            throw Self.mapped(error)
        } catch let error as WorkstationError {
            throw error
        } catch {
            throw WorkstationError(.cannotKeep, "the file of drafts cannot be opened; nothing was changed")
        }
    }

    private static func mapped(_ error: SQLiteError) -> WorkstationError {
        error.isFull
            ? WorkstationError(.diskFull, "the disk is full; nothing new was saved: make room")
            : WorkstationError(
                .cannotKeep,
                "the file of drafts cannot be used (SQLite code \(error.extendedCode)); nothing was changed")
    }

    func write<Result>(_ body: (Connection) throws -> Result) throws -> Result {
        try connection.withLock { connection throws(any Error) in
            do {
                return try connection.transaction(.immediate) { try body(connection) }
            } catch let error as SQLiteError {
                throw Self.mapped(error)
            }
        }
    }

    func preference(_ name: String) throws -> String? {
        try write { connection in
            try connection.withStatement("SELECT value FROM preference WHERE name = ?") { row in
                try row.bind(1, name)
                return try row.step() ? row.text(0) : nil
            }
        }
    }

    func setPreference(_ name: String, _ value: String) throws {
        try write { connection in
            try connection.withStatement("INSERT OR REPLACE INTO preference (name, value) VALUES (?, ?)") { row in
                try row.bind(1, name)
                try row.bind(2, value)
                try row.run()
            }
        }
    }
}
