import Merge
import Sealing
import SyncProtocol

/// A replica as a request works on it: how far its commits are held, and how it stood when it last called.
struct ReplicaState: Hashable, Sendable {
    /// 0 for one that is not stored yet.
    var ref: Int64 = 0
    var replica: ReplicaID
    var device: Int64
    var lastNumber: UInt64 = 0
    var lastDigest = CommitDigest.start
    var desk: UInt64 = 0
    var leasesGiven: UInt64 = 0
    var lastSeen: Int64 = 0
    var cursor: UInt64 = 0
    var pending: UInt64 = 0
    var oldestPending: Int64?
    var clockOffset: Int64 = 0
    var schema: UInt64 = 0
    var verified: Bool?
    /// Where in the log it was last proven to hold the same as the server; nil: never.
    var agreed: UInt64?
    /// What it says of itself.
    var condition = ReplicaCondition()

    /// How stale the store's word on when a replica was last seen may be, in milliseconds: an idle one costs no write.
    static let seenToleranceMilliseconds: Int64 = 10_000

    /// Takes down how the replica says that it stands.
    mutating func note(_ request: SyncRequest, _ line: LineState, now: Int64) {
        lastSeen = now
        cursor = min(request.cursor.position, line.head)
        pending = request.pending
        oldestPending = request.oldestPending
        clockOffset = now.subtractingReportingOverflow(request.clock).partialValue
        schema = request.schema
        condition = request.condition
        if request.pending > 0 {
            verified = nil
        } else if request.cursor.position == line.head, let fingerprint = request.fingerprint {
            verified = fingerprint == line.fingerprint
            if verified == true { agreed = line.head }
        }
    }

    /// Whether a request has changed more than when, and with what clock, it was last seen, or that too long ago.
    func isWorthSaving(since before: ReplicaState?) -> Bool {
        guard var before, ref != 0, lastSeen - before.lastSeen < Self.seenToleranceMilliseconds else { return true }
        before.lastSeen = lastSeen
        before.clockOffset = clockOffset
        return self != before
    }
}
