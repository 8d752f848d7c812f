public import Merge

/// The answer to ``SyncRequest``. Every one, a refusal too, says what the server holds of the replica.
public struct SyncResponse: Hashable, Sendable {
    public enum Outcome: Hashable, Sendable {
        /// Commits were taken, a page follows.
        case done
        /// The server holds another commit under one of the numbers: this replica is a copy, and must fork.
        case forked
        /// The commit with this digest has a time too far ahead; ``serverTime`` says the right one. Commits before it were
        /// taken.
        case clock(digest: [UInt8])
        /// The commit with this number and digest can never be taken; the reason is for people. Commits before it were
        /// taken.
        case refused(number: UInt64, digest: [UInt8], reason: Reason)
        /// The log does not contain the cursor, or lacks commits that it had acknowledged: the server was restored.
        case diverged
        /// Commits were sealed under an older key than the line's newest: none from the first such one on was taken. The replica
        /// fetches the roster and its box, seals again and sends again.
        case epoch
    }

    /// Why a commit can never be taken.
    public enum Reason: UInt64, Sendable {
        case tooLarge = 0
        case tooManyChanges = 1
        /// Headers that contradict each other or the log: a record in two collections, a changed parent.
        case malformed = 2
    }

    public var outcome: Outcome
    /// The number of the last commit that the server holds of this replica, durably.
    public var heldNumber: UInt64
    /// The digests of those it holds, from the first unacknowledged one on.
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
    /// A CBOR sequence of ``FeedCommit``. Nil: none was handed out, and ``cursor`` says nothing.
    public var page: ArraySlice<UInt8>?
    public var leases: [Lease]
    /// A small number of this replica's own, for reference numbers when the leased ones have run out; 0 for none.
    public var desk: UInt64

    public init(
        outcome: Outcome, heldNumber: UInt64 = 0, heldDigests: [[UInt8]] = [], cursor: Cursor = .start,
        head: UInt64 = 0, more: Bool = false, serverTime: Int64, fingerprint: Fingerprint? = nil,
        page: ArraySlice<UInt8>? = nil, leases: [Lease] = [], desk: UInt64 = 0
    ) {
        self.outcome = outcome
        self.heldNumber = heldNumber
        self.heldDigests = heldDigests
        self.cursor = cursor
        self.head = head
        self.more = more
        self.serverTime = serverTime
        self.fingerprint = fingerprint
        self.page = page
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
    private enum Key: UInt64, CaseIterable {
        case version = 0, outcome, heldNumber, heldDigests, cursor, head, more, serverTime, fingerprint, page, leases
        case desk
    }

    public func encoded() -> [UInt8] {
        var writer = CBORWriter()
        writer.bytes.reserveCapacity((page?.count ?? 0) + 256 + heldDigests.count * 17)
        writer.map(Key.allCases.count)
        func key(_ key: Key) { writer.unsigned(key.rawValue) }
        key(.version); writer.unsigned(SyncRequest.version)
        key(.outcome); writer.outcome(outcome)
        key(.heldNumber); writer.unsigned(heldNumber)
        key(.heldDigests); writer.array(heldDigests.count)
        for digest in heldDigests { writer.data(digest) }
        key(.cursor); writer.cursor(cursor)
        key(.head); writer.unsigned(head)
        key(.more); writer.boolean(more)
        key(.serverTime); writer.integer(serverTime)
        key(.fingerprint); writer.fingerprint(fingerprint)
        key(.page)
        if let page { writer.data(page) } else { writer.null() }
        key(.leases); writer.array(leases.count)
        for lease in leases {
            writer.array(3); writer.unsigned(lease.ordinal); writer.unsigned(lease.start); writer.unsigned(lease.count)
        }
        key(.desk); writer.unsigned(desk)
        return writer.bytes
    }

    /// Reads an answer. All keys are required, in ascending order; others are passed over.
    public init(encoded bytes: [UInt8]) throws(ProtocolError) {
        var reader = CBORReader(bytes)
        var found = 0
        var response = SyncResponse(outcome: .done, serverTime: 0)
        try reader.map { key, reader throws(ProtocolError) in
            guard let key = Key(rawValue: key) else { return false }
            try response.read(key, &reader)
            found += 1
            return true
        }
        try reader.finish()
        guard found == Key.allCases.count else { throw ProtocolError(.missing, offset: reader.offset) }
        self = response
    }

    private mutating func read(_ key: Key, _ reader: inout CBORReader) throws(ProtocolError) {
        switch key {
        case .version: _ = try reader.version()
        case .outcome: outcome = try reader.outcome()
        case .heldNumber: heldNumber = try reader.unsigned(below: SealedCommit.numberLimit)
        case .heldDigests:
            let count = try reader.array(limit: Limits.requestCommits, elementBytes: 17)
            for _ in 0..<count { heldDigests.append(Array(try reader.data(exactly: SealedCommit.digestBytes))) }
        case .cursor: cursor = try reader.cursor()
        case .head: head = try reader.unsigned(below: Cursor.positionLimit)
        case .more: more = try reader.boolean()
        case .serverTime: serverTime = try reader.serverTime()
        case .fingerprint: fingerprint = try reader.fingerprint()
        case .page: page = try reader.takeNull() ? nil : try reader.data(limit: .max)
        case .leases:
            for _ in 0..<(try reader.array(limit: Limits.leases, elementBytes: 4)) {
                try reader.array(exactly: 3)
                let ordinal = try reader.unsigned(below: 1 << 48)
                let start = try reader.unsigned(below: 1 << 48)
                leases.append(Lease(ordinal: ordinal, start: start, count: try reader.unsigned(below: 1 << 20)))
            }
        case .desk: desk = try reader.unsigned(below: 1 << 32)
        }
    }
}

extension CBORWriter {
    fileprivate mutating func outcome(_ outcome: SyncResponse.Outcome) {
        switch outcome {
        case .done: array(1); unsigned(0)
        case .forked: array(1); unsigned(1)
        case .clock(let digest): array(2); unsigned(2); data(digest)
        case .refused(let number, let digest, let reason):
            array(4); unsigned(3); unsigned(number); data(digest); unsigned(reason.rawValue)
        case .diverged: array(1); unsigned(4)
        case .epoch: array(1); unsigned(5)
        }
    }
}

extension CBORReader {
    fileprivate mutating func outcome() throws(ProtocolError) -> SyncResponse.Outcome {
        let start = offset
        let count = try array(limit: 4)
        let code = try unsigned()
        switch (code, count) {
        case (0, 1): return .done
        case (1, 1): return .forked
        case (2, 2): return .clock(digest: Array(try data(exactly: SealedCommit.digestBytes)))
        case (3, 4):
            let number = try unsigned(below: SealedCommit.numberLimit)
            let digest = Array(try data(exactly: SealedCommit.digestBytes))
            guard let reason = SyncResponse.Reason(rawValue: try unsigned()) else {
                throw ProtocolError(.invalidValue, offset: start)
            }
            return .refused(number: number, digest: digest, reason: reason)
        case (4, 1): return .diverged
        case (5, 1): return .epoch
        default: throw ProtocolError(.invalidValue, offset: start)
        }
    }
}
