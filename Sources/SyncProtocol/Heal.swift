public import Merge

/// `POST /v1/heal`: a part of a replica's whole state, for a server that lost some of its own.
///
/// The parts cover ranges of record ids, in ascending order, of one snapshot of the replica; all carry the same
/// version vector. The server joins each part with what it holds in the range (``StampVector/joined(with:seen:otherSeen:)``),
/// and takes the vector over with the last one.
public struct HealRequest: Hashable, Sendable {
    public var line: LineID
    public var replica: ReplicaID
    public var ancestry: Ancestry
    /// What the replica had acknowledged: number and digest.
    public var acknowledged: UInt64
    public var acknowledgedDigest: [UInt8]
    /// What the snapshot has seen, its own unacknowledged writes included.
    public var seen: VersionVector
    /// The range: above `after` (nil for the beginning), up to and including `through` (nil for the end).
    public var after: RecordID?
    public var through: RecordID?
    /// The first 16 bytes of each payload's nonce; the last 8 are its index in this request.
    public var nonce: [UInt8]
    public var items: [HealItem]

    public init(
        line: LineID, replica: ReplicaID, ancestry: Ancestry, acknowledged: UInt64, acknowledgedDigest: [UInt8],
        seen: VersionVector, after: RecordID?, through: RecordID?, nonce: [UInt8], items: [HealItem]
    ) {
        self.line = line
        self.replica = replica
        self.ancestry = ancestry
        self.acknowledged = acknowledged
        self.acknowledgedDigest = acknowledgedDigest
        self.seen = seen
        self.after = after
        self.through = through
        self.nonce = nonce
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

/// The answer to ``HealRequest``.
public struct HealResponse: Hashable, Sendable {
    public enum Outcome: UInt64, Sendable {
        case done = 0
        /// A stamp is too far ahead: correct the clock, re-stamp, begin anew.
        case clock = 2
    }
    public var outcome: Outcome
    public var serverTime: Int64

    public init(outcome: Outcome, serverTime: Int64) {
        self.outcome = outcome
        self.serverTime = serverTime
    }
}

extension HealRequest {
    private enum Key: UInt64 {
        case version = 0, line, replica, ancestry, acknowledged, acknowledgedDigest, seen, after, through, nonce, items
    }

    public func encoded() -> [UInt8] {
        var writer = CBORWriter()
        writer.map(11)
        func key(_ key: Key) { writer.unsigned(key.rawValue) }
        func optional(_ id: RecordID?) { if let id { writer.record(id) } else { writer.null() } }
        key(.version); writer.unsigned(SyncRequest.version)
        key(.line); writer.data(line.bytes)
        key(.replica); writer.replica(replica)
        key(.ancestry); writer.stamps(ancestry.parents)
        key(.acknowledged); writer.unsigned(acknowledged)
        key(.acknowledgedDigest); writer.data(acknowledgedDigest)
        key(.seen); writer.stamps(seen.sorted)
        key(.after); optional(after)
        key(.through); optional(through)
        key(.nonce); writer.data(nonce)
        key(.items); writer.array(items.count)
        for item in items {
            writer.array(4)
            writer.time(item.stamp.time)
            writer.replica(item.stamp.replica)
            writer.unsigned(item.index)
            writer.change(item.change)
        }
        return writer.bytes
    }

    public init(encoded bytes: [UInt8], limits: Limits = Limits()) throws(ProtocolError) {
        var reader = CBORReader(bytes)
        var version: UInt64?
        var line: LineID?
        var replica: ReplicaID?
        var nonce: [UInt8]?
        var request = HealRequest(
            line: LineID([UInt8](repeating: 0, count: 16))!, replica: .init(rawValue: 0), ancestry: Ancestry(),
            acknowledged: 0, acknowledgedDigest: [UInt8](repeating: 0, count: SealedCommit.digestBytes),
            seen: VersionVector(), after: nil, through: nil, nonce: [], items: [])
        try reader.map { key, reader throws(ProtocolError) in
            guard let key = Key(rawValue: key) else { return false }
            switch key {
            case .version:
                version = try reader.unsigned()
                if version != SyncRequest.version { throw ProtocolError(.version, offset: reader.offset) }
            case .line: line = LineID(try reader.data(exactly: 16))
            case .replica: replica = try reader.replica()
            case .ancestry: request.ancestry = Ancestry(try reader.stamps())
            case .acknowledged: request.acknowledged = try reader.unsigned()
            case .acknowledgedDigest:
                request.acknowledgedDigest = Array(try reader.data(exactly: SealedCommit.digestBytes))
            case .seen: request.seen = try reader.versionVector()
            case .after: request.after = try reader.takeNull() ? nil : try reader.record()
            case .through: request.through = try reader.takeNull() ? nil : try reader.record()
            case .nonce: nonce = Array(try reader.data(exactly: SealedCommit.nonceBytes))
            case .items:
                let count = try reader.array(limit: limits.requestBytes / 32, elementBytes: 27)
                for _ in 0..<count { request.items.append(try reader.healItem(limits: limits)) }
            }
            return true
        }
        try reader.finish()
        guard version != nil, let line, let replica, let nonce else {
            throw ProtocolError(.missing, offset: reader.offset)
        }
        request.line = line
        request.replica = replica
        request.nonce = nonce
        self = request
    }
}

extension CBORReader {
    fileprivate mutating func healItem(limits: Limits) throws(ProtocolError) -> HealItem {
        try array(exactly: 4)
        let time = try time()
        let stamp = Stamp(time: time, replica: try replica())
        let index = try unsigned()
        return HealItem(stamp: stamp, index: index, change: try change(limits: limits))
    }
}

extension HealResponse {
    public func encoded() -> [UInt8] {
        var writer = CBORWriter()
        writer.map(3)
        writer.unsigned(0); writer.unsigned(SyncRequest.version)
        writer.unsigned(1); writer.unsigned(outcome.rawValue)
        writer.unsigned(2); writer.integer(serverTime)
        return writer.bytes
    }

    public init(encoded bytes: [UInt8]) throws(ProtocolError) {
        var reader = CBORReader(bytes)
        var outcome: Outcome?
        var time: Int64?
        try reader.map { key, reader throws(ProtocolError) in
            switch key {
            case 0:
                if try reader.unsigned() != SyncRequest.version { throw ProtocolError(.version, offset: reader.offset) }
            case 1: outcome = Outcome(rawValue: try reader.unsigned())
            case 2: time = try reader.integer()
            default: return false
            }
            return true
        }
        try reader.finish()
        guard let outcome, let time else { throw ProtocolError(.missing, offset: reader.offset) }
        self.init(outcome: outcome, serverTime: time)
    }
}
