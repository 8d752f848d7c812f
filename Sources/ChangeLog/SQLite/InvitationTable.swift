import SQLite
import SyncProtocol

/// The table `invitation`.
struct InvitationTable {
    let connection: Connection

    func insert(hash: [UInt8], line: LineState, expires: Int64) throws {
        try connection.withStatement("INSERT INTO invitation (hash, line, expires) VALUES (?, ?, ?)") { row in
            try row.bind(1, hash)
            try row.bind(2, line.ref)
            try row.bind(3, expires)
            try row.run()
        }
    }

    /// The line that an invitation is to, when it expires, and when it was used.
    func find(hash: [UInt8]) throws -> (line: LineID, expires: Int64, used: Int64?)? {
        try connection.withStatement(
            "SELECT l.id, i.expires, i.used FROM invitation i JOIN line l ON l.ref = i.line WHERE i.hash = ?"
        ) { row in
            try row.bind(1, hash)
            guard try row.step(), let line = LineID(row.bytes(0)) else { return nil }
            return (line, row.integer(1), row.optionalInteger(2))
        }
    }

    func use(hash: [UInt8], now: Int64) throws {
        try connection.withStatement("UPDATE invitation SET used = ? WHERE hash = ?") { row in
            try row.bind(1, now)
            try row.bind(2, hash)
            try row.run()
        }
    }
}

/// The table `operator`.
struct OperatorTable {
    let connection: Connection

    func insert(tokenHash: [UInt8]) throws {
        try connection.withStatement("INSERT OR IGNORE INTO operator (token_hash) VALUES (?)") { row in
            try row.bind(1, tokenHash)
            try row.run()
        }
    }

    func contains(tokenHash: [UInt8]) throws -> Bool {
        try connection.withStatement("SELECT 1 FROM operator WHERE token_hash = ?") { row in
            try row.bind(1, tokenHash)
            return try row.step()
        }
    }
}
