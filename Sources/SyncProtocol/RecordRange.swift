public import Merge

/// A range of record ids: above `after` (nil: from the first on), up to and including `through` (nil: to the last).
public struct RecordRange: Hashable, Sendable {
    public var after: RecordID?
    public var through: RecordID?

    public init(after: RecordID? = nil, through: RecordID? = nil) {
        self.after = after
        self.through = through
    }

    public static let all = RecordRange()

    public func contains(_ id: RecordID) -> Bool {
        if let after, id <= after { return false }
        if let through, id > through { return false }
        return true
    }
}

extension Collection<RecordRange> {
    /// Whether no id is in two of them.
    public var areDisjoint: Bool {
        // A range without a beginning is before all others, one without an end behind them.
        let ordered = sorted { left, right in
            guard let start = right.after else { return false }
            return left.after.map { $0 < start } ?? true
        }
        return zip(ordered, ordered.dropFirst()).allSatisfy { left, right in
            guard let end = left.through, let start = right.after else { return false }
            return end <= start
        }
    }
}

/// What a range holds, in sum: equal sums on two sides mean the same writes, with certainty for all purposes.
public struct RangeSum: Hashable, Sendable {
    public var fingerprint: Fingerprint
    /// Records, notes and tombstones.
    public var count: UInt64

    public init(fingerprint: Fingerprint = Fingerprint(), count: UInt64 = 0) {
        self.fingerprint = fingerprint
        self.count = count
    }

    public mutating func add(_ hash: UInt128) {
        fingerprint.add(hash)
        count += 1
    }
}

extension CBORWriter {
    mutating func range(_ range: RecordRange) {
        if let after = range.after { record(after) } else { null() }
        if let through = range.through { record(through) } else { null() }
    }
}

extension CBORReader {
    mutating func range() throws(ProtocolError) -> RecordRange {
        let start = offset
        let after: RecordID? = try takeNull() ? nil : try record()
        let through: RecordID? = try takeNull() ? nil : try record()
        if let after, let through, after >= through { throw ProtocolError(.invalidValue, offset: start) }
        return RecordRange(after: after, through: through)
    }
}
