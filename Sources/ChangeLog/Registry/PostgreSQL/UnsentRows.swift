import PostgreSQL
import SyncProtocol
import Trust

/// The table `unsent_part`: what workstations that were removed had not sent, sealed, until a lead has dealt with it.
enum UnsentRows {
    static let saving = SQLStatement(
        """
        INSERT INTO unsent_part (line, device, number, parts, received, page, attempt)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        ON CONFLICT (line, device, number) DO UPDATE SET parts = excluded.parts, received = excluded.received,
            page = excluded.page, attempt = excluded.attempt
        """)
    static let bytes = SQLStatement(
        """
        SELECT coalesce(sum(length(page)), 0)::bigint,
            coalesce(sum(CASE WHEN device = $2 THEN length(page) ELSE 0 END), 0)::bigint
        FROM unsent_part
        WHERE line = $1 AND NOT (device = $2 AND number = $3)
        """)
    static let all = SQLStatement(
        """
        SELECT d.id, max(u.parts), count(*), sum(length(u.page))::bigint, max(u.received), max(u.attempt)
        FROM unsent_part u JOIN device d ON d.line = u.line AND d.device = u.device
        WHERE u.line = $1 GROUP BY d.id, d.device ORDER BY max(u.received), d.device LIMIT \(UnsentList.limit)
        """)
    static let part = SQLStatement(
        "SELECT parts, page, attempt FROM unsent_part WHERE line = $1 AND device = $2 AND number = $3")
    static let deletion = SQLStatement("DELETE FROM unsent_part WHERE line = $1 AND device = $2")
    static let attempt = SQLStatement(
        "SELECT coalesce(max(attempt), 0) FROM unsent_part WHERE line = $1 AND device = $2")
    static let statements = [saving, bytes, all, part, deletion, attempt]
}

extension PostgreSQLRegistryAccess {
    func unsentBytes(in line: LineState, without part: UnsentPart, of device: Device) throws -> (
        line: Int64, device: Int64
    ) {
        let rows = try connection.run(UnsentRows.bytes) { Self.add(device, part.number, &$0) }
        return rows.first.map { ($0.integer(0), $0.integer(1)) } ?? (0, 0)
    }

    func unsentAttempt(of device: Device) throws -> UInt64 {
        let rows = try connection.run(UnsentRows.attempt) {
            $0.add(device.line.bytes)
            $0.add(device.reference)
        }
        return rows.first.map { UInt64(clamping: $0.integer(0)) } ?? 0
    }

    func save(_ part: UnsentPart, of device: Device, now: Int64) throws {
        try connection.send(UnsentRows.saving) {
            Self.add(device, part.number, &$0)
            $0.add(Int64(part.parts))
            $0.add(now)
            $0.add(part.page)
            $0.add(Int64(clamping: part.attempt))
        }
    }

    func unsent(in line: LineState) throws -> [UnsentList.Item] {
        let rows = try connection.run(UnsentRows.all) { $0.add(line.id.bytes) }
        return rows.indices.map { rows[$0] }.compactMap { row in
            DeviceID(row.bytes(0)).map {
                UnsentList.Item(
                    device: $0, attempt: UInt64(clamping: row.integer(5)), parts: UInt64(clamping: row.integer(1)),
                    received: UInt64(clamping: row.integer(2)),
                    bytes: UInt64(clamping: row.integer(3)), milliseconds: row.integer(4))
            }
        }
    }

    func unsentPart(_ number: UInt64, of device: Device) throws -> UnsentPart? {
        try connection.run(UnsentRows.part) { Self.add(device, number, &$0) }.first.map {
            UnsentPart(
                attempt: UInt64(clamping: $0.integer(2)), number: number, parts: UInt64(clamping: $0.integer(0)),
                page: $0.bytes(1))
        }
    }

    func deleteUnsent(of device: Device) throws {
        try connection.send(UnsentRows.deletion) {
            $0.add(device.line.bytes)
            $0.add(device.reference)
        }
    }

    private static func add(_ device: Device, _ number: UInt64, _ parameters: inout Parameters) {
        parameters.add(device.line.bytes)
        parameters.add(device.reference)
        parameters.add(Int64(clamping: number))
    }
}
