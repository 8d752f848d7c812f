import SQLite
import SyncProtocol

/// The table `restoration`: which lines stand on less than they had, because the store was put back from a backup or begun
/// anew, and since when all their workstations have brought back what is missing.
struct RestorationTable {
    let connection: Connection

    /// Nil for a line that never was put back.
    func find(line: Int64) throws -> Restoration? {
        try connection.withStatement("SELECT at, devices, completed FROM restoration WHERE line = ?") { row in
            try row.bind(1, line)
            guard try row.step() else { return nil }
            return Restoration(at: row.integer(0), devices: Int(row.integer(1)), completed: row.optionalInteger(2))
        }
    }

    func begin(line: Int64, devices: Int, now: Int64) throws {
        try connection.withStatement(
            "INSERT OR REPLACE INTO restoration (line, at, devices, completed) VALUES (?, ?, ?, NULL)"
        ) { row in
            try row.bind(1, line)
            try row.bind(2, now)
            try row.bind(3, Int64(devices))
            try row.run()
        }
    }

    /// Notes that nothing is missing any more; whoever notes it first is right.
    func end(line: Int64, now: Int64) throws {
        try connection.withStatement(
            "UPDATE restoration SET completed = ?2 WHERE line = ?1 AND completed IS NULL"
        ) { row in
            try row.bind(1, line)
            try row.bind(2, now)
            try row.run()
        }
    }
}
