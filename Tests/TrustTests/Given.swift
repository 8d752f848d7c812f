import Merge
import Sealing
import SyncProtocol

@testable import Trust

/// A line under test, with keys that are the same in every run.
struct TestLine {
    var roster: Roster
    let founder: DeviceKeys
    var recovery: DeviceKeys
    /// By epoch, from 1 on.
    var keys: [EpochKey]

    static let now: Int64 = 1_790_000_000_000

    /// The line with its founder.
    init(seed: UInt8 = 1) {
        founder = Self.device(seed)
        recovery = Self.device(seed &+ 100)
        keys = [EpochKey(epoch: 1, secret: SecretBytes(copying: [UInt8](repeating: seed, count: 32)))!]
        let placeholder = LineID([UInt8](repeating: 0, count: 16))!
        let act = RosterAct.founding(
            by: founder, sealedName: [seed, 2, 3], recovery: recovery,
            commitment: keys[0].commitment(line: placeholder))
        let entry = RosterEntry(
            number: 0, previous: [UInt8](repeating: 0, count: 32), author: founder.id, milliseconds: Self.now, act: act)
        roster = try! Roster(founding: SignedEntry(entry, line: entry.foundedLine, by: founder.signing))
    }

    var line: LineID { roster.line }

    static func device(_ seed: UInt8) -> DeviceKeys {
        DeviceKeys(seed: SecretBytes(copying: [UInt8](repeating: seed, count: 32)))!
    }

    static func invitation(_ seed: UInt8) -> InvitationKeys {
        InvitationKeys(secret: SecretBytes(copying: [UInt8](repeating: seed, count: 16)))
    }

    func admission(_ seed: UInt8, role: RosterAct.Role = .counsellor, invitation: UInt8? = nil) -> RosterAct {
        let keys = Self.device(seed)
        let invitation = Self.invitation(invitation ?? seed).id
        return .admit(
            .init(
                member: .init(keys: keys.publicKeys, sealedName: [seed]), role: role, invitation: invitation,
                consent: Consent.sign(line: line, invitation: invitation, keys: keys)))
    }

    /// The next epoch's part of an entry, with a key that follows from `seed`.
    mutating func nextEpoch(_ seed: UInt8 = 77) -> RosterAct.NextEpoch {
        let next = EpochKey(
            epoch: roster.state.epoch + 1, secret: SecretBytes(copying: [UInt8](repeating: seed, count: 32)))!
        defer { keys.append(next) }
        return keys[Int(roster.state.epoch) - 1].followed(by: next, line: line)
    }

    /// Writes an act as the roster's next entry.
    mutating func write(_ act: RosterAct, by author: DeviceKeys? = nil) throws(RosterError) {
        try roster.append(try roster.next(act, by: author ?? founder, now: Self.now + Int64(roster.count)))
    }

    /// Signs an act as the next entry, whether it may be or not.
    func signed(_ act: RosterAct, by author: DeviceKeys) -> SignedEntry {
        let entry = RosterEntry(
            number: roster.state.number + 1, previous: roster.state.head, author: author.id, milliseconds: Self.now,
            act: act)
        return SignedEntry(entry, line: line, by: author.signing)
    }

    func refusal(of act: RosterAct, by author: DeviceKeys? = nil) -> RosterError.Code? {
        var roster = roster
        let entry = signed(act, by: author ?? founder)
        do throws(RosterError) {
            try roster.append(entry)
            return nil
        } catch {
            return error.code
        }
    }

    /// A line with two leads (1 and 2), a counsellor (3), and every other kind of entry.
    static func withEveryKind() throws -> TestLine {
        var line = TestLine()
        try line.write(line.admission(2, role: .lead))
        try line.write(line.admission(3))
        try line.write(line.admission(4))
        try line.write(.role(device(3).id, .lead))
        try line.write(.role(device(3).id, .counsellor))
        try line.write(.remove([device(4).id], line.nextEpoch(10)))
        try line.write(.rotate(line.nextEpoch(11)), by: device(2))
        try line.write(.rules([1, 2, 3]))
        try line.write(.name(device(3).id, [9, 9]))
        try line.write(.server(address: "https://sync.example.org", pins: [[UInt8](repeating: 5, count: 32)]))
        try line.write(.keep(RecordID(high: 1, low: 2)))
        try line.write(.other(kind: 200, body: [1, 2]))
        try line.write(
            .recovering(line: line.line, device(5), sealedName: [5], recovery: device(150), line.nextEpoch(12)),
            by: line.recovery)
        return line
    }
}

/// Every copy of some bytes with one bit changed.
func flips(_ bytes: [UInt8]) -> some Sequence<[UInt8]> {
    (0..<bytes.count * 8).lazy.map { bit in
        var changed = bytes
        changed[bit / 8] ^= 1 << UInt8(bit % 8)
        return changed
    }
}
