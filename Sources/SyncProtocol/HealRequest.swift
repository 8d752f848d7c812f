public import Merge

/// `POST /v2/heal`: one exchange of a healing, by which a replica and a server find what differs and join it.
///
/// The replica leads, the server remembers nothing between exchanges. The first one only asks where the log stands. Then
/// ranges are compared by their sums, smaller and smaller, until few records are left; those are joined, record by
/// record (``Merge/RecordState``), in any order. Interrupted anywhere, it is begun anew; what was joined is equal by then.
public struct HealRequest: Hashable, Sendable {
    public var line: LineID
    public var replica: ReplicaID
    /// Where the log stood when the healing began; nil in the first exchange, which asks for it. A server that does not
    /// hold this place any more was put back meanwhile: the healing has to be begun anew.
    public var start: Cursor?
    /// Ranges whose sums are to be compared, without overlap.
    public var compared: [ComparedRange]
    /// Ranges to be joined: everything that the replica holds in them.
    public var parts: [HealPart]
    /// The first 16 bytes of each payload's nonce; the last 8 are its index in this request.
    public var nonce: [UInt8]

    /// How many ranges one request may compare.
    public static let maximumCompared = 4_096

    public init(
        line: LineID, replica: ReplicaID, start: Cursor? = nil, compared: [ComparedRange] = [],
        parts: [HealPart] = [], nonce: [UInt8] = [UInt8](repeating: 0, count: SealedCommit.nonceBytes)
    ) {
        self.line = line
        self.replica = replica
        self.start = start
        self.compared = compared
        self.parts = parts
        self.nonce = nonce
    }

    /// Whether the server changes nothing for it.
    public var isQuestion: Bool { parts.isEmpty }
    /// Whether it is the first of a healing.
    public var isFirst: Bool { start == nil }
}

/// A range and what the replica holds in it.
public struct ComparedRange: Hashable, Sendable {
    public var range: RecordRange
    public var sum: RangeSum

    public init(range: RecordRange, sum: RangeSum) {
        self.range = range
        self.sum = sum
    }
}

/// A range with all that a replica holds in it.
public struct HealPart: Hashable, Sendable {
    public var range: RecordRange
    public var items: [HealItem]

    public init(range: RecordRange, items: [HealItem]) {
        self.range = range
        self.items = items
    }
}

/// One sibling of a record, a note, or a tombstone, with the stamp it was written under.
public struct HealItem: Hashable, Sendable {
    public var stamp: Stamp
    public var index: UInt64
    public var change: SealedChange

    public init(stamp: Stamp, index: UInt64, change: SealedChange) {
        self.stamp = stamp
        self.index = index
        self.change = change
    }
}

extension HealRequest {
    private enum Key: UInt64 { case version = 0, line, replica, start, compared, parts, nonce }

    public func encoded() -> [UInt8] {
        var writer = CBORWriter()
        writer.map(7)
        func key(_ key: Key) { writer.unsigned(key.rawValue) }
        key(.version); writer.unsigned(SyncRequest.version)
        key(.line); writer.data(line.bytes)
        key(.replica); writer.replica(replica)
        key(.start)
        if let start { writer.cursor(start) } else { writer.null() }
        key(.compared); writer.array(compared.count)
        for compared in compared {
            writer.array(4)
            writer.range(compared.range)
            writer.fingerprint(compared.sum.fingerprint)
            writer.unsigned(compared.sum.count)
        }
        key(.parts); writer.array(parts.count)
        for part in parts {
            writer.array(3)
            writer.range(part.range)
            writer.array(part.items.count)
            for item in part.items { writer.healItem(item) }
        }
        key(.nonce); writer.data(nonce)
        return writer.bytes
    }

    public init(encoded bytes: [UInt8], limits: Limits = Limits()) throws(ProtocolError) {
        var reader = CBORReader(bytes)
        var version: UInt64?
        var line: LineID?
        var replica: ReplicaID?
        var start: Cursor?
        var hasStart = false
        var compared: [ComparedRange]?
        var parts: [HealPart]?
        var nonce: [UInt8]?
        try reader.map { key, reader throws(ProtocolError) in
            guard let key = Key(rawValue: key) else { return false }
            switch key {
            case .version: version = try reader.version()
            case .line: line = LineID(try reader.data(exactly: 16))
            case .replica: replica = try reader.replica()
            case .start:
                hasStart = true
                start = try reader.takeNull() ? nil : try reader.cursor()
            case .compared:
                var ranges: [ComparedRange] = []
                for _ in 0..<(try reader.array(limit: Self.maximumCompared, elementBytes: 5)) {
                    ranges.append(try reader.comparedRange())
                }
                compared = ranges
            case .parts:
                var found: [HealPart] = []
                for _ in 0..<(try reader.array(limit: limits.commitChanges, elementBytes: 4)) {
                    found.append(try reader.healPart(limits: limits))
                }
                parts = found
            case .nonce: nonce = Array(try reader.data(exactly: SealedCommit.nonceBytes))
            }
            return true
        }
        try reader.finish()
        guard version != nil, let line, let replica, hasStart, let compared, let parts, let nonce else {
            throw ProtocolError(.missing, offset: reader.offset)
        }
        // What begins a healing only asks, and a question joins nothing.
        guard start != nil || (compared.isEmpty && parts.isEmpty), compared.isEmpty || parts.isEmpty else {
            throw ProtocolError(.invalidValue, offset: reader.offset)
        }
        self.init(line: line, replica: replica, start: start, compared: compared, parts: parts, nonce: nonce)
    }
}

extension CBORWriter {
    fileprivate mutating func healItem(_ item: HealItem) {
        array(4)
        time(item.stamp.time)
        dot(item.stamp.dot)
        unsigned(item.index)
        change(item.change)
    }
}

extension CBORReader {
    fileprivate mutating func comparedRange() throws(ProtocolError) -> ComparedRange {
        try array(exactly: 4)
        let range = try range()
        let start = offset
        guard let fingerprint = try fingerprint() else { throw ProtocolError(.invalidValue, offset: start) }
        return ComparedRange(range: range, sum: RangeSum(fingerprint: fingerprint, count: try unsigned()))
    }

    fileprivate mutating func healPart(limits: Limits) throws(ProtocolError) -> HealPart {
        try array(exactly: 3)
        var part = HealPart(range: try range(), items: [])
        let count = try array(limit: limits.requestBytes / 32, elementBytes: 27)
        for _ in 0..<count {
            let start = offset
            let item = try healItem(limits: limits)
            guard part.range.contains(item.change.header.record) else {
                throw ProtocolError(.invalidValue, offset: start)
            }
            part.items.append(item)
        }
        return part
    }

    private mutating func healItem(limits: Limits) throws(ProtocolError) -> HealItem {
        try array(exactly: 4)
        let stamp = try stamp()
        let index = try unsigned(below: UInt64(limits.commitChanges))
        return HealItem(stamp: stamp, index: index, change: try change(limits: limits))
    }
}
