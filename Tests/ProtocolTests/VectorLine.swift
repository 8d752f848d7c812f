import Sealing
import SyncProtocol
import Trust

/// A line that is the same in every run, so that vectors can be sealed for it: its founder's keys, its first entry's time and
/// what stands in it are given.
struct VectorLine {
    static let founder = DeviceKeys(seed: SecretBytes(copying: [UInt8](repeating: 1, count: DeviceKeys.seedBytes)))!
    private static let recovery = DeviceKeys(
        seed: SecretBytes(copying: [UInt8](repeating: 2, count: DeviceKeys.seedBytes)))!

    let roster: Roster
    /// The founder's.
    let boxes: [EpochBox]

    init() throws {
        let key = SealedVectorTests.key
        let unnamed = LineID([UInt8](repeating: 0, count: 16))!
        // A sealed name has a random nonce: this one is nobody's name.
        let act = RosterAct.founding(
            by: Self.founder, sealedName: [UInt8](repeating: 3, count: 108), recovery: Self.recovery,
            commitment: key.commitment(line: unnamed))
        let entry = RosterEntry(
            number: 0, previous: [UInt8](repeating: 0, count: 32), author: Self.founder.id,
            milliseconds: 1_700_000_000_000, act: act)
        roster = try Roster(founding: SignedEntry(entry, line: entry.foundedLine, by: Self.founder.signing))
        boxes = roster.state.boxes(of: key, for: [Self.founder.id])
    }

    var id: LineID { roster.line }
}
