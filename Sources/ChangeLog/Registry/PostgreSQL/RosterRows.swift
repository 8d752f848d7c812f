import PostgreSQL
import SyncProtocol
import Trust

/// The tables `roster_entry` and `recovery`.
enum RosterRows {
    static let entries = SQLStatement("SELECT entry FROM roster_entry WHERE line = $1 ORDER BY number")
    static let deletion = SQLStatement("DELETE FROM roster_entry WHERE line = $1 AND number >= $2")
    static let insertion = SQLStatement("INSERT INTO roster_entry (line, number, entry) VALUES ($1, $2, $3)")
    static let recoverySaving = SQLStatement(
        """
        INSERT INTO recovery (line, id, signing_key) VALUES ($1, $2, $3)
        ON CONFLICT (line) DO UPDATE SET id = excluded.id, signing_key = excluded.signing_key
        """)
    /// By its id alone: whose line it is, is what is asked.
    static let recovery = SQLStatement("SELECT line, signing_key FROM recovery WHERE id = $1")
    static let ofLines = [entries, deletion, insertion, recoverySaving]
    static let ofCallers = [recovery]

    static func replace(
        from number: UInt64, by entries: [SignedEntry], line: LineID, _ connection: PostgreSQLConnection
    ) throws {
        try connection.send(deletion) {
            $0.add(line.bytes)
            $0.add(word: number)
        }
        for entry in entries {
            try connection.send(insertion) {
                $0.add(line.bytes)
                $0.add(word: entry.entry.number)
                $0.add(entry.encoded())
            }
        }
    }
}

/// The table `awaited_line`.
enum AwaitedLineRows {
    static let find = SQLStatement("SELECT name FROM awaited_line WHERE line = $1")
    /// Whoever has it brings the line back; the others find it gone.
    static let lock = SQLStatement("SELECT name FROM awaited_line WHERE line = $1 FOR UPDATE")
    static let saving = SQLStatement(
        """
        INSERT INTO awaited_line (line, name) VALUES ($1, $2) ON CONFLICT (line) DO UPDATE SET name = excluded.name
        """)
    static let deletion = SQLStatement("DELETE FROM awaited_line WHERE line = $1")
    static let statements = [find, lock, saving, deletion]
}
