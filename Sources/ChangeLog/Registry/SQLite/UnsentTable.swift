import SQLite
import SyncProtocol
import Trust

/// The table `unsent_part`: what workstations that were removed had not sent, sealed, until a lead has dealt with it.
struct UnsentTable {
    let connection: Connection

    func save(_ part: UnsentPart, of device: Device, now: Int64) throws {
        try connection.withStatement(
            "INSERT OR REPLACE INTO unsent_part (device, number, parts, received, page) VALUES (?, ?, ?, ?, ?)"
        ) { row in
            try row.bind(1, device.reference)
            try row.bind(2, Int64(part.number))
            try row.bind(3, Int64(part.parts))
            try row.bind(4, now)
            try row.bind(5, part.page)
            try row.run()
        }
    }

    /// What a line's parts take, but for one that is to be replaced.
    func bytes(line: Int64, without part: UnsentPart, of device: Device) throws -> Int64 {
        try connection.withStatement(
            """
            SELECT coalesce(sum(length(u.page)), 0) FROM unsent_part u JOIN device d ON d.ref = u.device
            WHERE d.line = ? AND NOT (u.device = ? AND u.number = ?)
            """
        ) { row in
            try row.bind(1, line)
            try row.bind(2, device.reference)
            try row.bind(3, Int64(part.number))
            return try row.step() ? row.integer(0) : 0
        }
    }

    func all(line: Int64) throws -> [UnsentList.Item] {
        try connection.withStatement(
            """
            SELECT d.id, max(u.parts), count(*), sum(length(u.page)), max(u.received)
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
                        device: device, parts: UInt64(clamping: row.integer(1)),
                        received: UInt64(clamping: row.integer(2)), bytes: UInt64(clamping: row.integer(3)),
                        milliseconds: row.integer(4)))
            }
            return items
        }
    }

    func part(_ number: UInt64, of device: Device) throws -> UnsentPart? {
        try connection.withStatement("SELECT parts, page FROM unsent_part WHERE device = ? AND number = ?") { row in
            try row.bind(1, device.reference)
            try row.bind(2, Int64(clamping: number))
            guard try row.step() else { return nil }
            return UnsentPart(number: number, parts: UInt64(clamping: row.integer(0)), page: row.bytes(1))
        }
    }

    func remove(_ device: Device) throws {
        try connection.withStatement("DELETE FROM unsent_part WHERE device = ?") { row in
            try row.bind(1, device.reference)
            try row.run()
        }
    }
}
