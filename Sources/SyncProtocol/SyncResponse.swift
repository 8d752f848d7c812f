public import Merge

/// The answer to ``SyncRequest``. Every one, a refusal too, says what the server holds of the replica.
public struct SyncResponse: Hashable, Sendable {
    public enum Outcome: Hashable, Sendable {
        /// Commits were taken, a page follows.
        case done
        /// The server holds another commit under one of the numbers: this replica is a copy, and must fork.
        case forked
        /// A stamp is too far ahead; ``serverTime`` says the right time. Commits before it were taken.
        case clock
        /// The commit with this number can never be taken; the reason is for people. Commits before it were taken.
        case refused(number: UInt64, reason: Reason)
        /// The log does not contain the cursor, or lacks commits that it had acknowledged: the server was restored.
        case diverged
        /// The replica's id was drawn for another incarnation of the server: it takes a new one. Nothing was taken.
        case renew
    }

    /// Why a commit can never be taken.
    public enum Reason: UInt64, Sendable {
        case tooLarge = 0
        case tooManyChanges = 1
        /// Headers that contradict each other or the log: a record in two collections, a changed parent.
        case malformed = 2
    }

    public var outcome: Outcome
    public var incarnation: Incarnation
    /// The number of the last commit that the server holds of this replica, durably.
    public var heldNumber: UInt64
    /// The digests of those it holds, from the first one sent on, no further than the last one sent.
    public var heldDigests: [[UInt8]]
    /// Where the page ends.
    public var cursor: Cursor
    /// The log's last position.
    public var head: UInt64
    /// There are more pages.
    public var more: Bool
    /// In milliseconds since 1970.
    public var serverTime: Int64
    /// The line's state at ``head``, where the page reaches it.
    public var fingerprint: Fingerprint?
    /// A CBOR sequence of ``FeedCommit``.
    public var page: ArraySlice<UInt8>
    /// Per replica, the time of its latest commit between the request's cursor and this one.
    public var seen: VersionVector
    public var leases: [Lease]
    /// A small number of this replica's own, for reference numbers when the leased ones have run out; 0 for none.
    public var desk: UInt64

    public init(
        outcome: Outcome, incarnation: Incarnation = .none, heldNumber: UInt64 = 0, heldDigests: [[UInt8]] = [],
        cursor: Cursor = .start,
        head: UInt64 = 0,
        more: Bool = false, serverTime: Int64, fingerprint: Fingerprint? = nil, page: ArraySlice<UInt8> = [],
        seen: VersionVector = VersionVector(), leases: [Lease] = [], desk: UInt64 = 0
    ) {
        self.outcome = outcome
        self.incarnation = incarnation
        self.heldNumber = heldNumber
        self.heldDigests = heldDigests
        self.cursor = cursor
        self.head = head
        self.more = more
        self.serverTime = serverTime
        self.fingerprint = fingerprint
        self.page = page
        self.seen = seen
        self.leases = leases
        self.desk = desk
    }
}

/// A block of reference numbers that one replica may use: `count` of them from `start` on.
public struct Lease: Hashable, Sendable {
    /// The how manieth block of this replica, from 1.
    public var ordinal: UInt64
    public var start: UInt64
    public var count: UInt64

    public init(ordinal: UInt64, start: UInt64, count: UInt64) {
        self.ordinal = ordinal
        self.start = start
        self.count = count
    }
}

extension SyncResponse {
    private enum Key: UInt64 {
        case version = 0, outcome, heldNumber, heldDigests, cursor, head, more, serverTime, fingerprint, page, seen
        case leases, desk, incarnation
    }

