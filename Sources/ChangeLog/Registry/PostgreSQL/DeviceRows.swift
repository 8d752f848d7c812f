import PostgreSQL
import SyncProtocol
import Trust

/// The table `device`: follows the rosters.
enum DeviceRows {
    private static let columns = "d.device, d.id, d.signing_key, d.role, d.standing, d.admitted, d.blocked, d.label"

    /// By id alone: whose line it is, is what is asked. One that left a line for another is the other's.
    static let find = SQLStatement(
        """
        SELECT \(columns), l.line, l.name FROM device d JOIN line l ON l.line = d.line WHERE d.id = $1
        ORDER BY d.standing LIMIT 1
        """)
    static let standings = SQLStatement(
        "SELECT device, standing, blocked, role FROM device WHERE line = $1 AND device = ANY($2::bigint[])")
    static let all = SQLStatement("SELECT \(columns) FROM device d WHERE d.line = $1")
    /// A new one gets the line's next number; whoever writes a roster has the line for itself. Lines' numbers begin at
    /// places of their own, so that no two workstations of the store have one.
    static let saving = SQLStatement(
        """
        INSERT INTO device (line, id, signing_key, role, standing, admitted, device)
        VALUES ($1, $2, $3, $4, $5, $6, (SELECT coalesce(max(d.device), $7) + 1 FROM device d WHERE d.line = $1))
        ON CONFLICT (line, id) DO UPDATE SET role = excluded.role, standing = excluded.standing,
            admitted = excluded.admitted
        """)
    static let leaving = SQLStatement("UPDATE device SET standing = $3 WHERE line = $1 AND id = $2")
    static let blocking = SQLStatement("UPDATE device SET blocked = coalesce(blocked, $2) WHERE id = $1")
    static let labelling = SQLStatement("UPDATE device SET label = $2 WHERE id = $1")
    static let ofLines = [standings, all, saving, leaving]
    static let ofCallers = [find, blocking, labelling]

    /// How a device stands that was let in: its requests are taken or not.
    struct Standing {
        var standing: DeviceRow.Standing
        var isBlocked: Bool
        var isLead: Bool

        func check(asLead: Bool = false) throws {
            try DeviceRow.check(standing, isBlocked: isBlocked, isLead: isLead, asLead: asLead)
        }
    }

    static func sendStandings(_ devices: [Int64], line: LineID, _ connection: PostgreSQLConnection) throws {
        try connection.send(standings) {
            $0.add(line.bytes)
            $0.add(words: devices.map { UInt64(bitPattern: $0) })
        }
    }

    /// By the devices' references.
    static func decodeStandings(_ rows: Rows) -> [Int64: Standing] {
        var found: [Int64: Standing] = [:]
        for index in rows.indices {
            let row = rows[index]
            found[row.integer(0)] = Standing(
                standing: DeviceRow.Standing(rawValue: row.integer(1)) ?? .absent, isBlocked: !row.isNull(2),
                isLead: row.integer(3) == Int64(RosterAct.Role.lead.rawValue))
        }
        return found
    }

    /// Throws if the device was let out since it was let in.
    static func check(_ device: Device, in standings: [Int64: Standing], asLead: Bool = false) throws {
        let unknown = Standing(standing: .absent, isBlocked: false, isLead: false)
        try (standings[device.reference] ?? unknown).check(asLead: asLead)
    }

    static func decode(_ row: Row) -> DeviceRow? {
        guard let id = DeviceID(row.bytes(1)), let role = RosterAct.Role(rawValue: UInt64(row.integer(3))),
            let standing = DeviceRow.Standing(rawValue: row.integer(4))
        else { return nil }
        return DeviceRow(
            ref: row.integer(0), id: id, signingKey: row.bytes(2), role: role, standing: standing,
            admitted: row.integer(5), isBlocked: !row.isNull(6), label: row.isNull(7) ? nil : row.text(7))
    }

    /// From a row of ``find``.
    static func decodeDevice(_ row: Row) -> Device? {
        guard let found = decode(row), found.standing != .absent, let line = LineID(row.bytes(8)) else { return nil }
        return Device(
            reference: found.ref, line: line, lineName: row.text(9), id: found.id, signingKey: found.signingKey,
            role: found.role, isRemoved: found.standing == .removed, isBlocked: found.isBlocked)
    }

    static func save(
        _ id: DeviceID, _ member: RosterState.Member, line: LineID, _ connection: PostgreSQLConnection
    ) throws {
        let standing: DeviceRow.Standing = member.isPresent ? .present : .removed
        try connection.send(saving) {
            $0.add(line.bytes)
            $0.add(id.bytes)
            $0.add(member.keys.signing)
            $0.add(Int16(member.role.rawValue))
            $0.add(Int16(standing.rawValue))
            $0.add(member.admittedAt)
            $0.add(line.bytes.prefix(8).reduce(Int64(0)) { $0 << 8 | Int64($1) } & 0x7FFF_FFFF_FFF0_0000)
        }
    }
}
