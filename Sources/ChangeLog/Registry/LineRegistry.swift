public import SyncProtocol
public import Trust

/// A server's store of who belongs to its lines: rosters, boxes, invitations, operators.
///
/// What makes a roster's entry valid, which of two branches counts, and which step of joining follows which, is decided by
/// `Trust` and by the rules in this folder, over values; a store reads and writes those. What belongs together is written in one
/// transaction, and whatever was answered is durable. Times are milliseconds since 1970, given by the caller.
public protocol LineRegistry: Sendable {
    // MARK: Who asks

    // Asked on a polling thread before a request's body is read: an answer from memory, or one read by an index.

    /// The store's generation: random, new when the store is made and when it is put back. Tickets are good within one.
    func generation() throws -> UInt64
    /// A workstation that is or was in a line's roster; nil for any other. One that was removed or blocked says so.
    func device(_ id: DeviceID) throws -> Device?
    /// The recovery of a line, by the keys of its present sheet; nil for any other id.
    func recovery(_ id: DeviceID) throws -> RecoveryHolder?
    /// An invitation, whatever has become of it; nil for an unknown one.
    func invitation(_ id: InvitationID) throws -> Invited?
    func administrator(_ id: OperatorID) throws -> Administrator?
    /// What the operator calls a line; nil for an unknown one.
    func name(of line: LineID) throws -> String?
    /// How long a line's roster is, what it ends with, and whether somebody lacks a box; nil for an unknown line.
    func mark(of line: LineID) throws -> RosterMark?

    // MARK: The roster

    /// A line begins, by a founding invitation. The same again is answered the same.
    ///
    /// Errors: `invitationUsed`, `invitationExpired`, `invitationEnded`; `rosterRefused` for an entry that founds nothing;
    /// `lineExists`, `tooManyLines`.
    func found(_ request: FoundRequest, by invitation: InvitationID, now: Int64) async throws -> LineID
    /// A line's roster, from memory once it was asked for; nil for an unknown line.
    func roster(of line: LineID) throws -> Roster?
    /// Takes entries that follow the roster's last one, or a branch that counts before that one
    /// (`Roster.compared(with:)`): from whomever they come, since they are signed. Up to the first that is not valid; those
    /// before it are kept. Returns whether anything was taken, and the roster as it is now.
    ///
    /// - Parameter isNew: the entries are taken only where the first follows the roster's last one; no branch is decided.
    ///
    /// The entries of a line that is awaited begin it again; the roster is nil before any has come.
    ///
    /// Errors: `unknownLine`; `rosterRefused` where the first new one is not valid; `rosterUndecided` for two branches that each
    /// take rights away.
    func append(_ entries: [SignedEntry], isNew: Bool, to line: LineID, now: Int64) async throws -> (
        hasChanged: Bool, roster: Roster?
    )

    // MARK: Boxes

    /// What a workstation may find the line's keys in, those of the newest epochs.
    func boxes(of device: DeviceID, line: LineID) throws -> [EpochBox]
    /// Present workstations, and the recovery, that nobody has filled in a box of the newest epoch for.
    func lackingBoxes(line: LineID) throws -> [DeviceID]
    /// Keeps boxes that a workstation has filled in: one of each author for each workstation and epoch, so that a bad one does
    /// not keep out a good one. Those for nobody present, and of epochs that are not the roster's, are passed over.
    ///
    /// Errors: as of every write by a device: `removed`, `revoked`, `unknownDevice` if it was let out since it was let in.
    func add(_ boxes: [EpochBox], by author: Device) async throws

    /// Drops the boxes of an epoch that a present workstation, or the line's recovery, cannot open: whoever has the key is asked to
    /// fill it in again. Without this one bad box, filled in before any good one, would keep everybody from filling in another.
    func refuseBoxes(of holder: DeviceID, epoch: UInt32, line: LineID) async throws

    // MARK: Checkpoints

