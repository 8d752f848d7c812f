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
        var records: [RecordID: HeldRecord] = [:]
        var looked: Set<RecordID> = []
        func look(_ id: RecordID) throws {
            guard looked.insert(id).inserted else { return }
            let record = try changes.held(id)
            if !record.isEmpty { records[id] = record }
        }
        var above: Set<RecordID> = []
        for header in headers {
            try look(header.record)
            if try erasures.mayHoldTombstones(connection) {
                above.insert(header.record)
                above.formUnion(header.path)
            }
            guard header.kind == .erase else { continue }
            for id in try changes.records(directlyBelow: header.record) + paths.records(below: header.record) {
                try look(id)
            }
        }
        for id in others {
            try look(id)
            if try erasures.mayHoldTombstones(connection) { above.insert(id) }
        }
        let (erased, lost) = try erasedOnes(of: above)
        return WorkingSet(line: state, records: records, tombstones: erased, lostErasures: lost)
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
