public import Merge
import Sealing
public import SyncProtocol

/// Whose rights and which keys a line has after some entry of its roster.
public struct RosterState: Sendable {
    public let line: LineID
    /// The number and hash of the last entry.
    public private(set) var number: UInt64
    public private(set) var head: [UInt8]
    /// Everybody who ever was in the line.
    public private(set) var members: [DeviceID: Member] = [:]
    public private(set) var recovery: PublicKeys
    /// Sheets that were used: none is good again.
    private var formerRecoveries: Set<DeviceID> = []
    /// By epoch, from 1 on.
    public private(set) var epochs: [Epoch]
    public private(set) var usedInvitations: Set<InvitationID> = []
    public private(set) var sealedRules: [UInt8]?
    public private(set) var server: (address: String, pins: [[UInt8]])?
    /// Records whose erasure is not to be obeyed.
    public private(set) var kept: Set<RecordID> = []
    public private(set) var leadCount = 1

    public struct Member: Hashable, Sendable {
        public var keys: PublicKeys
        public var sealedName: [UInt8]
        public var role: RosterAct.Role
        /// The number of the entry that let it in.
        public var admitted: UInt64
        public var admittedAt: Int64
        /// The number of the entry that removed it.
        public var removed: UInt64?
        public var removedAt: Int64?
        public var isPresent: Bool { removed == nil }
    }

    public struct Epoch: Hashable, Sendable {
        public var commitment: [UInt8]
        /// Nil in the first.
        public var sealedPrevious: [UInt8]?
        /// The number of the entry that began it.
        public var begun: UInt64
    }

    /// The epoch that what is written now is sealed in.
    public var epoch: UInt32 { UInt32(epochs.count) }
    public var recoveryID: DeviceID { recovery.id }

    public func member(_ id: DeviceID) -> Member? {
        members[id].flatMap { $0.isPresent ? $0 : nil }
    }
    public func isLead(_ id: DeviceID) -> Bool { member(id)?.role == .lead }
    public var leads: [DeviceID] { present.filter { members[$0]?.role == .lead } }
    /// Who is in the line, by when they came.
    public var present: [DeviceID] {
        members.filter(\.value.isPresent).sorted { $0.value.admitted < $1.value.admitted }.map(\.key)
    }

    // MARK: From the first entry on

    /// The state after a line's first entry.
    ///
    /// - Parameter line: the line that it should found; nil takes any.
    init(_ first: SignedEntry, line expected: LineID?, verifying: Bool = true) throws(RosterError) {
        let entry = first.entry
        guard entry.number == 0, case .found(let member, let recovery, let commitment, let proof) = entry.act,
            entry.previous.allSatisfy({ $0 == 0 }), entry.author == member.keys.id
        else { throw RosterError(.misplaced, number: entry.number) }
        line = entry.foundedLine
        guard expected == nil || expected == line else { throw RosterError(.otherLine, number: 0) }
        guard !verifying || first.isSigned(by: member.keys.signing, line: line) else {
            throw RosterError(.wrongSignature, number: 0)
        }
        guard recovery.id != member.keys.id else { throw RosterError(.knownDevice, number: 0) }
        let proven = RecoveryProof.founding(member.keys, recovery, commitment)
        guard !verifying || SigningKey.isValid(proof, of: proven, by: recovery.signing) else {
            throw RosterError(.noConsent, number: 0)
        }
        number = 0
        head = entry.hash
        self.recovery = recovery
        epochs = [Epoch(commitment: commitment, sealedPrevious: nil, begun: 0)]
        members[member.keys.id] = Member(
            keys: member.keys, sealedName: member.sealedName, role: .lead, admitted: 0,
            admittedAt: entry.milliseconds)
    }

    /// Goes on by one entry, if it is one. Nothing has changed when this throws.
    ///
    /// - Parameter verifying: false for an entry that was verified before it was kept.
    mutating func apply(_ signed: SignedEntry, verifying: Bool = true) throws(RosterError) {
        let entry = signed.entry
        guard entry.number == number + 1, entry.previous == head else {
            throw RosterError(.notNext, number: entry.number)
        }
        guard let key = signingKey(of: entry) else { throw RosterError(.unknownAuthor, number: entry.number) }
        guard !verifying || signed.isSigned(by: key, line: line) else {
            throw RosterError(.wrongSignature, number: entry.number)
        }
        try check(entry)
        perform(entry)
        number = entry.number
        head = entry.hash
    }

