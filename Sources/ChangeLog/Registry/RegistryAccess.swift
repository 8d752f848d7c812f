import SyncProtocol
import Trust

/// The registry of one store within one transaction: what its rules read and write, whatever the store.
///
/// In a transaction that writes, nobody else writes until its end what was read of a line, an invitation or the audit log's end.
protocol RegistryAccess {
    // MARK: The store

    func generation() throws -> UInt64
    func setGeneration(_ generation: UInt64) throws

    // MARK: Lines

    func line(_ id: LineID) throws -> LineState?
    func mark(of line: LineID) throws -> RosterMark?
    /// The store's own number for the next line. Errors: `tooManyLines`.
    func nextReference() throws -> Int64
    func insert(_ line: LineState, now: Int64) throws
    /// After its roster's end, its epoch or its boxes have changed.
    func save(_ line: LineState) throws
    /// What the operator calls a line whose store was lost and whose workstations have not brought its roster yet; nil for a
    /// line that nobody awaits.
    func awaitedName(of line: LineID) throws -> String?
    func setAwaited(_ line: LineID, name: String) throws
    func deleteAwaited(_ line: LineID) throws
    func beginRestoration(of line: LineState, devices: Int, now: Int64) throws

    // MARK: Rosters

    /// All entries. They were verified before they were kept.
    func entries(of line: LineState) throws -> [SignedEntry]
    /// Puts entries in the place of all from a number on.
    func replaceEntries(of line: LineState, from number: UInt64, by entries: [SignedEntry]) throws
    func recovery(_ id: DeviceID) throws -> RecoveryHolder?
    func setRecovery(of line: LineState, _ roster: RosterState) throws

    // MARK: Devices

    /// A workstation that is or was in its line's roster. One that left a line for another is the other's.
    func device(_ id: DeviceID) throws -> Device?
    /// A line's, by their references.
    func devices(of line: LineState) throws -> [Int64: DeviceRow]
    func save(_ id: DeviceID, _ member: RosterState.Member, in line: LineState) throws
    /// The branch of the roster that let it in does not count.
    func setAbsent(_ id: DeviceID, in line: LineState) throws
    /// Throws if the device was let out since it was let in: a request may have waited for a minute.
    func checkStanding(_ device: Device, asLead: Bool) throws
    /// The first time counts.
    func block(_ id: DeviceID, now: Int64) throws
    func setLabel(_ label: String, of id: DeviceID) throws
    /// When each was last heard of, by the devices' references.
    func lastSeen(in line: LineState) throws -> [Int64: Int64]

    // MARK: Boxes and checkpoints

    /// The newest epoch's first.
    func boxes(of device: DeviceID, in line: LineState) throws -> [EpochBox]
    /// Who has a box of an epoch.
    func holders(of epoch: UInt32, in line: LineState) throws -> Set<DeviceID>
    /// Whose boxes are kept for a box's workstation and epoch, in order of id.
    func authors(of box: EpochBox, in line: LineState) throws -> [DeviceID]
    func insert(_ box: EpochBox, by author: DeviceID, in line: LineState) throws
    func delete(_ box: EpochBox, by author: DeviceID, in line: LineState) throws
    func deleteBoxes(after epoch: UInt32, in line: LineState) throws
    func deleteBoxes(through epoch: UInt32, in line: LineState) throws
    func deleteBoxes(of device: DeviceID, epoch: UInt32, in line: LineState) throws
    /// Of those that are present.
    func checkpoints(of line: LineState) throws -> [SealedCheckpoint]
    func save(_ checkpoint: SealedCheckpoint, of device: Device) throws

    // MARK: What removed workstations had not sent

    /// What a line's parts take, but for one that is to be replaced.
    /// What a line's parts take, and what the workstation's own do, but for one that is to be replaced.
    func unsentBytes(in line: LineState, without part: UnsentPart, of device: Device) throws -> (
        line: Int64, device: Int64
    )
    /// The attempt that there are parts of; 0 where there are none.
    func unsentAttempt(of device: Device) throws -> UInt64
    func save(_ part: UnsentPart, of device: Device, now: Int64) throws
    func unsent(in line: LineState) throws -> [UnsentList.Item]
    func unsentPart(_ number: UInt64, of device: Device) throws -> UnsentPart?
    func deleteUnsent(of device: Device) throws

