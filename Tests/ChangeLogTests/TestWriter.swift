import ChangeLog
import Merge
import Sealing
import SyncProtocol

/// A replica as the server sees it: numbered, chained commits with headers in clear and bytes that mean nothing here.
struct TestWriter {
    let device: Device
    var replica: ReplicaID
    var acknowledged: UInt64 = 0
    var acknowledgedDigest = CommitDigest.start
    var pending: [SealedCommit] = []
    var clock: HybridLogicalClock
    var line: LineID

    init(device: Device, replica: ReplicaID, time: Int64) {
        self.device = device
        self.replica = replica
        line = device.line
        clock = HybridLogicalClock(latest: HybridTimestamp(milliseconds: time))
    }

    /// Writes a commit. Returns its stamp.
    @discardableResult
    mutating func commit(_ changes: [SealedChange], time: Int64 = 0, dot: UInt64 = randomWord()) throws -> Stamp {
        let stamp = Stamp(time: try clock.tick(wallMilliseconds: time), dot: Dot(rawValue: dot))
        append(stamp, changes)
        return stamp
    }

    mutating func append(_ stamp: Stamp, _ changes: [SealedChange]) {
        let last = pending.last.map { ($0.number, $0.digest) } ?? (acknowledged, acknowledgedDigest)
        pending.append(
            SealedCommit(
                number: last.0 + 1, stamp: stamp,
                digest: CommitDigest.digest(previous: last.1, replica: replica, number: last.0 + 1, stamp: stamp),
                nonce: randomBytes(SealedCommit.nonceBytes), changes: changes))
    }

    /// Goes on under a new id: what was not acknowledged is numbered anew, with its dots.
    mutating func takeNewID(_ id: UInt64, time: (Stamp) -> HybridTimestamp = { $0.time }) {
        (replica, acknowledged, acknowledgedDigest) = (ReplicaID(rawValue: id), 0, CommitDigest.start)
        renumber(time: time)
    }

    mutating func renumber(time: (Stamp) -> HybridTimestamp) {
        let commits = pending
        pending = []
        for commit in commits {
            append(Stamp(time: time(commit.stamp), dot: commit.stamp.dot), commit.changes)
        }
    }

    func request() -> SyncRequest {
        SyncRequest(
            line: line, replica: replica, acknowledged: acknowledged, acknowledgedDigest: acknowledgedDigest,
            commits: pending, pending: UInt64(pending.count), clock: 0)
    }

    /// Drops what the answer says is held.
    mutating func acknowledge(_ acceptance: Acceptance) {
        for digest in acceptance.heldDigests {
            guard let first = pending.first, first.digest == digest else { return }
            acknowledged = first.number
            acknowledgedDigest = digest
            pending.removeFirst()
        }
    }
}

/// Record number `value`.
func record(_ value: UInt64) -> RecordID { RecordID(high: 0x7000, low: value) }

func put(
    _ id: UInt64, _ fields: Int..., path: [UInt64] = [], collection: UInt32 = 1, replacing: [Stamp] = [],
    sealed: [UInt8] = [1]
) -> SealedChange {
    change(.put, id, fields, path, collection, sealed, replacing)
}

func note(_ id: UInt64, path: [UInt64] = [], collection: UInt32 = 2, sealed: [UInt8] = [2]) -> SealedChange {
    change(.add, id, [0], path, collection, sealed)
}

func erase(_ id: UInt64) -> SealedChange { change(.erase, id, [], [], 1, [3]) }

/// - Parameters:
///   - path: the parent, and what stands above it.
///   - replacing: the writes that it replaces, in all of its fields.
func change(
    _ kind: ChangeHeader.Kind, _ id: UInt64, _ fields: [Int], _ path: [UInt64], _ collection: UInt32,
    _ sealed: [UInt8], _ replacing: [Stamp] = []
) -> SealedChange {
    var replaced = ReplacedDots()
    for stamp in replacing { replaced.insert(stamp.dot, fields: mask(fields)) }
    return SealedChange(
        header: ChangeHeader(
            kind: kind, collection: collection, record: record(id), parent: path.first.map(record),
            ancestors: path.dropFirst().map(record), fields: mask(fields), replaced: replaced, epoch: 1),
        sealed: sealed[...])
}

func mask(_ fields: [Int]) -> FieldMask { fields.reduce(into: .empty) { $0.insert($1) } }