    private func signingKey(of entry: RosterEntry) -> [UInt8]? {
        entry.author == recoveryID ? recovery.signing : member(entry.author)?.keys.signing
    }

    // MARK: What an entry may do

    /// Whether the author may, and the act makes sense. Everything is looked at before anything is changed.
    private func check(_ entry: RosterEntry) throws(RosterError) {
        func refuse(_ code: RosterError.Code) -> RosterError { RosterError(code, number: entry.number) }
        let isRecovery = entry.author == recoveryID
        switch entry.act {
        case .found: throw refuse(.misplaced)
        case .remove: guard isRecovery || isLead(entry.author) else { throw refuse(.notAllowed) }
        case .recover: guard isRecovery else { throw refuse(.notAllowed) }
        case .other(let kind, _) where kind < RosterAct.passedOverFrom: throw refuse(.unknownAct)
        // Also what is passed over: else any workstation could write a branch, and make its first hash the lower one.
        default: guard isLead(entry.author) else { throw refuse(.notAllowed) }
        }
        switch entry.act {
        case .admit(let admission):
            guard !usedInvitations.contains(admission.invitation) else { throw refuse(.invitationUsed) }
            guard isNew(admission.member.keys.id) else { throw refuse(.knownDevice) }
            guard Consent.isGiven(admission, line: line) else { throw refuse(.noConsent) }
        case .recover(let member, let keys, let next, let consent, let proof):
            guard isNew(member.keys.id), isNew(keys.id), member.keys.id != keys.id else { throw refuse(.knownDevice) }
            let proven = RecoveryProof.recovering(line, member.keys, keys, next.commitment)
            guard SigningKey.isValid(consent, of: proven, by: member.keys.signing),
                SigningKey.isValid(proof, of: proven, by: keys.signing)
            else { throw refuse(.noConsent) }
        case .role(let device, let role):
            guard let member = member(device) else { throw refuse(.unknownDevice) }
            if role == .counsellor, member.role == .lead, leadCount == 1 { throw refuse(.lastLead) }
        case .name(let device, _): guard member(device) != nil else { throw refuse(.unknownDevice) }
        case .remove(let devices, _):
            guard !devices.isEmpty, Set(devices).count == devices.count, devices.allSatisfy({ member($0) != nil })
            else {
                throw refuse(.unknownDevice)
            }
            guard !devices.contains(entry.author) else { throw refuse(.removesItself) }
            guard leadCount > devices.count(where: isLead) else { throw refuse(.lastLead) }
        case .found, .rotate, .rules, .server, .keep, .other: return
        }
    }

    private func isNew(_ id: DeviceID) -> Bool {
        members[id] == nil && id != recoveryID && !formerRecoveries.contains(id)
    }

    private mutating func perform(_ entry: RosterEntry) {
        switch entry.act {
        case .found, .other: return
        case .admit(let admission):
            usedInvitations.insert(admission.invitation)
            add(admission.member, role: admission.role, entry)
        case .role(let device, let role):
            if isLead(device) { leadCount -= 1 }
            if role == .lead { leadCount += 1 }
            members[device]?.role = role
        case .remove(let devices, let next):
            for device in devices {
                if isLead(device) { leadCount -= 1 }
                members[device]?.removed = entry.number
                members[device]?.removedAt = entry.milliseconds
            }
            begin(next, entry)
        case .rotate(let next): begin(next, entry)
        case .recover(let member, let keys, let next, _, _):
            formerRecoveries.insert(recoveryID)
            recovery = keys
            add(member, role: .lead, entry)
            begin(next, entry)
        case .rules(let sealed): sealedRules = sealed
        case .name(let device, let sealed): members[device]?.sealedName = sealed
        case .server(let address, let pins): server = (address, pins)
        case .keep(let record): kept.insert(record)
        }
    }

    private mutating func add(_ member: RosterAct.NewMember, role: RosterAct.Role, _ entry: RosterEntry) {
        if role == .lead { leadCount += 1 }
        members[member.keys.id] = Member(
            keys: member.keys, sealedName: member.sealedName, role: role, admitted: entry.number,
            admittedAt: entry.milliseconds)
    }

    private mutating func begin(_ next: RosterAct.NextEpoch, _ entry: RosterEntry) {
        epochs.append(
            Epoch(commitment: next.commitment, sealedPrevious: next.sealedPrevious, begun: entry.number))
    }
}
