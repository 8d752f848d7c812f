import SQLite
import SyncProtocol
import Trust

/// The registry of the SQLite store: each table by its own type.
struct SQLiteRegistryAccess: RegistryAccess {
    let connection: Connection

    private var lines: LineTable { LineTable(connection: connection) }
    private var devices: DeviceTable { DeviceTable(connection: connection) }
    private var invitationTable: InvitationTable { InvitationTable(connection: connection) }
    private var secrets: InvitationSecretTable { InvitationSecretTable(connection: connection) }
    private var operators: OperatorTable { OperatorTable(connection: connection) }
    private var auditTable: AuditTable { AuditTable(connection: connection) }
    private var awaited: AwaitedLineTable { AwaitedLineTable(connection: connection) }
    private var recoveries: RecoveryTable { RecoveryTable(connection: connection) }
    private func boxes(_ line: LineState) -> BoxTable { BoxTable(connection: connection, line: line.ref) }
    private func roster(_ line: LineState) -> RosterTable { RosterTable(connection: connection, line: line.ref) }
    private func checkpointTable(_ line: Int64) -> CheckpointTable {
        CheckpointTable(connection: connection, line: line)
    }

    func generation() throws -> UInt64 { try StoreTable(connection: connection).generation() }
    func setGeneration(_ generation: UInt64) throws {
        try StoreTable(connection: connection).setGeneration(generation)
    }

    // MARK: Lines

    func line(_ id: LineID) throws -> LineState? { try lines.find(id) }
    func mark(of line: LineID) throws -> RosterMark? {
        try lines.rosterEnd(line).map { RosterMark(count: $0.count, hash: $0.head, lacksBoxes: $0.lacksBoxes) }
    }
    func nextReference() throws -> Int64 {
        let ref = try (lines.all().last?.ref ?? 0) + 1
        guard ref <= LogKey.lastLine else {
            throw ChangeLogError(
                .tooManyLines,
                "a store holds \(LogKey.lastLine) lines and this one is full; nothing was changed: start another store")
        }
        return ref
    }
    func insert(_ line: LineState, now: Int64) throws { try lines.insert(line) }
    func save(_ line: LineState) throws { try lines.save(line) }
    func awaitedName(of line: LineID) throws -> String? { try awaited.name(of: line) }
    func setAwaited(_ line: LineID, name: String) throws { try awaited.insert(line, name: name) }
    func deleteAwaited(_ line: LineID) throws { try awaited.delete(line) }
    func beginRestoration(of line: LineState, devices: Int, now: Int64) throws {
        try RestorationTable(connection: connection).begin(line: line.ref, devices: devices, now: now)
    }

    // MARK: Rosters

    func entries(of line: LineState) throws -> [SignedEntry] { try roster(line).entries() }
    func replaceEntries(of line: LineState, from number: UInt64, by entries: [SignedEntry]) throws {
        try roster(line).replace(from: number, by: entries)
    }
    func recovery(_ id: DeviceID) throws -> RecoveryHolder? { try recoveries.find(id) }
    func setRecovery(of line: LineState, _ roster: RosterState) throws { try recoveries.set(roster, line: line.ref) }

    // MARK: Devices

    func device(_ id: DeviceID) throws -> Device? { try devices.find(id) }
    func devices(of line: LineState) throws -> [Int64: DeviceRow] { try devices.all(line: line.ref) }
    func save(_ id: DeviceID, _ member: RosterState.Member, in line: LineState) throws {
        try devices.save(id, member, line: line.ref)
    }
    func setAbsent(_ id: DeviceID, in line: LineState) throws { try devices.setAbsent(id, line: line.ref) }
    func checkStanding(_ device: Device, asLead: Bool) throws { try devices.checkStanding(device, asLead: asLead) }
    func block(_ id: DeviceID, now: Int64) throws { try devices.block(id, now: now) }
    func setLabel(_ label: String, of id: DeviceID) throws { try devices.setLabel(label, of: id) }
    func lastSeen(in line: LineState) throws -> [Int64: Int64] {
        var seen: [Int64: Int64] = [:]
        for replica in try ReplicaTable(connection: connection).all(line: line.ref) {
            seen[replica.device] = max(replica.lastSeen, seen[replica.device] ?? 0)
        }
        return seen
    }

    // MARK: Boxes and checkpoints

