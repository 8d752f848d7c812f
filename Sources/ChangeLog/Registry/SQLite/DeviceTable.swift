import SQLite
import SyncProtocol
import Trust

/// A row of the table `device`.
struct DeviceRow {
    enum Standing: Int64 {
        case present = 0
        case removed = 1
        /// The branch of the roster that let it in does not count.
        case absent = 2
    }
    var ref: Int64
    var id: DeviceID
    var signingKey: [UInt8]
    var role: RosterAct.Role
    var standing: Standing
    var admitted: Int64
    var isBlocked: Bool
    var label: String?
}

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
            guard try row.step(), row.integer(0) != DeviceRow.Standing.absent.rawValue else {
                throw ChangeLogError(.unknownDevice, "this device is not in the line's roster; nothing was changed")
            }
            if row.integer(0) != DeviceRow.Standing.present.rawValue {
                throw ChangeLogError(.removed, "this device was removed from the line; nothing was changed")
            }
            if !row.isNull(1) { throw ChangeLogError(.revoked, "this device was blocked; nothing was changed") }
            if asLead, row.integer(2) != Int64(RosterAct.Role.lead.rawValue) {
                throw ChangeLogError(.notLead, "only a lead may do this; nothing was changed")
            }
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

    /// Which line a workstation belongs to.
    func line(of id: DeviceID) throws -> LineID? { try find(id)?.line }

    private static func decode(_ row: borrowing Statement) -> DeviceRow? {
        guard let id = DeviceID(row.bytes(1)), let role = RosterAct.Role(rawValue: UInt64(row.integer(3))),
            let standing = DeviceRow.Standing(rawValue: row.integer(4))
        else { return nil }
        return DeviceRow(
            ref: row.integer(0), id: id, signingKey: row.bytes(2), role: role, standing: standing,
            admitted: row.integer(5), isBlocked: !row.isNull(6), label: row.isNull(7) ? nil : row.text(7))
    }

    // MARK: Following the roster

    /// Makes the line's rows what its roster says now.
    ///
    /// - Parameter before: nil for a line that begins.
    func follow(_ roster: RosterState, before: RosterState?, line: Int64) throws {
        for (id, member) in roster.members where before?.members[id] != member {
            try save(id, member, line: line)
        }
        for id in before?.members.keys ?? [:].keys where roster.members[id] == nil {
            try connection.withStatement("UPDATE device SET standing = ? WHERE id = ? AND line = ?") { row in
                try row.bind(1, DeviceRow.Standing.absent.rawValue)
                try row.bind(2, id.bytes)
                try row.bind(3, line)
                try row.run()
            }
        }
    }

    private func save(_ id: DeviceID, _ member: RosterState.Member, line: Int64) throws {
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
