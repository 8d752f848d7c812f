import Support
public import SyncProtocol
public import Trust

/// A store as its registry's rules see it: transactions, each by a ``RegistryAccess``.
protocol RegistryStore: Sendable {
    associatedtype Access: RegistryAccess

    var rosters: RosterCache { get }
    var random: RandomSource { get }
    func readRegistry<Result: Sendable>(_ body: @escaping @Sendable (Access) throws -> Result) throws -> Result
    func writeRegistry<Result: Sendable>(
        _ body: @escaping @Sendable (Access) throws -> Result
    ) async throws -> Result
}

/// A registry over a store's tables, by the same rules whatever the store.
struct StoredRegistry<Store: RegistryStore>: LineRegistry {
    let store: Store

    func generation() throws -> UInt64 { try store.readRegistry { try $0.generation() } }
    func device(_ id: DeviceID) throws -> Device? { try store.readRegistry { try $0.device(id) } }
    func recovery(_ id: DeviceID) throws -> RecoveryHolder? { try store.readRegistry { try $0.recovery(id) } }
    func invitation(_ id: InvitationID) throws -> Invited? { try store.readRegistry { try $0.invitation(id) } }
    func administrator(_ id: OperatorID) throws -> Administrator? {
        try store.readRegistry { try $0.administrator(id) }
    }
    func name(of line: LineID) throws -> String? { try store.readRegistry { try $0.line(line)?.name } }
    func mark(of line: LineID) throws -> RosterMark? { try store.readRegistry { try $0.mark(of: line) } }
}

/// A change log that keeps the registry of its lines too.
public protocol RegistryKeeper: LineRegistry {
    var registry: any LineRegistry { get }
}

extension RegistryKeeper {
    public func generation() throws -> UInt64 { try registry.generation() }
    public func device(_ id: DeviceID) throws -> Device? { try registry.device(id) }
    public func recovery(_ id: DeviceID) throws -> RecoveryHolder? { try registry.recovery(id) }
    public func invitation(_ id: InvitationID) throws -> Invited? { try registry.invitation(id) }
    public func administrator(_ id: OperatorID) throws -> Administrator? { try registry.administrator(id) }
    public func name(of line: LineID) throws -> String? { try registry.name(of: line) }
    public func mark(of line: LineID) throws -> RosterMark? { try registry.mark(of: line) }

    public func found(_ request: FoundRequest, by invitation: InvitationID, now: Int64) async throws -> LineID {
        try await registry.found(request, by: invitation, now: now)
    }
    public func roster(of line: LineID) throws -> Roster? { try registry.roster(of: line) }
    public func append(
        _ entries: [SignedEntry], isNew: Bool, to line: LineID, now: Int64
    ) async throws -> (hasChanged: Bool, roster: Roster?) {
        try await registry.append(entries, isNew: isNew, to: line, now: now)
    }

    public func boxes(of device: DeviceID, line: LineID) throws -> [EpochBox] {
        try registry.boxes(of: device, line: line)
    }
    public func lackingBoxes(line: LineID) throws -> [DeviceID] { try registry.lackingBoxes(line: line) }
    public func add(_ boxes: [EpochBox], by author: Device) async throws {
        try await registry.add(boxes, by: author)
    }
    public func refuseBoxes(of holder: DeviceID, epoch: UInt32, line: LineID) async throws {
        try await registry.refuseBoxes(of: holder, epoch: epoch, line: line)
    }
    public func checkpoints(of line: LineID) throws -> [SealedCheckpoint] { try registry.checkpoints(of: line) }
    public func add(_ checkpoints: CheckpointList, by author: Device) async throws {
        try await registry.add(checkpoints, by: author)
    }

    public func keep(_ part: UnsentPart, of device: Device, now: Int64) async throws {
        try await registry.keep(part, of: device, now: now)
    }
    public func unsent(of line: LineID) throws -> [UnsentList.Item] { try registry.unsent(of: line) }
    public func unsentPart(_ number: UInt64, of device: DeviceID, line: LineID) throws -> UnsentPart? {
        try registry.unsentPart(number, of: device, line: line)
    }
    public func discardUnsent(of device: DeviceID, attempt: UInt64, by lead: Device) async throws {
        try await registry.discardUnsent(of: device, attempt: attempt, by: lead)
    }

    public func addInvitation(_ request: InvitationRequest, by lead: Device, now: Int64) async throws {
        try await registry.addInvitation(request, by: lead, now: now)
    }
    public func invitations(
        of line: LineID, sealedTo lead: DeviceID?
    ) throws -> [(invitation: Invited, secret: [UInt8]?)] {
        try registry.invitations(of: line, sealedTo: lead)
    }
    public func take(
        _ step: JoinStep, invitation: InvitationID, by lead: Device?, now: Int64
    ) async throws -> Invited {
        try await registry.take(step, invitation: invitation, by: lead, now: now)
    }

    public func administrators() throws -> [Administrator] { try registry.administrators() }
    public func devices(of line: LineID) throws -> [DeviceSummary] { try registry.devices(of: line) }
    public func foundingInvitations() throws -> [Invited] { try registry.foundingInvitations() }
    public func perform(
        _ act: OperatorAct, by author: Administrator?, request: [UInt8], now: Int64
    ) async throws {
        try await registry.perform(act, by: author, request: request, now: now)
    }
    public func audit(from number: UInt64, limit: Int) throws -> (entries: [AuditEntry], end: AuditChain.Anchor) {
        try registry.audit(from: number, limit: limit)
    }
}
