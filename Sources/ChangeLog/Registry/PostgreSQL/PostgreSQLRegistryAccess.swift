import PostgreSQL
import SyncProtocol
import Trust

/// The registry of the PostgreSQL store, within one transaction. What is written is only sent: the next answer that is read
/// comes after it.
final class PostgreSQLRegistryAccess: RegistryAccess {
    let connection: PostgreSQLConnection
    private let isWriting: Bool
    /// The lines in which somebody's rights have changed, or who has which boxes.
    private(set) var changedLines: Set<LineID> = []

    init(_ connection: PostgreSQLConnection, isWriting: Bool) {
        self.connection = connection
        self.isWriting = isWriting
    }

    func generation() throws -> UInt64 { try StoreRows.generation(connection.run(StoreRows.generation)) }
    func setGeneration(_ generation: UInt64) throws {
        try connection.send(StoreRows.setting) { $0.add(word: generation) }
    }

    // MARK: Lines

    func line(_ id: LineID) throws -> LineState? {
        try connection.run(isWriting ? LineRows.lock : LineRows.find) { $0.add(id.bytes) }.first.map(LineRows.decode)
    }
    func mark(of line: LineID) throws -> RosterMark? {
        try connection.run(LineRows.mark) { $0.add(line.bytes) }.first.map {
            RosterMark(count: $0.word(0), hash: $0.bytes(1), lacksBoxes: $0.boolean(2))
        }
    }
    /// Here lines go by their ids.
    func nextReference() throws -> Int64 { 0 }
    func insert(_ line: LineState, now: Int64) throws { try LineRows.insert(line, now: now, connection) }
    func save(_ line: LineState) throws {
        try LineRows.save(line, connection)
        try noteRights(of: line.id)
    }
    func awaitedName(of line: LineID) throws -> String? {
        let statement = isWriting ? AwaitedLineRows.lock : AwaitedLineRows.find
        return try connection.run(statement) { $0.add(line.bytes) }.first?.text(0)
    }
    func setAwaited(_ line: LineID, name: String) throws {
        try connection.send(AwaitedLineRows.saving) {
            $0.add(line.bytes)
            $0.add(name)
        }
    }
    func deleteAwaited(_ line: LineID) throws {
        try connection.send(AwaitedLineRows.deletion) { $0.add(line.bytes) }
    }
    func beginRestoration(of line: LineState, devices: Int, now: Int64) throws {
        try connection.send(RestorationRows.beginning) {
            $0.add(line.id.bytes)
            $0.add(now)
            $0.add(Int64(devices))
        }
    }
    /// Other processes find out by this number that they have to look.
    private func noteRights(of line: LineID) throws {
        guard changedLines.insert(line).inserted else { return }
        try connection.send(LineRows.raising) { $0.add(line.bytes) }
    }

    // MARK: Rosters

    func entries(of line: LineState) throws -> [SignedEntry] {
        let rows = try connection.run(RosterRows.entries) { $0.add(line.id.bytes) }
        return try rows.indices.map { try .kept(rows[$0].bytes(0)) }
    }
    func replaceEntries(of line: LineState, from number: UInt64, by entries: [SignedEntry]) throws {
        try RosterRows.replace(from: number, by: entries, line: line.id, connection)
    }
    func recovery(_ id: DeviceID) throws -> RecoveryHolder? {
        let row = try connection.run(RosterRows.recovery) { $0.add(id.bytes) }.first
        guard let row, let line = LineID(row.bytes(0)) else { return nil }
        return RecoveryHolder(id: id, line: line, signingKey: row.bytes(1))
    }
    func setRecovery(of line: LineState, _ roster: RosterState) throws {
        try connection.send(RosterRows.recoverySaving) {
            $0.add(line.id.bytes)
            $0.add(roster.recoveryID.bytes)
            $0.add(roster.recovery.signing)
        }
    }

    // MARK: Devices

    func device(_ id: DeviceID) throws -> Device? {
        try connection.run(DeviceRows.find) { $0.add(id.bytes) }.first.flatMap(DeviceRows.decodeDevice)
    }
    func devices(of line: LineState) throws -> [Int64: DeviceRow] {
        try Self.devices(of: line.id, connection)
    }
    static func devices(of line: LineID, _ connection: PostgreSQLConnection) throws -> [Int64: DeviceRow] {
        let rows = try connection.run(DeviceRows.all) { $0.add(line.bytes) }
        return Dictionary(rows.indices.compactMap { DeviceRows.decode(rows[$0]) }.map { ($0.ref, $0) }) { $1 }
    }
    func save(_ id: DeviceID, _ member: RosterState.Member, in line: LineState) throws {
        try DeviceRows.save(id, member, line: line.id, connection)
    }
    func setAbsent(_ id: DeviceID, in line: LineState) throws {
        try connection.send(DeviceRows.leaving) {
            $0.add(line.id.bytes)
            $0.add(id.bytes)
            $0.add(Int16(DeviceRow.Standing.absent.rawValue))
        }
    }
    func checkStanding(_ device: Device, asLead: Bool) throws {
        try DeviceRows.sendStandings([device.reference], line: device.line, connection)
        let standings = try connection.receive().last.map(DeviceRows.decodeStandings) ?? [:]
        try DeviceRows.check(device, in: standings, asLead: asLead)
    }
    func block(_ id: DeviceID, now: Int64) throws {
        try connection.send(DeviceRows.blocking) {
            $0.add(id.bytes)
            $0.add(now)
        }
        if let line = try device(id)?.line { try noteRights(of: line) }
    }
    func setLabel(_ label: String, of id: DeviceID) throws {
        try connection.send(DeviceRows.labelling) {
            $0.add(id.bytes)
            $0.add(optional: label.isEmpty ? nil : label)
        }
    }
    func lastSeen(in line: LineState) throws -> [Int64: Int64] {
        let rows = try connection.run(ReplicaRows.seen) { $0.add(line.id.bytes) }
        return Dictionary(rows.indices.map { (rows[$0].integer(0), rows[$0].integer(1)) }) { $1 }
    }

    // MARK: What is locked in a transaction that writes

    func invitation(_ id: InvitationID) throws -> Invited? {
        try connection.run(isWriting ? InvitationRows.lock : InvitationRows.find) { $0.add(id.bytes) }.first
            .map(InvitationRows.decode)
    }
    func isDone(request: [UInt8]) throws -> Bool {
        try lockAudit()
        return try !connection.run(AuditRows.find) { $0.add(request) }.isEmpty
    }
    func auditEnd() throws -> AuditChain.Anchor {
        try lockAudit()
        guard let row = try connection.run(AuditRows.last).first else { return AuditChain().end }
        let last = try AuditEntry.kept(row.bytes(0))
        return AuditChain.Anchor(count: last.number + 1, head: last.hash)
    }
    private func lockAudit() throws {
        if isWriting { try connection.send(StoreRows.lock) }
    }
}
