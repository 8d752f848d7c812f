import Support
import SyncProtocol

/// How many records of a line have fields in which several writes stand, as it was when it was last counted.
struct ConflictLook: Sendable {
    /// Milliseconds since 1970.
    var at: Int64
    var records: Int
    /// Since when the oldest of them.
    var oldest: Int64?
    /// Where the log ended then.
    var head: UInt64
    /// How long counting took.
    var cost: Duration
}

/// The lines' conflicts, counted now and then: that reads an index of a whole line.
final class ConflictLooks: Sendable {
    private let looks = Lock<[LineID: ConflictLook]>([:])

    func latest(_ line: LineID) -> ConflictLook? { looks.withLock { $0[line] } }
    func note(_ look: ConflictLook, of line: LineID) { looks.withLock { $0[line] = look } }

    /// Whether the line is to be counted again: something came since, and counting takes no more than a hundredth of one processor.
    func isDue(id: LineID, head: UInt64, now: Int64) -> Bool {
        guard let look = latest(id) else { return true }
        return look.head != head && now - look.at >= max(60_000, 100 * look.cost.milliseconds)
    }
}

extension Duration {
    /// Rounded down.
    var milliseconds: Int64 { components.seconds * 1_000 + components.attoseconds / 1_000_000_000_000_000 }
}
