/// What stands in a record: its writes that are siblings in at least one field, each with those fields.
///
/// This one value is the record's state for merging, on both sides: a server's live changes of the record
/// are its entries, and so are the stamps of a replica's row. A field's siblings are the entries whose
/// mask holds it; its value is that of the greatest.
///
/// Invariants: entries stand in descending order of stamp, no stamp twice, no mask empty. Equal state has
/// therefore equal entries, which makes the form canonical and fit for hashing.
public struct StampVector: Hashable, Sendable {
    public struct Entry: Hashable, Sendable {
        public var stamp: Stamp
        public var fields: FieldMask
        @inlinable public init(stamp: Stamp, fields: FieldMask) {
            self.stamp = stamp
            self.fields = fields
        }
    }

    public private(set) var entries: [Entry]

    public init() { entries = [] }
    public init(stamp: Stamp, fields: FieldMask) {
        entries = fields.isEmpty ? [] : [Entry(stamp: stamp, fields: fields)]
    }

    /// From entries in any order, as untrusted input may give them; nil if a stamp stands twice or a mask is empty.
    public init?(unsorted: [Entry]) {
        entries = unsorted.sorted { $0.stamp > $1.stamp }
        for (index, entry) in entries.enumerated() {
            if entry.fields.isEmpty { return nil }
            if index > 0, entries[index - 1].stamp == entry.stamp { return nil }
        }
    }

    /// All fields that anybody ever wrote.
    public var fields: FieldMask { entries.reduce(.empty) { $0.union($1.fields) } }

    /// Fields with more than one sibling.
    public var contested: FieldMask {
        var once = FieldMask.empty
        var twice = FieldMask.empty
        for entry in entries {
            twice.formUnion(once.intersection(entry.fields))
            once.formUnion(entry.fields)
        }
        return twice
    }

    /// The stamp whose value the field has; nil if nobody wrote it.
    public func winner(of field: Int) -> Stamp? { entries.first { $0.fields.contains(field) }?.stamp }

    /// The fields in which a stamp's value is the one shown.
    public func fieldsWon(by stamp: Stamp) -> FieldMask {
        var taken = FieldMask.empty
        for entry in entries {
            if entry.stamp == stamp { return entry.fields.subtracting(taken) }
            taken.formUnion(entry.fields)
        }
        return .empty
    }

    public func fields(of stamp: Stamp) -> FieldMask {
        entries.first { $0.stamp == stamp }?.fields ?? .empty
    }

    // MARK: The three rules

    /// A write enters, where it is known what it had seen: what it saw, it replaces; what it did not, stays beside it.
    ///
    /// This is the rule of the server for an accepted change and of a replica for its own.
    public mutating func write(stamp: Stamp, fields: FieldMask, seen: (Stamp) -> Bool) {
        update(fields: fields) { seen($0.stamp) ? .empty : $0.fields }
        insert(Entry(stamp: stamp, fields: fields))
    }

    /// A live change arrives from the log, with the other siblings that the server holds beside it.
    ///
    /// In the change's fields what stands afterwards is the change, those siblings as far as they are here, and
    /// the writes of this replica that the server has not acknowledged. In fields where an unacknowledged write
    /// has itself seen the change (`seenByPending`), nothing changes: the server will say the same once it has it.
    ///
    /// Returns the fields in which the change was taken. Idempotent.
    @discardableResult
    public mutating func receive(
        stamp: Stamp, fields: FieldMask, siblings: [Entry], isPending: (Stamp) -> Bool,
        seenByPending: FieldMask = .empty
    ) -> FieldMask {
        let taken = fields.subtracting(seenByPending)
        if taken.isEmpty { return taken }
        update(fields: taken) { entry in
            if entry.stamp == stamp || isPending(entry.stamp) { return entry.fields }
            return siblings.first { $0.stamp == entry.stamp }?.fields ?? .empty
        }
        insert(Entry(stamp: stamp, fields: taken))
        return taken
    }

    /// Joins the state of another side, where each side has a version vector of the writes that it has seen.
    ///
    /// A sibling that both hold stays. One that only one side holds stays unless the other has seen it, and holds
    /// something in its place: then it was replaced there. A field in which a side holds nothing has been lost there,
    /// whatever the side has seen; and where by this rule nothing of what both hold would stand, since something was lost
    /// on both, the greatest does. Commutative and idempotent; associative where nothing was lost.
    public func joined(
        with other: StampVector, seen: VersionVector, otherSeen: VersionVector
    ) -> StampVector {
        var result = StampVector()
        for entry in entries { result.insert(entry.standing(beside: other, seen: otherSeen)) }
        for entry in other.entries { result.insert(entry.standing(beside: self, seen: seen)) }
        let lost = heldFields.intersection(other.heldFields).subtracting(result.heldFields)
        if !lost.isEmpty { result.keepGreatest(of: entries + other.entries, in: lost) }
        return result
    }

    /// Gives writes new stamps: those of unacknowledged commits after a fork or a corrected clock.
    public mutating func restamp(_ newStamp: (Stamp) -> Stamp?) {
        for index in entries.indices {
            if let stamp = newStamp(entries[index].stamp) { entries[index].stamp = stamp }
        }
        entries.sort { $0.stamp > $1.stamp }
    }

    // MARK: Helpers

    /// The fields in which anything stands.
    fileprivate var heldFields: FieldMask { entries.reduce(.empty) { $0.union($1.fields) } }

    private mutating func keepGreatest(of candidates: [Entry], in fields: FieldMask) {
        var rest = fields
        for entry in candidates.sorted(by: { $0.stamp > $1.stamp }) {
            let kept = entry.fields.intersection(rest)
            insert(Entry(stamp: entry.stamp, fields: kept))
            rest = rest.subtracting(kept)
        }
    }

    /// Keeps, of each entry's share of `fields`, what `keep` gives.
    private mutating func update(fields: FieldMask, keep: (Entry) -> FieldMask) {
        var hasEmpty = false
        for index in entries.indices {
            let entry = entries[index]
            let touched = entry.fields.intersection(fields)
            if touched.isEmpty { continue }
            entries[index].fields = entry.fields.subtracting(fields).union(touched.intersection(keep(entry)))
            if entries[index].fields.isEmpty { hasEmpty = true }
        }
        if hasEmpty { entries.removeAll { $0.fields.isEmpty } }
    }

    /// For readers of the stored form, which have checked the order.
    mutating func appendSorted(_ entry: Entry) { entries.append(entry) }

    private mutating func insert(_ entry: Entry) {
        if entry.fields.isEmpty { return }
        if let index = entries.firstIndex(where: { $0.stamp <= entry.stamp }) {
            if entries[index].stamp == entry.stamp {
                entries[index].fields.formUnion(entry.fields)
            } else {
                entries.insert(entry, at: index)
            }
        } else {
            entries.append(entry)
        }
    }
}

extension StampVector {
    /// Takes a write out altogether, as if it had never been: one that no other side will ever have.
    public mutating func withdraw(_ stamp: Stamp) {
        self = entries.reduce(into: StampVector()) { result, entry in
            if entry.stamp != stamp { result.appendSorted(entry) }
        }
    }
}

extension StampVector.Entry {
    /// What of this write stands where another side holds `other` and has seen `seen`.
    fileprivate func standing(beside other: StampVector, seen: VersionVector) -> StampVector.Entry {
        guard seen.contains(stamp) else { return self }
        let both = fields.intersection(other.fields(of: stamp))
        return StampVector.Entry(stamp: stamp, fields: both.union(fields.subtracting(other.heldFields)))
    }
}
