import JSON
import Merge
import Sealing
import SyncProtocol
import Trust

/// A line whose roster grows entry by entry, with keys that are the same in every run: device *n* has a seed of bytes *n*, the
/// invitation by which it comes a secret of bytes *n*, the key of epoch *n* bytes 100 + *n*.
struct TrustVectorLine {
    private(set) var roster: Roster
    private(set) var recovery: DeviceKeys

    static func device(_ number: UInt8) -> DeviceKeys {
        DeviceKeys(seed: SecretBytes(copying: [UInt8](repeating: number, count: DeviceKeys.seedBytes)))!
    }

    static func invitation(_ number: UInt8) -> InvitationKeys {
        InvitationKeys(secret: SecretBytes(copying: [UInt8](repeating: number, count: Invitation.secretBytes)))
    }

    static func key(_ epoch: UInt32) -> EpochKey {
        EpochKey(
            epoch: epoch,
            secret: SecretBytes(copying: [UInt8](repeating: 100 + UInt8(epoch), count: EpochKey.secretBytes)))!
    }

    static let recoveryNumber: UInt8 = 200
    static let milliseconds: Int64 = 1_700_000_000_000

    init() throws {
        recovery = Self.device(Self.recoveryNumber)
        let founder = Self.device(1)
        let unnamed = LineID([UInt8](repeating: 0, count: 16))!
        let entry = RosterEntry(
            number: 0, previous: [UInt8](repeating: 0, count: 32), author: founder.id, milliseconds: Self.milliseconds,
            act: .founding(
                by: founder, sealedName: Self.member(1).sealedName, recovery: recovery,
                commitment: Self.key(1).commitment(line: unnamed)))
        roster = try Roster(founding: SignedEntry(entry, line: entry.foundedLine, by: founder.signing))
    }

    var line: LineID { roster.line }

    // A sealed name has a random nonce: these are nobody's names.
    static func member(_ number: UInt8) -> RosterAct.NewMember {
        RosterAct.NewMember(keys: device(number).publicKeys, sealedName: [UInt8](repeating: number, count: 108))
    }

    func admission(_ number: UInt8, _ role: RosterAct.Role = .counsellor, invitation: UInt8? = nil) -> RosterAct {
        let invitation = Self.invitation(invitation ?? number).id
        return .admit(
            RosterAct.Admission(
                member: Self.member(number), role: role, invitation: invitation,
                consent: Consent.sign(line: line, invitation: invitation, keys: Self.device(number))))
    }

    var next: RosterAct.NextEpoch {
        let epoch = roster.state.epoch
        return Self.key(epoch).followed(by: Self.key(epoch + 1), line: line)
    }

    mutating func write(_ act: RosterAct, by author: UInt8 = 1) throws {
        try roster.append(signed(act, by: Self.device(author)))
    }

    mutating func recover(member: UInt8, sheet: UInt8) throws {
        try roster.append(
            signed(
                .recovering(
                    line: line, Self.device(member), sealedName: Self.member(member).sealedName,
                    recovery: Self.device(sheet), next), by: recovery))
        recovery = Self.device(sheet)
    }

    /// The next entry, whether it may be or not.
    func signed(_ act: RosterAct, by author: DeviceKeys, change: (inout RosterEntry) -> Void = { _ in }) -> SignedEntry
    {
        var entry = RosterEntry(
            number: roster.state.number + 1, previous: roster.state.head, author: author.id,
            milliseconds: Self.milliseconds + Int64(roster.count), act: act)
        change(&entry)
        return SignedEntry(entry, line: line, by: author.signing)
    }

    /// A line with an entry of every kind.
    static func withEveryKind() throws -> TrustVectorLine {
        var line = try TrustVectorLine()
        try line.write(line.admission(2, .lead))
        try line.write(line.admission(3))
        try line.write(line.admission(4))
        try line.write(.role(device(3).id, .lead))
        try line.write(.role(device(3).id, .counsellor), by: 2)
        try line.write(.remove([device(4).id], line.next))
        try line.write(.rotate(line.next), by: 2)
        try line.write(.rules([1, 2, 3]))
        try line.write(.name(device(3).id, [UInt8](repeating: 9, count: 108)))
        try line.write(.server(address: "https://sync.example.org", pins: [[UInt8](repeating: 5, count: 32)]))
        try line.write(.keep(RecordID(high: 1, low: 2)))
        try line.write(.other(kind: 200, body: [1, 2]))
        try line.recover(member: 5, sheet: 201)
        return line
    }
}
