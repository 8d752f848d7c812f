public import Merge

/// `POST /v1/heal`: one exchange of a healing, by which a replica and a server find what differs and join it.
///
/// The replica leads, the server remembers nothing between exchanges. An empty one begins: its answer says where the log
/// stands and what the server has seen. Then ranges are compared by their sums, smaller and smaller, until few records
/// are left; those are joined (``StampVector/joined(with:seen:otherSeen:)``). The last exchange ends it: what the
/// replica has seen, the server now has too. Interrupted anywhere, it is begun anew; what was joined is equal by then.
public struct HealRequest: Hashable, Sendable {
    public var line: LineID
    public var replica: ReplicaID
    /// The server's incarnation at the beginning: with another one, it has to be begun anew.
    public var incarnation: Incarnation
    /// What the replica has seen: the same in all exchanges of a healing. Needed where something is joined, and at the end.
    public var seen: VersionVector
    /// Ranges whose sums are to be compared, without overlap.
    public var compared: [ComparedRange]
    /// Ranges to be joined: everything that the replica holds in them.
    public var parts: [HealPart]
    /// The first 16 bytes of each payload's nonce; the last 8 are its index in this request.
    public var nonce: [UInt8]
    public var isLast: Bool

    /// How many ranges one request may compare.
    public static let maximumCompared = 4_096

    public init(
        line: LineID, replica: ReplicaID, incarnation: Incarnation, seen: VersionVector = VersionVector(),
        compared: [ComparedRange] = [], parts: [HealPart] = [],
        nonce: [UInt8] = [UInt8](repeating: 0, count: SealedCommit.nonceBytes), isLast: Bool = false
    ) {
        self.line = line
        self.replica = replica
        self.incarnation = incarnation
        self.seen = seen
        self.compared = compared
        self.parts = parts
        self.nonce = nonce
        self.isLast = isLast
    }

    /// Whether the server changes nothing for it.
    public var isQuestion: Bool { parts.isEmpty && !isLast }
    /// Whether it is the first of a healing.
    public var isFirst: Bool { isQuestion && compared.isEmpty }
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
    private enum Key: UInt64 {
        case version = 0, line, replica, incarnation, seen, compared, parts, nonce, isLast
    }

    public func encoded() -> [UInt8] {
        var writer = CBORWriter()
        writer.map(9)
        func key(_ key: Key) { writer.unsigned(key.rawValue) }
        key(.version); writer.unsigned(SyncRequest.version)
        key(.line); writer.data(line.bytes)
        key(.replica); writer.replica(replica)
        key(.incarnation); writer.incarnation(incarnation)
        key(.seen); writer.stamps(seen.sorted)
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
        key(.isLast); writer.boolean(isLast)
        return writer.bytes
    }

    public init(encoded bytes: [UInt8], limits: Limits = Limits()) throws(ProtocolError) {
        var reader = CBORReader(bytes)
        var version: UInt64?
        var line: LineID?
        var replica: ReplicaID?
        var incarnation: Incarnation?
        var nonce: [UInt8]?
        var request = HealRequest(
            line: LineID([UInt8](repeating: 0, count: 16))!, replica: .init(rawValue: 0), incarnation: .none)
        try reader.map { key, reader throws(ProtocolError) in
            guard let key = Key(rawValue: key) else { return false }
            switch key {
            case .version:
                version = try reader.unsigned()
                if version != SyncRequest.version { throw ProtocolError(.version, offset: reader.offset) }
            case .line: line = LineID(try reader.data(exactly: 16))
            case .replica: replica = try reader.replica()
            case .incarnation: incarnation = try reader.incarnation()
            case .seen: request.seen = try reader.versionVector()
            case .compared:
                let count = try reader.array(limit: Self.maximumCompared, elementBytes: 5)
                for _ in 0..<count { request.compared.append(try reader.comparedRange()) }
            case .parts:
                let count = try reader.array(limit: limits.commitChanges, elementBytes: 4)
                for _ in 0..<count { request.parts.append(try reader.healPart(limits: limits)) }
            case .nonce: nonce = Array(try reader.data(exactly: SealedCommit.nonceBytes))
            case .isLast: request.isLast = try reader.boolean()
            }
            return true
        }
        try reader.finish()
        guard version != nil, let line, let replica, let incarnation, let nonce else {
            throw ProtocolError(.missing, offset: reader.offset)
        }
        request.line = line
        request.replica = replica
        request.incarnation = incarnation
        request.nonce = nonce
        self = request
    }
}

extension CBORWriter {
    fileprivate mutating func healItem(_ item: HealItem) {
        array(4)
        time(item.stamp.time)
        replica(item.stamp.replica)
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
        let time = try time()
        let stamp = Stamp(time: time, replica: try replica())
        let index = try unsigned()
        return HealItem(stamp: stamp, index: index, change: try change(limits: limits))
    }
}
