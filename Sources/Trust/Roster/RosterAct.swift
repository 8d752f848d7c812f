public import Merge
public import SyncProtocol

/// What an entry of the roster does.
public enum RosterAct: Hashable, Sendable {
    /// The line begins: its first workstation, a lead; what recovery is known by; the commitment to the first epoch's key; the
    /// recovery keys' own signature (``RecoveryProof``): nobody founds a line in which somebody else's sheet counts.
    case found(member: NewMember, recovery: PublicKeys, commitment: [UInt8], proof: [UInt8])
    /// A lead lets a workstation in, which has agreed to it by its own signature.
    case admit(Admission)
    case role(DeviceID, Role)
    /// Workstations leave for good; with it the line's key changes.
    case remove([DeviceID], NextEpoch)
    /// The line's key changes.
    case rotate(NextEpoch)
    /// Recovery makes a new workstation a lead, and itself new keys; with it the line's key changes. The workstation and the new
    /// recovery keys have each signed it (``RecoveryProof``): nobody brings others' keys into a line.
    case recover(member: NewMember, recovery: PublicKeys, NextEpoch, consent: [UInt8], proof: [UInt8])
    /// The line's rules for retention, sealed: what destroys needs a lead's entry.
    case rules([UInt8])
    /// A workstation's new name, sealed.
    case name(DeviceID, [UInt8])
    /// Where the line's server is, and the keys that its certificate may have (SHA-256 of each, for private certificates).
    case server(address: String, pins: [[UInt8]])
    /// The erasure of this record is not to be obeyed.
    case keep(RecordID)
    /// An act that this program does not know and may pass over.
    case other(kind: UInt64, body: [UInt8])

    public enum Role: UInt64, Sendable {
        case counsellor = 0
        case lead = 1
    }

    public struct NewMember: Hashable, Sendable {
        public var keys: PublicKeys
        /// Sealed under the line's names key: the server does not learn it.
        public var sealedName: [UInt8]
        public init(keys: PublicKeys, sealedName: [UInt8]) {
            self.keys = keys
            self.sealedName = sealedName
        }
    }

    public struct Admission: Hashable, Sendable {
        public var member: NewMember
        public var role: Role
        /// Each is good in one admission, ever.
        public var invitation: InvitationID
        /// The new workstation's signature: ``Consent``.
        public var consent: [UInt8]
        public init(member: NewMember, role: Role, invitation: InvitationID, consent: [UInt8]) {
            self.member = member
            self.role = role
            self.invitation = invitation
            self.consent = consent
        }
    }

    /// The key that follows: what tells it from any other, and the key before, sealed under it.
    public struct NextEpoch: Hashable, Sendable {
        public var commitment: [UInt8]
        public var sealedPrevious: [UInt8]
        public init(commitment: [UInt8], sealedPrevious: [UInt8]) {
            self.commitment = commitment
            self.sealedPrevious = sealedPrevious
        }
    }

    static let commitmentBytes = 32
    static let sealedPreviousBytes = 48
    static let sealedNameBytes = 300
    static let removedAtOnce = 1_000
    static let rulesBytes = 4_096
    static let pinBytes = 32
    static let pinLimit = 4
    /// Kinds below this that a program does not know stop it.
    static let passedOverFrom: UInt64 = 128

    var kind: UInt64 {
        switch self {
        case .found: 0
        case .admit: 1
        case .role: 2
        case .remove: 3
        case .rotate: 4
        case .recover: 5
        case .rules: 6
        case .name: 7
        case .server: 8
        case .keep: 9
        case .other(let kind, _): kind
        }
    }
}

// MARK: Encoding

extension RosterAct {
    /// `[kind, body]`, for a store.
    public func encoded() -> [UInt8] {
        var writer = CBORWriter()
        writer.array(2)
        writer.unsigned(kind)
        writer.data(encodedBody())
        return writer.bytes
    }

    public init(encoded bytes: [UInt8]) throws(ProtocolError) {
        var reader = CBORReader(bytes)
        try reader.array(exactly: 2)
        let kind = try reader.unsigned()
        let body = Array(try reader.data(limit: RosterEntry.limitBytes))
        try reader.finish()
        try self.init(kind: kind, body: body)
    }

