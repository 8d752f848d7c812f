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
    /// The server's that the id was drawn for.
    private(set) var incarnation = SessionTemplate.incarnation
    private(set) var formerly: ReplicaID?
    private(set) var ancestry = Ancestry()
    var acknowledged: UInt64 = 0
    var acknowledgedDigest = CommitDigest.start
    var pending: [SealedCommit] = []
    var clock = HybridLogicalClock()
    var cursor = Cursor.start
    /// Of the last acknowledged write under this id.
    private var lastTime: HybridTimestamp?
    /// Of the latest write, under the id that it has now.
    private(set) var latest: Stamp?

    init(line: LineID, replica: ReplicaID) {
        self.line = line
        self.replica = replica
    }

    static func record(_ number: UInt64) -> RecordID { RecordID(high: 0x7000, low: number) }

    func put(_ id: UInt64, fields: UInt64, parent: UInt64? = nil) -> ChangeHeader {
        ChangeHeader(
            kind: .put, collection: 1, record: Self.record(id), parent: parent.map(Self.record),
            fields: FieldMask(rawValue: fields), epoch: 1)
    }

    func note(_ id: UInt64, parent: UInt64) -> ChangeHeader {
        ChangeHeader(
            kind: .add, collection: 2, record: Self.record(id), parent: Self.record(parent),
            fields: FieldMask(rawValue: 1), epoch: 1)
    }

    /// Writes a commit; nothing once the clock stands at its end.
    mutating func commit(_ headers: [ChangeHeader], base: UInt64, context: VersionVector? = nil, now: Int64) {
        guard let time = try? clock.tick(wallMilliseconds: now) else { return }
        let stamp = Stamp(time: time, replica: replica)
        latest = stamp
        let number = (pending.last?.number ?? acknowledged) &+ 1
        // Made from the commit's name, so that one input is one run.
        let nonce = Blake2b.hash(Array("\(stamp) \(number)".utf8), count: SealedCommit.nonceBytes)
        let changes = headers.enumerated().map { index, header in
            SealedChange(
                header: header, sealed: Self.sealed(header, stamp, nonce, UInt64(index), line)[...])
        }
        let digest = CommitDigest(key: SessionTemplate.key).digest(
            previous: pending.last?.digest ?? acknowledgedDigest, stamp: stamp, number: number,
            body: Array("\(headers)".utf8))
        pending.append(
            SealedCommit(
                number: number, time: time, base: base, context: context, digest: digest, nonce: nonce,
                changes: changes))
    }

    static func sealed(
        _ header: ChangeHeader, _ stamp: Stamp, _ nonce: [UInt8], _ index: UInt64, _ line: LineID
    ) -> [UInt8] {
        var sealed: [UInt8] = []
        Sealer(line: line, key: SessionTemplate.key).seal(
            Array("\(marker) \(header.record)".utf8)[...], header: header, stamp: stamp, nonce: nonce, index: index,
            to: &sealed)
        return sealed
    }

    func request(now: Int64) -> SyncRequest {
        SyncRequest(
            line: line, replica: replica, incarnation: incarnation, formerly: formerly, ancestry: ancestry,
            cursor: cursor, acknowledged: acknowledged,
            acknowledgedDigest: acknowledgedDigest, commits: pending, pending: UInt64(pending.count), clock: now)
    }

    mutating func take(_ acceptance: Acceptance) { take(acceptance.heldDigests) }

    mutating func take(_ response: SyncResponse) {
        take(response.heldDigests)
        guard response.outcome == .done else { return }
        cursor = response.cursor
        formerly = nil
    }

    /// Goes on under another id, with what is not acknowledged written under it.
    mutating func renew(as next: ReplicaID, for incarnation: Incarnation, now: Int64) {
        let unsent = pending
        if let time = lastTime { ancestry.append(Stamp(time: time, replica: replica), limit: 4) }
        formerly = formerly ?? replica
        replica = next
        self.incarnation = incarnation
        (acknowledged, acknowledgedDigest, pending, lastTime) = (0, CommitDigest.start, [], nil)
        for old in unsent { commit(old.changes.map(\.header), base: old.base, context: old.context, now: now) }
    }

    /// Drops what the server says it holds.
    private mutating func take(_ digests: [[UInt8]]) {
        for digest in digests {
            guard let first = pending.first, first.digest == digest else { return }
            acknowledged = first.number
            lastTime = first.time
            acknowledgedDigest = digest
            pending.removeFirst()
        }
    }
}
