import SQLite
import SyncProtocol

/// The table `awaited_line`: lines whose store was lost, and whose workstations have not brought their rosters yet.
struct AwaitedLineTable {
    let connection: Connection

    /// What the operator calls it; nil for a line that nobody awaits.
    func name(of line: LineID) throws -> String? {
        try connection.withStatement("SELECT name FROM awaited_line WHERE id = ?") { row in
            try row.bind(1, line.bytes)
            return try row.step() ? row.text(0) : nil
        }
    }

    func insert(_ line: LineID, name: String) throws {
        try connection.withStatement("INSERT OR REPLACE INTO awaited_line (id, name) VALUES (?, ?)") { row in
            try row.bind(1, line.bytes)
            try row.bind(2, name)
            try row.run()
        }
    }

    func delete(_ line: LineID) throws {
        try connection.withStatement("DELETE FROM awaited_line WHERE id = ?") { row in
            try row.bind(1, line.bytes)
            try row.run()
        }
    }
}
