import SQLite

extension Device {
    /// Throws `revoked` if the device was revoked since it was let in: a request may have waited for a minute.
    func checkStanding(_ connection: Connection) throws {
        let isWelcome = try connection.withStatement("SELECT revoked FROM device WHERE ref = ?") { row in
            try row.bind(1, reference)
            return try row.step() && row.isNull(0)
        }
        if !isWelcome { throw ChangeLogError(.revoked, "this device was revoked; nothing was changed") }
    }
}