    func boxes(of device: DeviceID, in line: LineState) throws -> [EpochBox] { try boxes(line).boxes(of: device) }
    func holders(of epoch: UInt32, in line: LineState) throws -> Set<DeviceID> {
        try boxes(line).holders(epoch: epoch)
    }
    func authors(of box: EpochBox, in line: LineState) throws -> [DeviceID] { try boxes(line).authors(of: box) }
    func insert(_ box: EpochBox, by author: DeviceID, in line: LineState) throws {
        try boxes(line).insert(box, by: author)
    }
    func delete(_ box: EpochBox, by author: DeviceID, in line: LineState) throws {
        try boxes(line).delete(box, by: author)
    }
    func deleteBoxes(after epoch: UInt32, in line: LineState) throws { try boxes(line).delete(after: epoch) }
    func deleteBoxes(through epoch: UInt32, in line: LineState) throws { try boxes(line).delete(through: epoch) }
    func deleteBoxes(of device: DeviceID, epoch: UInt32, in line: LineState) throws {
        try boxes(line).delete(of: device, epoch: epoch)
    }
    func checkpoints(of line: LineState) throws -> [SealedCheckpoint] { try checkpointTable(line.ref).all() }
    func save(_ checkpoint: SealedCheckpoint, of device: Device) throws {
        guard let line = try lines.find(device.line) else { return }
        try checkpointTable(line.ref).save(checkpoint, of: device)
    }

    // MARK: What removed workstations had not sent

    private var unsentTable: UnsentTable { UnsentTable(connection: connection) }
    func unsentBytes(in line: LineState, without part: UnsentPart, of device: Device) throws -> (
        line: Int64, device: Int64
    ) {
        try unsentTable.bytes(line: line.ref, without: part, of: device)
    }
    func save(_ part: UnsentPart, of device: Device, now: Int64) throws {
        try unsentTable.save(part, of: device, now: now)
    }
    func unsentAttempt(of device: Device) throws -> UInt64 { try unsentTable.attempt(of: device) }
    func unsent(in line: LineState) throws -> [UnsentList.Item] { try unsentTable.all(line: line.ref) }
    func unsentPart(_ number: UInt64, of device: Device) throws -> UnsentPart? {
        try unsentTable.part(number, of: device)
    }
    func deleteUnsent(of device: Device) throws { try unsentTable.remove(device) }

    // MARK: Invitations

    func invitation(_ id: InvitationID) throws -> Invited? { try invitationTable.find(id) }
    func invitations(of line: LineID?) throws -> [Invited] { try invitationTable.all(line: line) }
    func save(_ invited: Invited) throws { try invitationTable.save(invited) }
    func deleteInvitations(expiredBefore time: Int64) throws { try invitationTable.delete(expiredBefore: time) }
    func insert(_ secret: InvitationRequest.SealedSecret, of invitation: InvitationID) throws {
        try secrets.insert(secret, of: invitation)
    }
    func secret(of invitation: InvitationID, for device: DeviceID) throws -> [UInt8]? {
        try secrets.find(invitation, device: device)
    }

    // MARK: Operators

    func administrator(_ id: OperatorID) throws -> Administrator? { try operators.find(id) }
    func administrators() throws -> [Administrator] { try operators.all() }
    func save(_ administrator: Administrator) throws { try operators.save(administrator) }
    func deleteAdministrator(_ id: OperatorID) throws { try operators.delete(id) }

    func isDone(request: [UInt8]) throws -> Bool { try auditTable.contains(request: request) }
    func auditEnd() throws -> AuditChain.Anchor { try auditTable.end() }
    func insert(_ entry: AuditEntry, request: [UInt8]?) throws { try auditTable.insert(entry, request: request) }
    func audit(from number: UInt64, limit: Int) throws -> [AuditEntry] {
        try auditTable.entries(from: number, limit: limit)
    }
}

extension SQLiteChangeLog: RegistryKeeper, RegistryStore {
    public var registry: any LineRegistry { StoredRegistry(store: self) }

    func readRegistry<Result: Sendable>(
        _ body: @escaping @Sendable (SQLiteRegistryAccess) throws -> Result
    ) throws -> Result {
        try read { try body(SQLiteRegistryAccess(connection: $0)) }
    }
    func writeRegistry<Result: Sendable>(
        _ body: @escaping @Sendable (SQLiteRegistryAccess) throws -> Result
    ) async throws -> Result {
        try await write { connection, _ in try body(SQLiteRegistryAccess(connection: connection)) }
    }
}
