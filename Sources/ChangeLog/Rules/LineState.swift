import Merge
import Sealing
import SyncProtocol

/// A line as a request works on it.
struct LineState: Hashable, Sendable {
    var ref: Int64
    let id: LineID
    let name: String
    let log: [UInt8]
    var head: UInt64
    var check: [UInt8]
    var fingerprint: Fingerprint
    /// The greatest time that was taken; never more than a minute above the server's clock by a healing.
    var highestTime: HybridTimestamp
    /// The roster's newest epoch.
    var epoch: UInt32
    /// How many entries the roster has, and the last one's hash.
    var rosterCount: UInt64
    var rosterHead: [UInt8]
    /// Somebody who is to have the newest epoch's key has no box of it.
    var lacksBoxes: Bool
    var nextDesk: UInt64
    /// Changes held, and the bytes of their sealed values.
    var liveChanges: Int64
    var sealedBytes: Int64
    var replicas: Int64
    /// How often changes went without one in their place: by an erasure, or damaged. Sums that are kept start over then.
    var removals: Int64
    /// How far it has been looked over since that was last begun; nil: it was not begun again.
    var scrub: Scrub?
    /// When all of it was last looked over, in milliseconds since 1970.
    var scrubbedAt: Int64?
    /// What the last verification found; nil: it never was verified.
    var verified: VerificationNote?
    /// What the operator has set.
    var terms = LineTerms()

    /// Takes a record's new share of the sum for its old one; nil for nothing.
    mutating func account(_ id: RecordID, from before: UInt128?, to after: UInt128?) {
        if let before { fingerprint.subtract(before) }
        if let after { fingerprint.add(after) }
        scrub?.account(id, from: before, to: after)
    }

    var cursor: Cursor { Cursor(log: log, position: head, check: check) }

    /// Appends to the log: the next position, and the check chained over all positions so far.
    mutating func append(_ stamp: Stamp, commit: LogEntry.Commit?, nonce: LogEntry.Nonce) -> LogEntry {
        head += 1
        var chained = check
        for word in [head, stamp.time.rawValue, stamp.dot.rawValue, commit?.number ?? 0] {
            for shift in stride(from: UInt64(56), through: 0, by: -8) {
                chained.append(UInt8(truncatingIfNeeded: word >> shift))
            }
        }
        if let commit { chained += commit.digest }
        check = Array(Blake2b.hash(chained, count: 16).prefix(Cursor.checkBytes))
        return LogEntry(position: head, stamp: stamp, commit: commit, nonce: nonce, check: check)
    }
}

/// A position of the log.
struct LogEntry: Hashable, Sendable {
    /// Who wrote the commit, and under which number.
    struct Commit: Hashable, Sendable {
        var replica: ReplicaID
        var number: UInt64
        var digest: [UInt8]
    }
    enum Nonce: Hashable, Sendable {
        case bytes([UInt8])
        /// The changes of that position move to this one.
        case same(position: UInt64)
    }

    var position: UInt64
    var stamp: Stamp
    /// Nil where changes are handed out that came by a healing, or are handed out again: to everybody.
    var commit: Commit?
    var nonce: Nonce
    var check: [UInt8]
}