    public func encoded() -> [UInt8] {
        var writer = CBORWriter()
        writer.bytes.reserveCapacity(page.count + 256 + heldDigests.count * 17)
        writer.map(14)
        func key(_ key: Key) { writer.unsigned(key.rawValue) }
        key(.version); writer.unsigned(SyncRequest.version)
        key(.outcome)
        switch outcome {
        case .done: writer.array(1); writer.unsigned(0)
        case .forked: writer.array(1); writer.unsigned(1)
        case .clock: writer.array(1); writer.unsigned(2)
        case .refused(let number, let reason):
            writer.array(3); writer.unsigned(3); writer.unsigned(number); writer.unsigned(reason.rawValue)
        case .diverged: writer.array(1); writer.unsigned(4)
        case .renew: writer.array(1); writer.unsigned(5)
        }
        key(.heldNumber); writer.unsigned(heldNumber)
        key(.heldDigests); writer.array(heldDigests.count)
        for digest in heldDigests { writer.data(digest) }
        key(.cursor); writer.cursor(cursor)
        key(.head); writer.unsigned(head)
        key(.more); writer.boolean(more)
        key(.serverTime); writer.integer(serverTime)
        key(.fingerprint); writer.fingerprint(fingerprint)
        key(.page); writer.data(page)
        key(.seen); writer.stamps(seen.sorted)
        key(.leases); writer.array(leases.count)
        for lease in leases {
            writer.array(3); writer.unsigned(lease.ordinal); writer.unsigned(lease.start); writer.unsigned(lease.count)
        }
        key(.desk); writer.unsigned(desk)
        key(.incarnation); writer.incarnation(incarnation)
        return writer.bytes
    }

    public init(encoded bytes: [UInt8]) throws(ProtocolError) {
        var reader = CBORReader(bytes)
        var version: UInt64?
        var outcome: Outcome?
        var cursor: Cursor?
        var response = SyncResponse(outcome: .done, serverTime: 0)
        try reader.map { key, reader throws(ProtocolError) in
            guard let key = Key(rawValue: key) else { return false }
            switch key {
            case .version:
                version = try reader.unsigned()
                if version != SyncRequest.version { throw ProtocolError(.version, offset: reader.offset) }
            case .outcome: outcome = try reader.outcome()
            case .heldNumber: response.heldNumber = try reader.unsigned()
            case .heldDigests:
                let count = try reader.array(limit: Limits.requestCommits, elementBytes: 17)
                for _ in 0..<count {
                    response.heldDigests.append(Array(try reader.data(exactly: SealedCommit.digestBytes)))
                }
            case .cursor: cursor = try reader.cursor()
            case .head: response.head = try reader.unsigned()
            case .more: response.more = try reader.boolean()
            case .serverTime: response.serverTime = try reader.integer()
            case .fingerprint: response.fingerprint = try reader.fingerprint()
            case .page: response.page = try reader.data(limit: .max)
            case .seen: response.seen = try reader.versionVector()
            case .leases:
                for _ in 0..<(try reader.array(limit: 1_000, elementBytes: 4)) {
                    try reader.array(exactly: 3)
                    let ordinal = try reader.unsigned(below: 1 << 48)
                    let start = try reader.unsigned(below: 1 << 48)
                    let count = try reader.unsigned(below: 1 << 20)
                    response.leases.append(Lease(ordinal: ordinal, start: start, count: count))
                }
            case .desk: response.desk = try reader.unsigned(below: 1 << 32)
            case .incarnation: response.incarnation = try reader.incarnation()
            }
            return true
        }
        try reader.finish()
        guard version != nil, let outcome, let cursor else { throw ProtocolError(.missing, offset: reader.offset) }
        response.outcome = outcome
        response.cursor = cursor
        self = response
    }
}

extension CBORReader {
    fileprivate mutating func outcome() throws(ProtocolError) -> SyncResponse.Outcome {
        let start = offset
        let count = try array(limit: 3)
        let code = try unsigned()
        switch (code, count) {
        case (0, 1): return .done
        case (1, 1): return .forked
        case (2, 1): return .clock
        case (3, 3):
            let number = try unsigned()
            guard let reason = SyncResponse.Reason(rawValue: try unsigned()) else {
                throw ProtocolError(.invalidValue, offset: start)
            }
            return .refused(number: number, reason: reason)
        case (4, 1): return .diverged
        case (5, 1): return .renew
        default: throw ProtocolError(.invalidValue, offset: start)
        }
    }
}
