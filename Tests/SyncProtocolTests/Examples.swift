import Merge
import SyncProtocol

/// One of each message, with every part filled.
enum Examples {
    static let line = LineID((0..<16).map { UInt8($0) })!
    static let replica = ReplicaID(rawValue: 0x0123_4567_89AB_CDEF)
    static let other = ReplicaID(rawValue: .max)
    static let record = RecordID(milliseconds: 1_700_000_000_000, randomHigh: 1, randomLow: 2)
    static let parent = RecordID(milliseconds: 1_700_000_000_000, randomHigh: 3, randomLow: 4)
    static let time = HybridTimestamp(milliseconds: 1_700_000_000_000, counter: 5)
    static let cursor = Cursor(log: (16..<32).map { UInt8($0) }, position: 41, check: (32..<40).map { UInt8($0) })
    static let digest = (40..<56).map { UInt8($0) }
    static let nonce = (56..<72).map { UInt8($0) }

    static let dot = Dot(rawValue: 0xFEDC_BA98_7654_3210)
    static let stamp = Stamp(time: time, dot: dot)

    static let replaced = ReplacedDots(sorted: [
        .init(dot: Dot(rawValue: 3), fields: FieldMask(rawValue: 0b0011)),
        .init(dot: Dot(rawValue: .max), fields: FieldMask(rawValue: 0b1000)),
    ])!
    static let header = ChangeHeader(
        kind: .put, collection: 1, record: record, parent: nil, fields: FieldMask(rawValue: 0b1011),
        replaced: replaced, epoch: 1)
    static let put = SealedChange(header: header, sealed: [1, 2, 3][...])
    static let add = SealedChange(
        header: ChangeHeader(
            kind: .add, collection: 3, record: parent, parent: record,
            ancestors: [RecordID(high: 1, low: 1), RecordID(high: 2, low: 2)], fields: .all, epoch: 1),
        sealed: [4][...])
    static let erase = SealedChange(
        header: ChangeHeader(kind: .erase, collection: 1, record: record, parent: parent, fields: .empty, epoch: .max),
        sealed: [][...])
    static let commit = SealedCommit(number: 7, stamp: stamp, digest: digest, nonce: nonce, changes: [put, add, erase])

    static let request = SyncRequest(
        line: line, replica: replica, cursor: cursor, acknowledged: 6, acknowledgedDigest: digest,
        commits: [
            commit,
            SealedCommit(
                number: 8, stamp: Stamp(time: HybridTimestamp(rawValue: time.rawValue + 1), dot: Dot(rawValue: 0)),
                digest: digest, nonce: nonce, changes: []),
        ],
        pending: 2, oldestPending: -1, clock: 1_700_000_000_123, pageBytes: 1 << 20, wait: 50_000,
        fingerprint: Fingerprint(value: .max), schema: 3, leases: LeaseState(received: 1, wanted: 2, highest: 60),
        includeOwn: true,
        condition: ReplicaCondition(program: "0.1.0", setAside: 1, unopened: 2, numbersLeft: 19))

    static let feed = FeedCommit(
        position: 42, stamp: stamp, nonce: nonce,
        changes: [
            FeedChange(index: 0, header: header, sealed: [9, 9][...]),
            FeedChange(index: 5, header: add.header, sealed: [8][...]),
        ])
    static var page: [UInt8] {
        var writer = CBORWriter()
        writer.feedCommit(feed)
        return writer.bytes
    }

    static let response = SyncResponse(
        outcome: .refused(number: 8, digest: digest, reason: .tooLarge), heldNumber: 7, heldDigests: [digest],
        cursor: cursor, head: 99, more: true, serverTime: 1_700_000_000_456, fingerprint: Fingerprint(value: 1),
        page: page[...], leases: [Lease(ordinal: 1, start: 40, count: 20)], desk: 12)

    static let heal = HealRequest(
        line: line, replica: replica, start: cursor,
        parts: [
            HealPart(
                range: RecordRange(after: nil, through: nil), items: [HealItem(stamp: stamp, index: 3, change: put)])
        ], nonce: nonce)
    static let compare = HealRequest(
        line: line, replica: replica, start: cursor,
        compared: [
            ComparedRange(
                range: RecordRange(after: nil, through: parent),
                sum: RangeSum(fingerprint: Fingerprint(value: 9), count: 3))
        ])
    static let healed = HealResponse(
        outcome: .restarted, serverTime: 5, cursor: cursor, compared: [nil, 7], joinedParts: 1, joinedThrough: record,
        page: page[...])
    static let desks = DesksResponse(others: 4, unsent: 3, unverified: 2, silent: 1, serverTime: 7)
}
