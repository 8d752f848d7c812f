public import SyncProtocol
public import Trust

/// Whose public key is let in on the operators' endpoints.
public struct Administrator: Hashable, Sendable {
    public var signingKey: [UInt8]
    /// What people call them.
    public var label: String
    /// The only line that they see; nil for all.
    public var line: LineID?
    /// When, in milliseconds since 1970.
    public var added: Int64

    public var id: OperatorID { OperatorID(signingKey: signingKey) }

    public init(signingKey: [UInt8], label: String, line: LineID?, added: Int64) {
        self.signingKey = signingKey
        self.label = label
        self.line = line
        self.added = added
    }

    /// Whoever has the store itself.
    public static let ofStore = Administrator(signingKey: [], label: "store", line: nil, added: 0)
    public var isOfStore: Bool { signingKey.isEmpty }

    public func maySee(_ line: LineID?) -> Bool { self.line == nil || self.line == line }
}

/// What an operator can do. None of it reads or changes what workstations have written.
public enum OperatorAct: Hashable, Sendable {
    case addOperator(signingKey: [UInt8], label: String, line: LineID?)
    case removeOperator(OperatorID)
    /// Invites somebody to found a line of this name.
    case inviteFounder(signingKey: [UInt8], name: String, expires: Int64)
    /// Invites a workstation that comes with a recovery sheet.
    case inviteRecovery(signingKey: [UInt8], line: LineID, expires: Int64)
    /// Awaits a line whose store was lost: its workstations bring its roster, and all that they hold.
    case awaitLine(LineID, name: String)
    case withdraw(InvitationID)
    /// Lets a workstation in no more. It stays in the roster until a lead removes it.
    case block(DeviceID)
    /// What operators call a workstation: its own name is sealed.
    case label(DeviceID, String)
    /// The oldest version of workstations' program that a line serves; nil: any.
    case minimumProgram(LineID, ProgramVersion?)
    /// How many bytes of sealed values a line may hold; nil: as many as the disk takes.
    case quota(LineID, bytes: Int64?)
    /// The store was put back from a backup: it gets another generation.
    case noteRestored

    public static let labelBytes = 100
}

/// A workstation as operators see it.
public struct DeviceSummary: Hashable, Sendable {
    public var id: DeviceID
    /// The operators' own; nil if they gave none.
    public var label: String?
    public var role: RosterAct.Role
    /// When a lead let it in, by that one's clock: milliseconds since 1970.
    public var admitted: Int64
    public var isRemoved: Bool
    public var isBlocked: Bool
    /// When it last synced; nil if it never did.
    public var lastSeen: Int64?
}