    func encodedBody() -> [UInt8] {
        var writer = CBORWriter()
        switch self {
        case .found(let member, let recovery, let commitment, let proof):
            writer.array(7)
            writer.member(member)
            writer.keys(recovery)
            writer.data(commitment)
            writer.data(proof)
        case .admit(let admission):
            writer.array(6)
            writer.member(admission.member)
            writer.unsigned(admission.role.rawValue)
            writer.data(admission.invitation.bytes)
            writer.data(admission.consent)
        case .role(let device, let role):
            writer.array(2)
            writer.data(device.bytes)
            writer.unsigned(role.rawValue)
        case .remove(let devices, let next):
            writer.array(3)
            writer.array(devices.count)
            for device in devices { writer.data(device.bytes) }
            writer.epoch(next)
        case .rotate(let next):
            writer.array(2)
            writer.epoch(next)
        case .recover(let member, let recovery, let next, let consent, let proof):
            writer.array(9)
            writer.member(member)
            writer.keys(recovery)
            writer.epoch(next)
            writer.data(consent)
            writer.data(proof)
        case .rules(let sealed):
            writer.array(1)
            writer.data(sealed)
        case .name(let device, let sealed):
            writer.array(2)
            writer.data(device.bytes)
            writer.data(sealed)
        case .server(let address, let pins):
            writer.array(2)
            writer.text(address)
            writer.array(pins.count)
            for pin in pins { writer.data(pin) }
        case .keep(let record):
            writer.array(1)
            writer.record(record)
        case .other(_, let body): return body
        }
        return writer.bytes
    }

    init(kind: UInt64, body: [UInt8]) throws(ProtocolError) {
        var reader = CBORReader(body)
        switch kind {
        case 0:
            try reader.array(exactly: 7)
            self = .found(
                member: try reader.member(), recovery: try reader.keys(),
                commitment: Array(try reader.data(exactly: Self.commitmentBytes)),
                proof: Array(try reader.data(exactly: RecoveryProof.bytes)))
        case 1:
            try reader.array(exactly: 6)
            self = .admit(
                Admission(
                    member: try reader.member(), role: try reader.role(), invitation: try reader.invitation(),
                    consent: Array(try reader.data(exactly: 64))))
        case 2:
            try reader.array(exactly: 2)
            self = .role(try reader.device(), try reader.role())
        case 3:
            try reader.array(exactly: 3)
            var devices: [DeviceID] = []
            for _ in 0..<(try reader.array(limit: Self.removedAtOnce, elementBytes: 17)) {
                devices.append(try reader.device())
            }
            self = .remove(devices, try reader.epoch())
        case 4:
            try reader.array(exactly: 2)
            self = .rotate(try reader.epoch())
        case 5:
            try reader.array(exactly: 9)
            self = .recover(
                member: try reader.member(), recovery: try reader.keys(), try reader.epoch(),
                consent: Array(try reader.data(exactly: RecoveryProof.bytes)),
                proof: Array(try reader.data(exactly: RecoveryProof.bytes)))
        case 6:
            try reader.array(exactly: 1)
            self = .rules(Array(try reader.data(limit: Self.rulesBytes)))
        case 7:
            try reader.array(exactly: 2)
            self = .name(try reader.device(), Array(try reader.data(limit: Self.sealedNameBytes)))
        case 8:
            try reader.array(exactly: 2)
            let address = try reader.text(limit: Invitation.addressBytes)
            guard Invitation.isAddress(address) else { throw ProtocolError(.invalidValue, offset: 1) }
            var pins: [[UInt8]] = []
            for _ in 0..<(try reader.array(limit: Self.pinLimit, elementBytes: 34)) {
                pins.append(Array(try reader.data(exactly: Self.pinBytes)))
            }
            self = .server(address: address, pins: pins)
        case 9:
            try reader.array(exactly: 1)
            self = .keep(try reader.record())
        default:
            self = .other(kind: kind, body: body)
            return
        }
        try reader.finish()
    }
}

extension CBORWriter {
    mutating func keys(_ keys: PublicKeys) {
        data(keys.signing)
        data(keys.box)
    }

    fileprivate mutating func member(_ member: RosterAct.NewMember) {
        keys(member.keys)
        data(member.sealedName)
    }

    fileprivate mutating func epoch(_ next: RosterAct.NextEpoch) {
        data(next.commitment)
        data(next.sealedPrevious)
    }
}

extension CBORReader {
    mutating func keys() throws(ProtocolError) -> PublicKeys {
        PublicKeys(signing: Array(try data(exactly: 32)), box: Array(try data(exactly: 32)))
    }

    mutating func invitation() throws(ProtocolError) -> InvitationID {
        let start = offset
        guard let id = InvitationID(try data(exactly: 16)) else { throw ProtocolError(.invalidValue, offset: start) }
        return id
    }

    fileprivate mutating func member() throws(ProtocolError) -> RosterAct.NewMember {
        RosterAct.NewMember(keys: try keys(), sealedName: Array(try data(limit: RosterAct.sealedNameBytes)))
    }

    fileprivate mutating func role() throws(ProtocolError) -> RosterAct.Role {
        let start = offset
        guard let role = RosterAct.Role(rawValue: try unsigned()) else {
            throw ProtocolError(.invalidValue, offset: start)
        }
        return role
    }

    fileprivate mutating func epoch() throws(ProtocolError) -> RosterAct.NextEpoch {
        RosterAct.NextEpoch(
            commitment: Array(try data(exactly: RosterAct.commitmentBytes)),
            sealedPrevious: Array(try data(exactly: RosterAct.sealedPreviousBytes)))
    }
}
