import SQLite
import SyncProtocol
import Trust

/// The table `roster_entry`.
struct RosterTable {
    let connection: Connection
    let line: Int64

    /// All entries. They were verified before they were kept.
    func entries() throws -> [SignedEntry] {
        try connection.withStatement("SELECT entry FROM roster_entry WHERE line = ? ORDER BY number") { row in
            try row.bind(1, line)
            var entries: [SignedEntry] = []
            while try row.step() { entries.append(try .kept(row.bytes(0))) }
            return entries
        }
    }

    /// Puts entries in the place of all from a number on.
    func replace(from number: UInt64, by entries: some Sequence<SignedEntry>) throws {
        try connection.withStatement("DELETE FROM roster_entry WHERE line = ? AND number >= ?") { row in
            try row.bind(1, line)
            try row.bind(2, Int64(number))
            try row.run()
        }
        for entry in entries {
            try connection.withStatement("INSERT INTO roster_entry (line, number, entry) VALUES (?, ?, ?)") { row in
                try row.bind(1, line)
                try row.bind(2, Int64(entry.entry.number))
                try row.bind(3, entry.encoded())
                try row.run()
            }
        }
    }
}