    // MARK: Invitations

    func invitation(_ id: InvitationID) throws -> Invited?
    /// Those to a line, or those that found one; newest first.
    func invitations(of line: LineID?) throws -> [Invited]
    func save(_ invited: Invited) throws
    /// Those that expired before a time, with their secrets.
    func deleteInvitations(expiredBefore time: Int64) throws
    func insert(_ secret: InvitationRequest.SealedSecret, of invitation: InvitationID) throws
    func secret(of invitation: InvitationID, for device: DeviceID) throws -> [UInt8]?

    // MARK: Operators

    func administrator(_ id: OperatorID) throws -> Administrator?
    func administrators() throws -> [Administrator]
    func save(_ administrator: Administrator) throws
    func deleteAdministrator(_ id: OperatorID) throws

    // MARK: The audit log: entries are added, and none is ever changed or taken out.

    /// Whether an operator's request was carried out before.
    func isDone(request: [UInt8]) throws -> Bool
    func auditEnd() throws -> AuditChain.Anchor
    func insert(_ entry: AuditEntry, request: [UInt8]?) throws
    /// As they are kept: whoever reads them follows the chain.
    func audit(from number: UInt64, limit: Int) throws -> [AuditEntry]
}

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

    /// Throws unless requests of such a device are taken.
    static func check(_ standing: Standing, isBlocked: Bool, isLead: Bool, asLead: Bool) throws {
        switch standing {
        case .absent:
            throw ChangeLogError(.unknownDevice, "this device is not in the line's roster; nothing was changed")
        case .removed: throw ChangeLogError(.removed, "this device was removed from the line; nothing was changed")
        case .present: break
        }
        if isBlocked { throw ChangeLogError(.revoked, "this device was blocked; nothing was changed") }
        if asLead, !isLead { throw ChangeLogError(.notLead, "only a lead may do this; nothing was changed") }
    }
}

// MARK: What follows from these

extension RegistryAccess {
    /// Makes the line's devices what its roster says now.
    ///
    /// - Parameter before: nil for a line that begins.
    func follow(_ roster: RosterState, before: RosterState?, in line: LineState) throws {
        for (id, member) in roster.members where before?.members[id] != member { try save(id, member, in: line) }
        for id in before?.members.keys ?? [:].keys where roster.members[id] == nil { try setAbsent(id, in: line) }
    }

    /// Whether somebody who is to have the newest key has no box of it.
    func lacksBoxes(_ roster: RosterState, in line: LineState) throws -> Bool {
        let holders = try holders(of: roster.epoch, in: line)
        return roster.keyHolders.contains { !holders.contains($0) }
    }

    /// Keeps a box, if ``BoxRules`` says so.
    func add(_ box: EpochBox, by author: DeviceID, _ roster: RosterState, in line: LineState) throws {
        switch BoxRules.decide(author, kept: try authors(of: box, in: line), roster) {
        case .passOver: return
        case .add: break
        case .replace(let other): try delete(box, by: other, in: line)
        }
        try insert(box, by: author, in: line)
    }

    func deleteOutdatedBoxes(newest: UInt32, in line: LineState) throws {
        guard newest > BoxRules.keptEpochs else { return }
        try deleteBoxes(through: newest - BoxRules.keptEpochs, in: line)
    }

    /// Writes a line of the audit log.
    func note(
        _ act: AuditEntry.Act, by author: OperatorID? = nil, line: LineID? = nil, subject: [UInt8]? = nil,
        request: [UInt8]? = nil, now: Int64
    ) throws {
        let end = try auditEnd()
        let entry = AuditEntry(
            number: end.count, previous: end.head, milliseconds: now, author: author, act: act, line: line,
            subject: subject)
        try insert(entry, request: request)
    }
}
