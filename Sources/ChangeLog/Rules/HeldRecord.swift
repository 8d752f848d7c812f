import Merge
import Sealing
import SyncProtocol

/// What a line holds of one record: its puts, or its note. Erasures are no part of it (``WorkingSet``).
///
/// Several changes of one dot may be held: a replica that heals seals again only the fields in which a write stands there,
/// and a commit may exist with two times. Together they are one entry of the record's state, in the union of their fields and
/// with the least of their times.
struct HeldRecord: Sendable {
    private(set) var changes: [HeldChange]
    /// What stood before ``join(_:stamp:)`` and stands in fewer fields now. Taken by whoever writes it down.
    private(set) var reduced: [HeldChange] = []

    init(_ changes: [HeldChange] = []) { self.changes = changes }

    var isEmpty: Bool { changes.isEmpty }
    /// The header that every change of this record has to agree with.
    var header: ChangeHeader? { changes.first?.header }

    /// What stands, of all changes together.
    var state: RecordState {
        if changes.count == 1 { return RecordState(changes[0].entry) }
        return RecordState(standing: changes.map(\.entry))
    }

    /// What it adds to a sum; nil if nothing is held.
    var hash: UInt128? {
        guard let first = changes.first else { return nil }
        let (id, collection) = (first.header.record, first.header.collection)
        if first.header.kind == .add { return ItemHasher.standard.note(id, collection: collection) }
        if changes.count == 1 { return ItemHasher.standard.record(id, collection: collection, entry: first.entry) }
        return ItemHasher.standard.record(id, collection: collection, entries: state.entries)
    }

    /// Whether a change could have been written of this record: the kind, the collection and what stands above never change.
    func isConsistent(with header: ChangeHeader) -> Bool {
        guard header.kind != .erase, let known = self.header else { return true }
        return known.isOfSameRecord(as: header)
    }

    /// Joins a put, or the first note. Returns the fields in which it is to be kept; none: it adds nothing.
    ///
    /// Of two changes of one dot, the one with the lesser time holds a field, unless the other names something there that
    /// it does not: then both do.
    mutating func join(_ header: ChangeHeader, stamp: Stamp) -> FieldMask? {
        reduced.removeAll(keepingCapacity: true)
        if header.kind == .add { return changes.isEmpty ? header.fields : nil }
        if changes.isEmpty { return header.fields }
        var after = state
        after.join(header.entry(stamp))
        var kept = after.fields(of: stamp.dot).intersection(header.fields)
        for index in changes.indices {
            let held = changes[index]
            if held.stamp.dot == stamp.dot {
                let shared = held.live.intersection(kept)
                if shared.isEmpty { continue }
                if stamp.time < held.stamp.time {
                    let covered = held.header.replaced.fields(in: shared, coveredBy: header.replaced)
                    reduce(index, to: held.live.subtracting(covered))
                } else {
                    kept.subtract(header.replaced.fields(in: shared, coveredBy: held.header.replaced))
                }
            } else {
                reduce(index, to: held.live.intersection(after.fields(of: held.stamp.dot)))
            }
        }
        changes.removeAll { $0.live.isEmpty }
        return kept.isEmpty ? nil : kept
    }

    mutating func append(_ change: HeldChange) { changes.append(change) }

    /// The changes of a dot that have a lesser time than it was sent with.
    func changes(of dot: Dot, before time: HybridTimestamp) -> [HeldChange] {
        changes.filter { $0.stamp.dot == dot && $0.stamp.time < time }
    }

    mutating func move(_ place: ChangePlace, to other: ChangePlace) {
        guard let index = changes.firstIndex(where: { $0.place == place }) else { return }
        changes[index].place = other
    }

    private mutating func reduce(_ index: Int, to live: FieldMask) {
        if changes[index].live == live { return }
        changes[index].live = live
        reduced.append(changes[index])
    }
}

extension ItemHasher {
    static let standard = ItemHasher(Blake2b.hash128)
}

extension ReplacedDots {
    /// Those of some fields in which another list names all that this one names.
    fileprivate func fields(in fields: FieldMask, coveredBy other: ReplacedDots) -> FieldMask {
        var covered = fields
        if self == other { return covered }
        for element in elements { covered.subtract(element.fields.subtracting(other.fields(of: element.dot))) }
        return covered
    }
}
