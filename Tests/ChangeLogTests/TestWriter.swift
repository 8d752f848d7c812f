import ChangeLog
import Merge
import Sealing
import SyncProtocol

/// A replica as the server sees it: numbered, chained commits with headers in clear and bytes that mean nothing here.
struct TestWriter {
    let device: Device
    var replica: ReplicaID
    var incarnation: Incarnation
    var ancestry = Ancestry()
    var acknowledged: UInt64 = 0
    var acknowledgedDigest = [UInt8](repeating: 0, count: SealedCommit.digestBytes)
    var pending: [SealedCommit] = []
    var clock: HybridLogicalClock
    var line: LineID

    init(device: Device, replica: ReplicaID, incarnation: Incarnation, time: Int64) {
        self.incarnation = incarnation
        self.device = device
        self.replica = replica
        line = device.line
        clock = HybridLogicalClock(latest: HybridTimestamp(milliseconds: time))
    }

    /// Writes a commit. Returns its stamp.
    @discardableResult
    mutating func commit(
        _ changes: [SealedChange], base: UInt64 = 0, context: VersionVector? = nil, time: Int64 = 0
    ) throws -> Stamp {
        let stamp = Stamp(time: try clock.tick(wallMilliseconds: time), replica: replica)
        let last = pending.last.map { ($0.number, $0.digest) } ?? (acknowledged, acknowledgedDigest)
        pending.append(
            SealedCommit(
                number: last.0 + 1, time: stamp.time, base: base, context: context,
                digest: Self.digest(last.1, stamp, changes), nonce: randomBytes(SealedCommit.nonceBytes),
                changes: changes))
        return stamp
    }

    static func digest(_ previous: [UInt8], _ stamp: Stamp, _ changes: [SealedChange]) -> [UInt8] {
        var bytes = previous + Array("\(stamp)".utf8)
        for change in changes { bytes += Array("\(change.header)".utf8) + change.sealed }
        return Blake2b.hash(bytes, count: SealedCommit.digestBytes)
    }

    func request() -> SyncRequest {
        SyncRequest(
            line: line, replica: replica, incarnation: incarnation, ancestry: ancestry, acknowledged: acknowledged,
            acknowledgedDigest: acknowledgedDigest, commits: pending, pending: UInt64(pending.count), clock: 0)
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
    _ id: UInt64, _ fields: Int..., parent: UInt64? = nil, collection: UInt32 = 1, sealed: [UInt8] = [1]
) -> SealedChange {
    change(.put, id, fields, parent, collection, sealed)
}

func note(_ id: UInt64, parent: UInt64? = nil, collection: UInt32 = 2, sealed: [UInt8] = [2]) -> SealedChange {
    change(.add, id, [0], parent, collection, sealed)
}

func erase(_ id: UInt64) -> SealedChange { change(.erase, id, [], nil, 1, [3]) }

func change(
    _ kind: ChangeHeader.Kind, _ id: UInt64, _ fields: [Int], _ parent: UInt64?, _ collection: UInt32, _ sealed: [UInt8]
) -> SealedChange {
    SealedChange(
        header: ChangeHeader(
            kind: kind, collection: collection, record: record(id), parent: parent.map(record), fields: mask(fields),
            epoch: 1), sealed: sealed[...])
}

func mask(_ fields: [Int]) -> FieldMask { fields.reduce(into: .empty) { $0.insert($1) } }
