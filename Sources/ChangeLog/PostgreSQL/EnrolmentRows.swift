import PostgreSQL
import SyncProtocol

/// The table `device`.
enum DeviceRows {
    static let standing = SQLStatement(
        "SELECT device FROM device WHERE line = $1 AND device = ANY($2::bigint[]) AND revoked IS NULL")
    /// By token alone: whose line it is, is what is asked.
    static let find = SQLStatement(
        """
        SELECT d.device, l.line, l.name, d.name, d.revoked FROM device d JOIN line l ON l.line = d.line
        WHERE d.token_hash = $1
        """)
    static let insertion = SQLStatement(
        "INSERT INTO device (line, device, name, token_hash, joined) VALUES ($1, $2, $3, $4, $5)")
    static let revoking = SQLStatement(
        "UPDATE device SET revoked = coalesce(revoked, $3) WHERE line = $1 AND device = $2")
    static let statements = [standing, find, insertion, revoking]

    static func send(_ devices: [Int64], line: LineID, _ connection: PostgreSQLConnection) throws {
        try connection.send(standing) {
            $0.add(line.bytes)
            $0.add(words: devices.map { UInt64(bitPattern: $0) })
        }
    }

    /// Those that were not revoked.
    static func decodeWelcome(_ rows: Rows) -> Set<Int64> { Set(rows.indices.map { rows[$0].integer(0) }) }

    static func decode(_ row: Row) -> Device? {
        guard let line = LineID(row.bytes(1)) else { return nil }
        return Device(
            reference: row.integer(0), line: line, lineName: row.text(2), name: row.text(3), isRevoked: !row.isNull(4))
    }
}

/// The table `invitation`.
enum InvitationRows {
    static let insertion = SQLStatement("INSERT INTO invitation (hash, line, expires) VALUES ($1, $2, $3)")
    static let lock = SQLStatement("SELECT line, expires, used FROM invitation WHERE hash = $1 FOR UPDATE")
    static let using = SQLStatement("UPDATE invitation SET used = $2 WHERE hash = $1")
    static let statements = [insertion, lock, using]
}

/// The table `operator`.
enum OperatorRows {
    static let insertion = SQLStatement(
        "INSERT INTO operator (token_hash) VALUES ($1) ON CONFLICT (token_hash) DO NOTHING")
    static let find = SQLStatement("SELECT 1::bigint FROM operator WHERE token_hash = $1")
    static let statements = [insertion, find]
}
