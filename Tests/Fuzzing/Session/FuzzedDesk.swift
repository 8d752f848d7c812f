import ChangeLog
import Merge
import Sealing
import SyncProtocol

/// A replica as the server sees it: numbered, chained commits whose values are truly sealed.
struct FuzzedDesk: Sendable {
    static let replicasA: [ReplicaID] = [.init(rawValue: 0xA1), .init(rawValue: 0xA2)]
    static let replicaB = ReplicaID(rawValue: 0xB1)
    /// What a desk goes on under, the how manieth time it does.
    static func next(after first: ReplicaID, _ number: UInt64) -> ReplicaID {
        ReplicaID(rawValue: first.rawValue + number << 8)
    }
    /// Stands in every sealed value, and must stand nowhere else.
    static let marker = "PLAIN-MARKER"

    var line: LineID
    private(set) var replica: ReplicaID
    var acknowledged: UInt64 = 0
    var acknowledgedDigest = CommitDigest.start
    var pending: [SealedCommit] = []
    var clock = HybridLogicalClock()
    var cursor = Cursor.start
    /// Of the latest write.
    private(set) var latest: Stamp?

    init(line: LineID, replica: ReplicaID) {
        self.line = line
        self.replica = replica
    }

    static func record(_ number: UInt64) -> RecordID { RecordID(high: 0x7000, low: number) }

    func put(
        _ record: RecordID, fields: UInt64, parent: RecordID? = nil, replaced: ReplacedDots = .none
    ) -> ChangeHeader {
        ChangeHeader(
            kind: .put, collection: 1, record: record, parent: parent, fields: FieldMask(rawValue: fields),
            replaced: replaced, epoch: SessionTemplate.epoch)
    }

    func note(_ record: RecordID, parent: RecordID) -> ChangeHeader {
        ChangeHeader(
            kind: .add, collection: 2, record: record, parent: parent, fields: FieldMask(rawValue: 1),
            epoch: SessionTemplate.epoch)
    }

    /// Writes a commit; nothing once the clock stands at its end.
    mutating func commit(_ headers: [ChangeHeader], now: Int64) {
        guard let time = try? clock.tick(wallMilliseconds: now) else { return }
        // Made from the commit's name, so that one input is one run. Only B's own dots must not be foreseen, and nobody
        // foresees a hash.
        let name = Blake2b.hash(Array("\(replica) \(time.rawValue)".utf8), count: SealedCommit.nonceBytes)
        let random = name.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
        let stamp = Stamp(
            time: time, dot: Dot(desk: DeskTag(rawValue: UInt16(replica.rawValue & 0xFF)), random: random))
        latest = stamp
        let changes = headers.enumerated().map { index, header in
            SealedChange(header: header, sealed: Self.sealed(header, stamp, name, UInt64(index), line)[...])
        }
        pending.append(SealedCommit(number: 0, stamp: stamp, digest: [], nonce: name, changes: changes))
        number()
    }

    /// Numbers and chains what is not acknowledged.
    private mutating func number() {
        var (number, digest) = (acknowledged, acknowledgedDigest)
        for place in pending.indices {
            number &+= 1
            digest = CommitDigest.digest(
                previous: digest, replica: replica, number: number, stamp: pending[place].stamp)
            pending[place].number = number
            pending[place].digest = digest
        }
    }

    static func sealed(
        _ header: ChangeHeader, _ stamp: Stamp, _ nonce: [UInt8], _ index: UInt64, _ line: LineID
    ) -> [UInt8] {
        var header = header
        // No sealer takes, and no message holds, what stands above a parent that is not there.
        if header.parent == nil { header.ancestors = [] }
        var sealed: [UInt8] = []
        var sealer = Sealer(line: line, key: SessionTemplate.key).commit(stamp: stamp, nonce: nonce)
        sealer.seal(Array("\(marker) \(header.record)".utf8)[...], header: header, index: index, to: &sealed)
        return sealed
    }

    func request(now: Int64) -> SyncRequest {
        SyncRequest(
            line: line, replica: replica, cursor: cursor, acknowledged: acknowledged,
            acknowledgedDigest: acknowledgedDigest, commits: pending, pending: UInt64(pending.count), clock: now)
    }

    // MARK: Answers

    mutating func take(_ acceptance: Acceptance) { take(acceptance.heldDigests) }

    mutating func take(_ response: SyncResponse) {
        take(response.heldDigests)
        if response.page != nil { cursor = response.cursor }
    }

    /// Goes on under another id, with what is not acknowledged under its old dots, and reads everything anew.
    mutating func fork(as next: ReplicaID) {
        replica = next
        (acknowledged, acknowledgedDigest, cursor) = (0, CommitDigest.start, .start)
        number()
    }

    /// Gives up the first commit, which was refused.
    mutating func giveWay() {
        guard !pending.isEmpty else { return }
        pending.removeFirst()
        number()
    }

    /// Drops what the server says it holds.
    private mutating func take(_ digests: [[UInt8]]) {
        for digest in digests {
            guard let first = pending.first, first.digest == digest else { return }
            acknowledged = first.number
            acknowledgedDigest = digest
            pending.removeFirst()
        }
    }
}
