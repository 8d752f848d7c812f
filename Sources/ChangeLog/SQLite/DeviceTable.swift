import SQLite
import SyncProtocol

/// The table `device`.
struct DeviceTable {
    let connection: Connection

    private static let standing = StatementText("SELECT revoked FROM device WHERE ref = ?")

    /// Throws `revoked` if the device was revoked since it was let in: a request may have waited for a minute.
    func checkStanding(_ device: Device) throws {
        let isWelcome = try connection.withStatement(Self.standing) { row in
            try row.bind(1, device.reference)
            return try row.step() && row.isNull(0)
        }
        if !isWelcome { throw ChangeLogError(.revoked, "this device was revoked; nothing was changed") }
    }

    func find(tokenHash: [UInt8]) throws -> Device? {
        try connection.withStatement(
            """
            SELECT d.ref, l.id, l.name, d.name, d.revoked FROM device d JOIN line l ON l.ref = d.line
            WHERE d.token_hash = ?
            """
        ) { row in
            try row.bind(1, tokenHash)
            guard try row.step(), let line = LineID(row.bytes(1)) else { return nil }
            return Device(
                reference: row.integer(0), line: line, lineName: row.text(2), name: row.text(3),
                isRevoked: !row.isNull(4))
        }
    }

    func insert(name: String, tokenHash: [UInt8], line: LineState, now: Int64) throws -> Device {
        try connection.withStatement("INSERT INTO device (line, name, token_hash, joined) VALUES (?, ?, ?, ?)") { row in
            try row.bind(1, line.ref)
            try row.bind(2, name)
            try row.bind(3, tokenHash)
            try row.bind(4, now)
            try row.run()
        }
        return Device(
            reference: connection.lastInsertedRowID, line: line.id, lineName: line.name, name: name, isRevoked: false)
    }

    func revoke(_ reference: Int64, now: Int64) throws {
        try connection.withStatement("UPDATE device SET revoked = coalesce(revoked, ?) WHERE ref = ?") { row in
            try row.bind(1, now)
            try row.bind(2, reference)
            try row.run()
        }
    }
}
