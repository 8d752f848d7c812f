import Merge
import SyncProtocol

/// The server's side of a healing, record by record, over a ``WorkingSet``: joins what a replica holds with what the line
/// holds. What is taken is handed out under new positions, to everybody.
struct HealRules {
    var set: WorkingSet
    let nonce: [UInt8]
    /// No healing lifts the line's highest time above this: a time from nowhere must not open the bound for others.
    let latestTime: HybridTimestamp

    init(_ set: WorkingSet, nonce: [UInt8], bound: ClockBound, now: Int64) {
        self.set = set
        self.nonce = nonce
        latestTime = bound.latestAccepted(nowMilliseconds: now, highestAccepted: .zero)
    }

    /// Takes what is offered of one record. Returns whether the replica holds what the line now holds of it.
    mutating func join(_ id: RecordID, _ items: [HealItem]) -> Bool {
        for item in items where isPlausible(item) {
            var carrier = Carrier(stamp: item.stamp, nonce: nonce)
            guard set.join(item.change, index: 0, nonceIndex: item.index, by: &carrier) else { continue }
            if item.change.header.kind != .erase {
                set.line.highestTime = max(set.line.highestTime, min(item.stamp.time, latestTime))
            }
        }
        return isHeld(id, items)
    }

    /// A time from the year 2200 on comes from a clock that nobody follows; an erasure's does not matter.
    private func isPlausible(_ item: HealItem) -> Bool {
        item.change.header.kind == .erase || item.stamp.time < .implausible
    }

    private func isHeld(_ id: RecordID, _ items: [HealItem]) -> Bool {
        if set.holdsErasure(of: id) { return items.contains { $0.change.header.kind == .erase } }
        guard let record = set.records[id], let header = record.header else { return true }
        // What is said of another parent or collection was not taken, whatever its stamp and fields.
        guard !items.isEmpty, items.allSatisfy({ $0.change.header.isOfSameRecord(as: header) }) else { return false }
        return header.kind == .add || record.state.standing == RecordState(joining: items).standing
    }
}

extension RecordState {
    fileprivate init(joining items: [HealItem]) {
        self.init()
        for item in items { join(item.change.header.entry(item.stamp)) }
    }

    /// Who stands where; what it replaces follows from the dot.
    fileprivate var standing: [Stamp: FieldMask] {
        Dictionary(entries.map { ($0.stamp, $0.fields) }) { $0.union($1) }
    }
}
