import Merge
import SyncProtocol

/// All that was ever said of writes, by whoever: what each names, together.
struct Claims {
    private(set) var entries: [Standing.Name: RecordState.Entry] = [:]
    /// Records of which a dot was said to name one thing and another. A dot names one change, and merging relies on it: who
    /// has seen which of the two depends on the order then, until a healing brings both to everybody.
    private(set) var doubtful: Set<RecordID> = []

    mutating func add(_ header: ChangeHeader, _ stamp: Stamp) {
        guard header.kind == .put else { return }
        let name = Standing.Name(record: header.record, dot: stamp.dot)
        let entry = header.entry(stamp)
        guard var known = entries[name] else {
            entries[name] = entry
            return
        }
        let shared = known.fields.intersection(entry.fields)
        if known.replaced.intersection(shared) != entry.replaced.intersection(shared) { doubtful.insert(header.record) }
        known.stamp.time = min(known.stamp.time, stamp.time)
        known.fields.formUnion(entry.fields)
        known.replaced.formUnion(entry.replaced)
        entries[name] = known
    }

    func hasDoubt(in range: RecordRange) -> Bool { doubtful.contains(where: range.contains) }
}
