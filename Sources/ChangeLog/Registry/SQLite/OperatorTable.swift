import SQLite
import SyncProtocol
import Trust

/// The table `operator`.
struct OperatorTable {
    let connection: Connection

    private static let columns = "signing_key, label, line, added"
    private static let selection = StatementText("SELECT \(columns) FROM operator WHERE id = ?")

    func find(_ id: OperatorID) throws -> Administrator? {
        try connection.withStatement(Self.selection) { row in
            try row.bind(1, id.bytes)
            return try row.step() ? Self.decode(row) : nil
        }
    }

    func all() throws -> [Administrator] {
        try connection.withStatement("SELECT \(Self.columns) FROM operator ORDER BY added, id") { row in
            var all: [Administrator] = []
            while try row.step() { all.append(Self.decode(row)) }
            return all
        }
    }

    func save(_ administrator: Administrator) throws {
        try connection.withStatement(
            """
            INSERT INTO operator (id, signing_key, label, line, added) VALUES (?1, ?2, ?3, ?4, ?5)
            ON CONFLICT (id) DO UPDATE SET label = ?3, line = ?4
            """
        ) { row in
            try row.bind(1, administrator.id.bytes)
            try row.bind(2, administrator.signingKey)
            try row.bind(3, administrator.label)
            try row.bind(4, administrator.line?.bytes)
            try row.bind(5, administrator.added)
            try row.run()
        }
    }

    func delete(_ id: OperatorID) throws {
        try connection.withStatement("DELETE FROM operator WHERE id = ?") { row in
            try row.bind(1, id.bytes)
            try row.run()
        }
    }

    private static func decode(_ row: borrowing Statement) -> Administrator {
        Administrator(
            signingKey: row.bytes(0), label: row.text(1), line: row.optionalBytes(2).flatMap { LineID($0) },
            added: row.integer(3))
    }
}
