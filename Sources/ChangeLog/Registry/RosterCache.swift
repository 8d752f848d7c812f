import Support
import SyncProtocol
import Trust

/// The rosters that were asked for, in memory. Each is looked at against the line's row before it is used.
final class RosterCache: Sendable {
    private let rosters = Lock<[LineID: Roster]>([:])

    func roster(_ line: LineID, count: UInt64, head: [UInt8]) -> Roster? {
        guard let roster = rosters.withLock({ $0[line] }), UInt64(roster.count) == count, roster.state.head == head
        else { return nil }
        return roster
    }

    func keep(_ roster: Roster) { rosters.withLock { $0[roster.line] = roster } }
}
