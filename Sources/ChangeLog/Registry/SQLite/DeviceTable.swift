import SQLite
import SyncProtocol
import Trust

/// The table `device`: follows the rosters.
struct DeviceTable {
    let connection: Connection

    private static let columns = "d.ref, d.id, d.signing_key, d.role, d.standing, d.admitted, d.blocked, d.label"
    private static let selection = StatementText(
        "SELECT \(columns), l.id, l.name FROM device d JOIN line l ON l.ref = d.line WHERE d.id = ? ORDER BY d.standing LIMIT 1"
    )
    private static let standing = StatementText("SELECT standing, blocked, role FROM device WHERE ref = ?")

    // MARK: Reading

    /// A workstation that is or was in its line's roster. One that left a line for another is the other's.
    func find(_ id: DeviceID) throws -> Device? {
        try connection.withStatement(Self.selection) { statement in
            try statement.bind(1, id.bytes)
            guard try statement.step(), let row = Self.decode(statement), row.standing != .absent,
                let line = LineID(statement.bytes(8))
            else { return nil }
            return Device(
                reference: row.ref, line: line, lineName: statement.text(9), id: row.id, signingKey: row.signingKey,
                role: row.role, isRemoved: row.standing == .removed, isBlocked: row.isBlocked)
        }
    }

    /// Throws if the device was let out since it was let in: a request may have waited for a minute.
    func checkStanding(_ device: Device, asLead: Bool = false) throws {
        try connection.withStatement(Self.standing) { row in
            try row.bind(1, device.reference)
            let standing = try row.step() ? DeviceRow.Standing(rawValue: row.integer(0)) : nil
            try DeviceRow.check(
                standing ?? .absent, isBlocked: standing != nil && !row.isNull(1),
                isLead: standing != nil && row.integer(2) == Int64(RosterAct.Role.lead.rawValue), asLead: asLead)
        }
    }

    /// A line's, by their reference.
    func all(line: Int64) throws -> [Int64: DeviceRow] {
        try connection.withStatement("SELECT \(Self.columns) FROM device d WHERE d.line = ?") { statement in
            try statement.bind(1, line)
            var rows: [Int64: DeviceRow] = [:]
            while try statement.step() {
                if let row = Self.decode(statement) { rows[row.ref] = row }
            }
            return rows
        }
    }

    private static func decode(_ row: borrowing Statement) -> DeviceRow? {
        guard let id = DeviceID(row.bytes(1)), let role = RosterAct.Role(rawValue: UInt64(row.integer(3))),
            let standing = DeviceRow.Standing(rawValue: row.integer(4))
        else { return nil }
        return DeviceRow(
            ref: row.integer(0), id: id, signingKey: row.bytes(2), role: role, standing: standing,
            admitted: row.integer(5), isBlocked: !row.isNull(6), label: row.isNull(7) ? nil : row.text(7))
    }

    // MARK: Following the roster

    func setAbsent(_ id: DeviceID, line: Int64) throws {
        try connection.withStatement("UPDATE device SET standing = ? WHERE id = ? AND line = ?") { row in
            try row.bind(1, DeviceRow.Standing.absent.rawValue)
            try row.bind(2, id.bytes)
            try row.bind(3, line)
            try row.run()
        }
    }

    func save(_ id: DeviceID, _ member: RosterState.Member, line: Int64) throws {
        try connection.withStatement(
            """
            INSERT INTO device (line, id, signing_key, role, standing, admitted) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
            ON CONFLICT (id, line) DO UPDATE SET role = ?4, standing = ?5, admitted = ?6
            """
        ) { row in
            try row.bind(1, line)
            try row.bind(2, id.bytes)
            try row.bind(3, member.keys.signing)
            try row.bind(4, Int64(member.role.rawValue))
            try row.bind(
                5, (member.isPresent ? DeviceRow.Standing.present : DeviceRow.Standing.removed).rawValue)
            try row.bind(6, member.admittedAt)
            try row.run()
        }
    }

    // MARK: For operators

    /// The first time counts.
    func block(_ id: DeviceID, now: Int64) throws {
        try connection.withStatement("UPDATE device SET blocked = coalesce(blocked, ?) WHERE id = ?") { row in
            try row.bind(1, now)
            try row.bind(2, id.bytes)
            try row.run()
        }
    }

    func setLabel(_ label: String, of id: DeviceID) throws {
        try connection.withStatement("UPDATE device SET label = ? WHERE id = ?") { row in
            try row.bind(1, label.isEmpty ? nil : label as String?)
            try row.bind(2, id.bytes)
            try row.run()
        }
    }
}
