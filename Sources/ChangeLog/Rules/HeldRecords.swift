import Merge

/// What a line holds of the records that a request touches, in order of id.
///
/// A request mostly goes through its records in ascending order, so that the next one stands beside the one before: nothing
/// is hashed, and nothing grows.
struct HeldRecords: Sendable {
    private var ids: [RecordID]
    /// Of each id; empty where nothing is held.
    private var records: [HeldRecord]
    /// Where the latest one was found.
    private var latest = 0

    /// Nothing is held of any of them yet. They are in ascending order, each once.
    init(ascending ids: [RecordID] = []) {
        self.ids = ids
        records = Array(repeating: HeldRecord(), count: ids.count)
    }

    /// Nil where nothing is held.
    subscript(id: RecordID) -> HeldRecord? {
        let place = place(of: id)
        guard place < ids.count, ids[place] == id, !records[place].isEmpty else { return nil }
        return records[place]
    }

    /// Those of which something is held, in ascending order.
    var all: [(id: RecordID, record: HeldRecord)] {
        zip(ids, records).filter { !$0.1.isEmpty }.map { (id: $0.0, record: $0.1) }
    }

    /// Takes a record out, to be put back changed; an empty one where nothing is held. It is the only copy.
    mutating func take(_ id: RecordID) -> HeldRecord {
        let place = place(of: id)
        guard place < ids.count, ids[place] == id else { return HeldRecord() }
        latest = place
        var record = HeldRecord()
        swap(&record, &records[place])
        return record
    }

    mutating func put(_ record: HeldRecord, for id: RecordID) {
        let place = place(of: id)
        if place < ids.count, ids[place] == id {
            records[place] = record
        } else if !record.isEmpty {
            ids.insert(id, at: place)
            records.insert(record, at: place)
        }
        latest = place
    }

    /// Where an id stands, or would. Looked for from the latest one on, in steps that double, then in halves.
    private func place(of id: RecordID) -> Int {
        var low = 0
        var high = ids.count
        if latest < high {
            if ids[latest] < id {
                low = latest + 1
                var step = 1
                while low + step < high, ids[low + step - 1] < id {
                    low += step
                    step *= 2
                }
                high = min(high, low + step)
            } else {
                high = latest + 1
                if ids[latest] == id { return latest }
            }
        }
        while low < high {
            let middle = (low + high) / 2
            if ids[middle] < id { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
