import PostgreSQL
import SyncProtocol
import Trust

/// The table `operator`.
enum OperatorRows {
    private static let columns = "signing_key, label, line, added"
    static let find = SQLStatement("SELECT \(columns) FROM operator WHERE id = $1")
    static let all = SQLStatement("SELECT \(columns) FROM operator ORDER BY added, id")
    static let saving = SQLStatement(
        """
        INSERT INTO operator (id, signing_key, label, line, added) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (id) DO UPDATE SET label = excluded.label, line = excluded.line
        """)
    static let deletion = SQLStatement("DELETE FROM operator WHERE id = $1")
    static let statements = [find, all, saving, deletion]

    static func save(_ administrator: Administrator, _ connection: PostgreSQLConnection) throws {
        try connection.send(saving) {
            $0.add(administrator.id.bytes)
            $0.add(administrator.signingKey)
            $0.add(administrator.label)
            $0.add(administrator.line?.bytes)
            $0.add(administrator.added)
        }
    }

    static func decode(_ row: Row) -> Administrator {
        Administrator(
            signingKey: row.bytes(0), label: row.text(1), line: row.optionalBytes(2).flatMap { LineID($0) },
            added: row.integer(3))
    }
}

/// The table `audit`: rows are added, and none is ever changed or taken out.
enum AuditRows {
    static let find = SQLStatement("SELECT number FROM audit WHERE request = $1")
    static let last = SQLStatement("SELECT entry FROM audit ORDER BY number DESC LIMIT 1")
    static let entries = SQLStatement("SELECT entry FROM audit WHERE number >= $1 ORDER BY number LIMIT $2")
    static let insertion = SQLStatement("INSERT INTO audit (number, entry, request) VALUES ($1, $2, $3)")
    static let statements = [find, last, entries, insertion]
}

/// The table `store`.
enum StoreRows {
    static let generation = SQLStatement("SELECT generation FROM store WHERE one")
    /// Whoever has it adds to the audit log, until the end of the transaction.
    static let lock = SQLStatement("SELECT generation FROM store WHERE one FOR UPDATE")
    static let setting = SQLStatement("UPDATE store SET generation = $1 WHERE one")
    static let statements = [generation, lock, setting]

    static func generation(_ rows: Rows) throws -> UInt64 {
        guard let row = rows.first else { throw ChangeLogError(damaged: "it has no generation") }
        return row.word(0)
    }
}
