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

    static let header = ChangeHeader(
        kind: .put, collection: 1, record: record, parent: nil, fields: FieldMask(rawValue: 0b1011), epoch: 1)
    static let put = SealedChange(header: header, sealed: [1, 2, 3][...])
    static let add = SealedChange(
        header: ChangeHeader(kind: .add, collection: 3, record: parent, parent: record, fields: .all, epoch: 1),
        sealed: [4][...])
    static let erase = SealedChange(
        header: ChangeHeader(kind: .erase, collection: 1, record: record, parent: parent, fields: .empty, epoch: .max),
        sealed: [][...])
    static let commit = SealedCommit(
        number: 7, time: time, base: 41, context: nil, digest: digest, nonce: nonce, changes: [put, add, erase])

    static let request = SyncRequest(
        line: line, replica: replica, ancestry: Ancestry([Stamp(time: .zero, replica: other)]), cursor: cursor,
        acknowledged: 6, acknowledgedDigest: digest,
        commits: [
            commit,
            SealedCommit(
                number: 8, time: HybridTimestamp(rawValue: time.rawValue + 1), base: 0,
                context: VersionVector([replica: time, other: .zero]), digest: digest, nonce: nonce, changes: []),
        ],
        pending: 2, oldestPending: -1, clock: 1_700_000_000_123, pageBytes: 1 << 20, wait: 50_000,
        fingerprint: Fingerprint(value: .max), schema: 3, leases: LeaseState(received: 1, wanted: 2, highest: 60),
        includeOwn: true)

    static let feed = FeedCommit(
        position: 42, stamp: Stamp(time: time, replica: other), nonce: nonce,
        changes: [
            FeedChange(index: 0, header: header, live: header.fields, siblings: [], sealed: [9, 9][...]),
            FeedChange(
                index: 5, header: header, live: FieldMask(rawValue: 0b11),
                siblings: [
                    StampVector.Entry(stamp: Stamp(time: time, replica: replica), fields: FieldMask(rawValue: 1))
                ],
                sealed: [8][...]),
        ])
    static var page: [UInt8] {
        var writer = CBORWriter()
        writer.feedCommit(feed)
        return writer.bytes
    }

    static let response = SyncResponse(
        outcome: .refused(number: 8, reason: .tooLarge), incarnation: incarnation, heldNumber: 7, heldDigests: [digest],
        cursor: cursor, head: 99,
        more: true, serverTime: 1_700_000_000_456, fingerprint: Fingerprint(value: 1), page: page[...],
        seen: VersionVector([replica: time]), leases: [Lease(ordinal: 1, start: 40, count: 20)], desk: 12)

    static let incarnation = Incarnation(rawValue: 0xCAFE)
    static let heal = HealRequest(
        line: line, replica: replica, incarnation: incarnation, seen: VersionVector([replica: time]),
        compared: [
            ComparedRange(
                range: RecordRange(after: nil, through: parent),
                sum: RangeSum(fingerprint: Fingerprint(value: 9), count: 3))
        ],
        parts: [
            HealPart(
                range: RecordRange(after: nil, through: nil),
                items: [HealItem(stamp: Stamp(time: time, replica: other), index: 3, change: put)])
        ], nonce: nonce, isLast: true)
    static let healed = HealResponse(
        outcome: .restarted, incarnation: incarnation, serverTime: 5, cursor: cursor,
        seen: VersionVector([replica: time]), compared: [nil, 7], joinedParts: 1, joinedThrough: record, page: page[...]
    )
    static let join = JoinRequest(invitation: "lugn-invitation-1", name: "Desk 1", keyCheck: digest)
    static let joined = JoinResponse(
        line: line, lineName: "Orostelefonen", token: "lugn-device-1", serverTime: 6, incarnation: incarnation)
}
