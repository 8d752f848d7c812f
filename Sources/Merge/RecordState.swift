/// What stands in a record: its changes that are not replaced in at least one field, each with those fields and with what
/// it replaces there. A multi-value register per field, in one value; the same at server and replica.
///
/// In a field, a change *replaces* another if it names that one's dot and all that that one names there (an own dot among
/// the names is left out). That is a strict partial order, whatever anybody claims to have seen, and what stands are its
/// greatest elements: joining is commutative, associative and idempotent, so that the order in which changes arrive, and
/// how often, does not matter; and no change goes unless one that is here names it. A field's value is that of the greatest stamp that stands in it; more than one
/// is a conflict.
///
/// Invariants: entries in descending order of stamp, no dot twice, no mask empty, what an entry replaces is restricted to
/// the fields in which it stands. Equal states are therefore equal values, fit for hashing.
public struct RecordState: Hashable, Sendable {
    /// A change, as far as merging goes.
    public struct Entry: Hashable, Sendable {
        public var stamp: Stamp
        /// The fields in which it stands; of a change that is about to be joined, all that it sets.
        public var fields: FieldMask
        public var replaced: ReplacedDots

        /// An own dot among the names says nothing and is left out, so that two changes which name each other and
        /// themselves do not replace each other.
        public init(stamp: Stamp, fields: FieldMask, replaced: ReplacedDots = .none) {
            self.stamp = stamp
            self.fields = fields
            self.replaced = replaced.removing(stamp.dot)
        }

        /// - Parameter names: among which the own dot is not.
        private init(_ stamp: Stamp, _ fields: FieldMask, names: ReplacedDots) {
            self.stamp = stamp
            self.fields = fields
            replaced = names
        }

        /// The entry in some of its fields only.
        public func restricted(to kept: FieldMask) -> Entry {
            Entry(stamp, fields.intersection(kept), names: replaced.intersection(kept))
        }
    }

    public private(set) var entries: [Entry]

    public init() { entries = [] }

    /// A record that one change has made.
    public init(_ entry: Entry) { entries = entry.fields.isEmpty ? [] : [entry] }

    /// From entries that are in order, as stored ones are.
    init(sorted entries: [Entry]) { self.entries = entries }

    /// From what already stands side by side, in any order, such as a store's rows. What is said of one dot is taken
    /// together: the union of its fields, with the least of its times.
    public init(standing: some Sequence<Entry>) {
        var entries: [Entry] = []
        for entry in standing.filter({ !$0.fields.isEmpty }).sorted(by: { $0.stamp.dot < $1.stamp.dot }) {
            if let last = entries.indices.last, entries[last].stamp.dot == entry.stamp.dot {
                entries[last].stamp.time = min(entries[last].stamp.time, entry.stamp.time)
                entries[last].fields.formUnion(entry.fields)
                entries[last].replaced.formUnion(entry.replaced)
            } else {
                entries.append(entry)
            }
        }
        self.entries = entries.sorted { $0.stamp > $1.stamp }
    }

    public var isEmpty: Bool { entries.isEmpty }

    // MARK: Reading

    /// The fields in which anything stands.
    public var fields: FieldMask { entries.reduce(.empty) { $0.union($1.fields) } }

    /// Fields in which more than one change stands.
    public var contested: FieldMask {
        if entries.count < 2 { return .empty }
        var once = FieldMask.empty
        var twice = FieldMask.empty
        for entry in entries {
            twice.formUnion(once.intersection(entry.fields))
            once.formUnion(entry.fields)
        }
        return twice
    }

    /// The stamp whose value the field shows; nil if nothing stands there.
    public func winner(of field: Int) -> Stamp? { entries.first { $0.fields.contains(field) }?.stamp }

    /// The fields in which a dot's value is the one shown.
    public func fieldsWon(by dot: Dot) -> FieldMask {
        var taken = FieldMask.empty
        for entry in entries {
            if entry.stamp.dot == dot { return entry.fields.subtracting(taken) }
            taken.formUnion(entry.fields)
        }
        return .empty
    }

    /// The fields in which a dot stands.
    public func fields(of dot: Dot) -> FieldMask { entries.first { $0.stamp.dot == dot }?.fields ?? .empty }

    public func entry(of dot: Dot) -> Entry? { entries.first { $0.stamp.dot == dot } }

    /// What a write of these fields replaces, by whoever sees this state: what stands there, and all that it replaced.
    public func replaced(byWriting fields: FieldMask) -> ReplacedDots {
        var result = ReplacedDots()
        for entry in entries {
            let shared = entry.fields.intersection(fields)
            if shared.isEmpty { continue }
            result.insert(entry.stamp.dot, fields: shared)
            result.formUnion(entry.replaced.intersection(shared))
        }
        return result
    }

    // MARK: The rule

    /// Joins a change. Returns whether the state is another now.
    ///
    /// Of one dot with two times the lesser counts, on every side: a commit whose clock was corrected while its answer was
    /// lost may exist with both.
    ///
    /// Cost: one array, made anew where the state changes.
    @discardableResult
    public mutating func join(_ change: Entry) -> Bool {
        // All that is known of the dot counts together.
        var joined = change
        let known = entry(of: change.stamp.dot)
        if let known {
            joined.stamp.time = min(known.stamp.time, change.stamp.time)
            joined.fields.formUnion(known.fields)
            joined.replaced.formUnion(known.replaced)
            if joined == known { return false }
        }
        var standing: [Entry] = []
        standing.reserveCapacity(entries.count + 1)
        var replacedFields = FieldMask.empty
        var isChanged = false
        for entry in entries where entry.stamp.dot != change.stamp.dot {
            replacedFields.formUnion(entry.fieldsReplaced(of: joined))
            let gone = joined.fieldsReplaced(of: entry)
            if gone.isEmpty {
                standing.append(entry)
                continue
            }
            isChanged = true
            let rest = entry.restricted(to: entry.fields.subtracting(gone))
            if !rest.fields.isEmpty { standing.append(rest) }
        }
        joined = joined.restricted(to: joined.fields.subtracting(replacedFields))
        if let known {
            if joined == known, !isChanged { return false }
        } else if joined.fields.isEmpty, !isChanged {
            return false
        }
        if !joined.fields.isEmpty {
            let place = standing.firstIndex { $0.stamp < joined.stamp } ?? standing.endIndex
            standing.insert(joined, at: place)
        }
        entries = standing
        return true
    }

    public mutating func join(_ other: RecordState) {
        for entry in other.entries { join(entry) }
    }

    /// Gives a write another time, as a corrected clock does to writes that were not sent yet.
    public mutating func setTime(_ time: HybridTimestamp, of dot: Dot) {
        guard let place = entries.firstIndex(where: { $0.stamp.dot == dot }) else { return }
        entries[place].stamp.time = time
        entries.sort { $0.stamp > $1.stamp }
    }
}

extension RecordState.Entry {
    /// The fields in which this change replaces another: it names that one and all that that one names there.
    fileprivate func fieldsReplaced(of other: RecordState.Entry) -> FieldMask {
        if replaced.isEmpty { return .empty }
        var gone = replaced.fields(of: other.stamp.dot).intersection(other.fields)
        if gone.isEmpty || other.replaced.isEmpty { return gone }
        for named in other.replaced.elements where named.dot != other.stamp.dot {
            gone.subtract(named.fields.subtracting(replaced.fields(of: named.dot)))
            if gone.isEmpty { break }
        }
        return gone
    }
}
