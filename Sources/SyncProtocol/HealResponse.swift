public import Merge

/// The answer to ``HealRequest``.
public struct HealResponse: Hashable, Sendable {
    public enum Outcome: UInt64, Sendable {
        case done = 0
        /// The log does not hold the place where the healing began: begin anew. Nothing was taken.
        case restarted = 1
    }
    public var outcome: Outcome
    public var serverTime: Int64
    /// Where the log stands.
    public var cursor: Cursor
    /// For each compared range: how much the server holds in it, nil where it holds the same.
    public var compared: [UInt64?]
    /// How many parts were joined to their end.
    public var joinedParts: UInt64
    /// How far the next part was joined: the rest is to be offered again. Nil: nothing of it.
    public var joinedThrough: RecordID?
    /// What the server holds of those joined records of which the replica holds something else: a CBOR sequence of
    /// ``FeedCommit``, of one change each.
    public var page: ArraySlice<UInt8>

    public init(
        outcome: Outcome, serverTime: Int64, cursor: Cursor, compared: [UInt64?] = [], joinedParts: UInt64 = 0,
        joinedThrough: RecordID? = nil, page: ArraySlice<UInt8> = []
    ) {
        self.outcome = outcome
        self.serverTime = serverTime
        self.cursor = cursor
        self.compared = compared
        self.joinedParts = joinedParts
        self.joinedThrough = joinedThrough
        self.page = page
    }
}

extension HealResponse {
    private enum Key: UInt64 {
        case version = 0, outcome, serverTime, cursor, compared, joinedParts, joinedThrough, page
    }

    public func encoded() -> [UInt8] {
        var writer = CBORWriter()
        writer.bytes.reserveCapacity(page.count + 256 + compared.count * 9)
        writer.map(8)
        func key(_ key: Key) { writer.unsigned(key.rawValue) }
        key(.version); writer.unsigned(SyncRequest.version)
        key(.outcome); writer.unsigned(outcome.rawValue)
        key(.serverTime); writer.integer(serverTime)
        key(.cursor); writer.cursor(cursor)
        key(.compared); writer.array(compared.count)
        for count in compared {
            if let count { writer.unsigned(count) } else { writer.null() }
        }
        key(.joinedParts); writer.unsigned(joinedParts)
        key(.joinedThrough)
        if let joinedThrough { writer.record(joinedThrough) } else { writer.null() }
        key(.page); writer.data(page)
        return writer.bytes
    }

    public init(encoded bytes: [UInt8]) throws(ProtocolError) {
        var reader = CBORReader(bytes)
        var version: UInt64?
        var outcome: Outcome?
        var serverTime: Int64?
        var cursor: Cursor?
        var compared: [UInt64?]?
        var joinedParts: UInt64?
        var joinedThrough: RecordID??
        var page: ArraySlice<UInt8>?
        try reader.map { key, reader throws(ProtocolError) in
            guard let key = Key(rawValue: key) else { return false }
            switch key {
            case .version: version = try reader.version()
            case .outcome:
                let start = reader.offset
                outcome = Outcome(rawValue: try reader.unsigned())
                if outcome == nil { throw ProtocolError(.invalidValue, offset: start) }
            case .serverTime: serverTime = try reader.serverTime()
            case .cursor: cursor = try reader.cursor()
            case .compared:
                var counts: [UInt64?] = []
                for _ in 0..<(try reader.array(limit: HealRequest.maximumCompared, elementBytes: 1)) {
                    counts.append(try reader.takeNull() ? nil : try reader.unsigned())
                }
                compared = counts
            case .joinedParts: joinedParts = try reader.unsigned(below: 1 << 32)
            case .joinedThrough: joinedThrough = .some(try reader.takeNull() ? nil : try reader.record())
            case .page: page = try reader.data(limit: .max)
            }
            return true
        }
        try reader.finish()
        guard version != nil, let outcome, let serverTime, let cursor, let compared, let joinedParts,
            let joinedThrough, let page
        else {
            throw ProtocolError(.missing, offset: reader.offset)
        }
        self.init(
            outcome: outcome, serverTime: serverTime, cursor: cursor, compared: compared, joinedParts: joinedParts,
            joinedThrough: joinedThrough, page: page)
    }
}
