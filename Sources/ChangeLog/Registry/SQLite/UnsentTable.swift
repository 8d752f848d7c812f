import SQLite
import SyncProtocol
import Trust

/// The table `unsent_part`: what workstations that were removed had not sent, sealed, until a lead has dealt with it.
struct UnsentTable {
    let connection: Connection

    func save(_ part: UnsentPart, of device: Device, now: Int64) throws {
        try connection.withStatement(
            "INSERT OR REPLACE INTO unsent_part (device, number, parts, received, page, attempt) VALUES (?, ?, ?, ?, ?, ?)"
        ) { row in
            try row.bind(1, device.reference)
            try row.bind(2, Int64(part.number))
            try row.bind(3, Int64(part.parts))
            try row.bind(4, now)
            try row.bind(5, part.page)
            try row.bind(6, Int64(clamping: part.attempt))
            try row.run()
        }
    }

    func attempt(of device: Device) throws -> UInt64 {
        try connection.withStatement("SELECT max(attempt) FROM unsent_part WHERE device = ?") { row in
            try row.bind(1, device.reference)
            return try row.step() ? UInt64(clamping: row.integer(0)) : 0
        }
    }

    /// What a line's parts take, and the workstation's, but for one that is to be replaced.
    func bytes(line: Int64, without part: UnsentPart, of device: Device) throws -> (line: Int64, device: Int64) {
        try connection.withStatement(
            """
            SELECT coalesce(sum(length(u.page)), 0), coalesce(sum(length(u.page)) FILTER (WHERE u.device = ?2), 0) FROM unsent_part u JOIN device d ON d.ref = u.device
            WHERE d.line = ?1 AND NOT (u.device = ?2 AND u.number = ?3)
            """
        ) { row in
            try row.bind(1, line)
            try row.bind(2, device.reference)
            try row.bind(3, Int64(part.number))
            return try row.step() ? (row.integer(0), row.integer(1)) : (0, 0)
        }
    }

    func all(line: Int64) throws -> [UnsentList.Item] {
        try connection.withStatement(
            """
            SELECT d.id, max(u.parts), count(*), sum(length(u.page)), max(u.received), max(u.attempt)
            FROM unsent_part u JOIN device d ON d.ref = u.device
            WHERE d.line = ? GROUP BY d.ref ORDER BY max(u.received), d.ref LIMIT \(UnsentList.limit)
            """
        ) { row in
            try row.bind(1, line)
            var items: [UnsentList.Item] = []
            while try row.step() {
                guard let device = DeviceID(row.bytes(0)) else { continue }
                items.append(
                    UnsentList.Item(
                        device: device, attempt: UInt64(clamping: row.integer(5)),
                        parts: UInt64(clamping: row.integer(1)),
                        received: UInt64(clamping: row.integer(2)), bytes: UInt64(clamping: row.integer(3)),
                        milliseconds: row.integer(4)))
            }
            return items
        }
    }

    func part(_ number: UInt64, of device: Device) throws -> UnsentPart? {
        try connection.withStatement("SELECT parts, page, attempt FROM unsent_part WHERE device = ? AND number = ?") {
            row in
            try row.bind(1, device.reference)
            try row.bind(2, Int64(clamping: number))
            guard try row.step() else { return nil }
            return UnsentPart(
                attempt: UInt64(clamping: row.integer(2)), number: number, parts: UInt64(clamping: row.integer(0)),
                page: row.bytes(1))
        }
    }

    func remove(_ device: Device) throws {
        try connection.withStatement("DELETE FROM unsent_part WHERE device = ?") { row in
            try row.bind(1, device.reference)
            try row.run()
        }
    }
}
