import SQLite
import SyncProtocol
import Trust

/// The table `audit`: rows are added, and none is ever changed or taken out.
struct AuditTable {
    let connection: Connection

    func contains(request: [UInt8]) throws -> Bool {
        try connection.withStatement("SELECT 1 FROM audit WHERE request = ?") { row in
            try row.bind(1, request)
            return try row.step()
        }
    }

    func insert(_ entry: AuditEntry, request: [UInt8]?) throws {
        try connection.withStatement("INSERT INTO audit (number, entry, request) VALUES (?, ?, ?)") { row in
            try row.bind(1, Int64(entry.number))
            try row.bind(2, entry.encoded())
            try row.bind(3, request)
            try row.run()
        }
    }

    /// As they are kept: whoever reads them follows the chain.
    func entries(from number: UInt64, limit: Int) throws -> [AuditEntry] {
        try connection.withStatement("SELECT entry FROM audit WHERE number >= ? ORDER BY number LIMIT ?") { row in
            try row.bind(1, Int64(clamping: number))
            try row.bind(2, limit)
            var entries: [AuditEntry] = []
            while try row.step() { entries.append(try Self.decode(row)) }
            return entries
        }
    }

    func end() throws -> AuditChain.Anchor {
        try connection.withStatement("SELECT entry FROM audit ORDER BY number DESC LIMIT 1") { row in
            guard try row.step() else { return AuditChain().end }
            let last = try Self.decode(row)
            return AuditChain.Anchor(count: last.number + 1, head: last.hash)
        }
    }

    private static func decode(_ row: borrowing Statement) throws -> AuditEntry { try .kept(row.bytes(0)) }
}
