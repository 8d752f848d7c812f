public import Sealing
public import SyncProtocol
public import Trust

/// A roster in memory, and the keys of who writes it. Epochs' keys are random bytes: a server cannot tell.
public struct TestRoster: Sendable {
    public let lead: DeviceKeys
    public let recovery: DeviceKeys
    public var roster: Roster

    public var line: LineID { roster.line }
    public var founding: FoundRequest { FoundRequest(entry: roster.entries[0], boxes: boxes(1)) }

    public init() throws {
        lead = .random()
        recovery = .random()
        let act = RosterAct.founding(by: lead, sealedName: [1], recovery: recovery, commitment: randomBytes(32))
        let entry = RosterEntry(
            number: 0, previous: [UInt8](repeating: 0, count: 32), author: lead.id, milliseconds: 1, act: act)
        roster = try Roster(founding: SignedEntry(entry, line: entry.foundedLine, by: lead.signing))
    }

    /// Writes the next entry. Returns it.
    @discardableResult
    public mutating func write(_ act: RosterAct, by author: DeviceKeys? = nil) throws -> SignedEntry {
        let entry = try roster.next(act, by: author ?? lead, now: 1)
        try roster.append(entry)
        return entry
    }

    @discardableResult
    public mutating func admit(
        _ keys: DeviceKeys, role: RosterAct.Role = .counsellor,
        invitation: InvitationID = InvitationID(signingKey: randomBytes(32)), by author: DeviceKeys? = nil
    ) throws -> SignedEntry {
        try write(
            .admit(
                RosterAct.Admission(
                    member: RosterAct.NewMember(keys: keys.publicKeys, sealedName: [1]), role: role,
                    invitation: invitation,
                    consent: Consent.sign(line: line, invitation: invitation, keys: keys))), by: author)
    }

    @discardableResult
    public mutating func remove(_ devices: DeviceKeys..., by author: DeviceKeys? = nil) throws -> SignedEntry {
        try write(.remove(devices.map(\.id), nextEpoch), by: author)
    }

    @discardableResult
    public mutating func rotate(by author: DeviceKeys? = nil) throws -> SignedEntry {
        try write(.rotate(nextEpoch), by: author)
    }

    @discardableResult
    public mutating func recover(to keys: DeviceKeys) throws -> SignedEntry {
        try write(
            .recovering(line: roster.line, keys, sealedName: [1], recovery: .random(), nextEpoch), by: recovery)
    }

    private var nextEpoch: RosterAct.NextEpoch {
        RosterAct.NextEpoch(commitment: randomBytes(32), sealedPrevious: randomBytes(48))
    }

    /// A box for everybody who is to have the newest key. What is in them nobody but its receiver can tell.
    public func boxes(_ epoch: UInt32) -> [EpochBox] {
        roster.state.keyHolders.map { EpochBox(device: $0, epoch: epoch, box: randomBytes(80)) }
    }

    /// Entries from a number on.
    public func entries(from number: Int) -> [SignedEntry] { Array(roster.entries[number...]) }
}

extension SignedEntry {
    /// The same with a signature that is none.
    public var forged: SignedEntry {
        var forged = self
        forged.signature[0] ^= 1
        return forged
    }
}

/// What an invitation is made of.
public struct TestInvitation: Sendable {
    public init() {}

    public let keys = InvitationKeys(secret: SecretBytes(randomCount: Invitation.secretBytes))
    public var id: InvitationID { keys.id }
    public var signingKey: [UInt8] { keys.signing.publicKey }

    public func request(
        _ line: LineID, by lead: DeviceKeys, expires: Int64, secrets: [InvitationRequest.SealedSecret] = []
    ) -> InvitationRequest {
        InvitationRequest(signingKey: signingKey, expires: expires, secrets: secrets, line: line, by: lead.signing)
    }

    public func offer(_ line: LineID, _ device: DeviceKeys, random: [UInt8]) -> JoinOffer {
        JoinOffer(name: "Desk", line: line, invitation: keys, keys: device, random: random)
    }
}