    /// The latest checkpoint of each present workstation of a line.
    func checkpoints(of line: LineID) throws -> [SealedCheckpoint]
    /// Keeps a workstation's own in the place of the one before. Others' are passed over.
    func add(_ checkpoints: CheckpointList, by author: Device) async throws

    // MARK: What removed workstations had not sent

    /// Keeps a part in the place of the same part before. One of a later attempt drops all others.
    ///
    /// Errors: `notAllowed` by anybody but a workstation that was removed and is not blocked; or of an earlier attempt; `storageFull` for more than 32 MiB, or 64 MiB of a
    /// line.
    func keep(_ part: UnsentPart, of device: Device, now: Int64) async throws
    /// Of a line's workstations, the oldest first, at most 1,000.
    func unsent(of line: LineID) throws -> [UnsentList.Item]
    func unsentPart(_ number: UInt64, of device: DeviceID, line: LineID) throws -> UnsentPart?
    /// Drops what there is of an attempt of a workstation of the lead's line. Errors: as of every write by a device.
    func discardUnsent(of device: DeviceID, attempt: UInt64, by lead: Device) async throws

    // MARK: Invitations and joining

    /// A lead's invitation. The same again changes nothing.
    func addInvitation(_ request: InvitationRequest, by lead: Device, now: Int64) async throws
    /// The line's, newest first, with what of their secrets is sealed to the lead that asks.
    func invitations(of line: LineID, sealedTo lead: DeviceID?) throws -> [(invitation: Invited, secret: [UInt8]?)]
    /// The next step of joining, if it is one: ``Invited/take(_:now:)`` decides. A repeated one is answered the same.
    ///
    /// - Parameter lead: who takes it; nil where whoever holds the invitation does.
    func take(_ step: JoinStep, invitation: InvitationID, by lead: Device?, now: Int64) async throws -> Invited

    // MARK: For operators

    func administrators() throws -> [Administrator]
    /// All that ever were in a line's roster, by when they came.
    func devices(of line: LineID) throws -> [DeviceSummary]
    /// Those that found lines.
    func foundingInvitations() throws -> [Invited]
    /// Does something, and writes it into the audit log, in one transaction. A request that was done before is not done again.
    ///
    /// - Parameters:
    ///   - author: nil for whoever has the store itself.
    ///   - request: 16 random bytes that the operator's program chose for this act.
    ///
    /// Errors: `notFound` where there is no such line, workstation or invitation; `notAllowed` for another line's than the
    /// operator's.
    func perform(_ act: OperatorAct, by author: Administrator?, request: [UInt8], now: Int64) async throws
    /// Entries of the audit log from a number on, and how long it is.
    func audit(from number: UInt64, limit: Int) throws -> (entries: [AuditEntry], end: AuditChain.Anchor)
}

/// All that a server keeps: its lines' changes, and who belongs to them.
public typealias LineStore = ChangeLog & LineRegistry

/// Whoever holds a line's present recovery sheet: may read the roster, and the boxes that are sealed to the sheet.
public struct RecoveryHolder: Hashable, Sendable {
    public var id: DeviceID
    public var line: LineID
    /// Ed25519.
    public var signingKey: [UInt8]
}

/// A workstation that a line's roster knows.
public struct Device: Hashable, Sendable {
    /// The store's own number for it. It stays the same as long as the store lives.
    public var reference: Int64
    public var line: LineID
    public var lineName: String
    public var id: DeviceID
    /// Ed25519.
    public var signingKey: [UInt8]
    public var role: RosterAct.Role
    /// By an entry of the roster, for good.
    public var isRemoved: Bool
    /// By an operator: let in no more.
    public var isBlocked: Bool

    public init(
        reference: Int64, line: LineID, lineName: String, id: DeviceID, signingKey: [UInt8], role: RosterAct.Role,
        isRemoved: Bool, isBlocked: Bool
    ) {
        self.reference = reference
        self.line = line
        self.lineName = lineName
        self.id = id
        self.signingKey = signingKey
        self.role = role
        self.isRemoved = isRemoved
        self.isBlocked = isBlocked
    }

    public var isLead: Bool { role == .lead }
}
