import Merge
import SQLite
import SyncProtocol

/// Reads a ``WorkingSet`` and carries out what was decided over it.
struct WorkingSetStore {
    let connection: Connection
    let line: Int64
    let erasures: ErasureFlag

    private var changes: ChangeTable { ChangeTable(connection: connection, line: line) }
    private var tombstones: TombstoneTable { TombstoneTable(connection: connection, line: line) }
    private var paths: PathTable { PathTable(connection: connection, line: line) }

    // MARK: Reading

    /// What changes with these headers touch: their records, what was erased of these and of what stands above them, and
    /// all that stands below what they erase.
    func read(_ headers: some Sequence<ChangeHeader>, others: [RecordID] = [], _ state: LineState) throws -> WorkingSet
    {
        var ids: [RecordID] = []
        ids.reserveCapacity(headers.underestimatedCount + others.count)
        var above: Set<RecordID> = []
        let mayBeErased = try erasures.mayHoldTombstones(connection)
        for header in headers {
            ids.append(header.record)
            if mayBeErased {
                above.insert(header.record)
                above.formUnion(header.path)
            }
            guard header.kind == .erase else { continue }
            ids += try changes.records(directlyBelow: header.record)
            ids += try paths.records(below: header.record)
        }
        ids += others
        if mayBeErased { above.formUnion(others) }
        let (erased, lost) = try erasedOnes(of: above)
        return WorkingSet(
            line: state, records: try changes.held(ids.ascending()), tombstones: erased, lostErasures: lost)
    }

    private func erasedOnes(of ids: Set<RecordID>) throws -> (erased: Set<RecordID>, lost: Set<RecordID>) {
        var erased: Set<RecordID> = []
        var lost: Set<RecordID> = []
        for id in ids {
            switch try tombstones.standing(of: id) {
            case .none: continue
            case .erased: erased.insert(id)
            case .lost: lost.insert(id)
            }
        }
        return (erased, lost)
    }

    // MARK: Writing

    /// Carries out what was decided since it was last asked for.
    func write(_ set: inout WorkingSet) throws {
        for write in set.takeWrites() { try run(write) }
        if set.hasErased { erasures.isSet = true }
    }

    private func run(_ write: StoreWrite) throws {
        switch write {
        case .log(let entry): try LogTable(connection: connection, line: line).insert(entry)
        case .insert(let change): try changes.insert(change)
        case .stand(let place, let live): try changes.stand(place, in: live)
        case .remove(let place): try changes.delete(place)
        case .move(let place, let other): try changes.move(place, to: other)
        case .tombstone(let record, let place):
            erasures.noteTombstone()
            try tombstones.insert(record, place: place)
        case .path(let record, let ancestors): try paths.insert(record, ancestors: ancestors)
        case .dropPath(let record, let ancestors): try paths.delete(record, ancestors: ancestors)
        case .lease(let lease, let replica):
            try LeaseTable(connection: connection, line: line).insert(lease, replica: replica)
        }
    }
}

extension [RecordID] {
    /// Each once, in ascending order; mostly they are.
    fileprivate func ascending() -> [RecordID] {
        if zip(self, dropFirst()).allSatisfy({ $0 < $1 }) { return self }
        var result: [RecordID] = []
        result.reserveCapacity(count)
        for id in sorted() where result.last != id { result.append(id) }
        return result
    }
}
