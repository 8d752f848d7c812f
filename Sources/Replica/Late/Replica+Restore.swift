public import Merge
import SQLite
import Sealing
import SyncProtocol
import Trust

extension Replica {
    /// What is held of a late erasure, as it was shown, by record; those above come first.
    public func heldValues(
        _ root: RecordID
    ) throws -> [(collection: CollectionSchema, values: [(field: FieldDefinition, value: Value)])] {
        try mappingErrors {
            try readers.read { connection in
                try LateChanges(connection: connection).held(root: root, limits).compactMap { _, changes in
                    guard let number = changes.first?.header.collection, let collection = schema.collection(number)
                    else {
                        return nil
                    }
                    return (collection, try PlainChange.shown(changes, collection, limits))
                }
            }
        }
    }

    /// Writes what a late erasure took away anew, under other ids, since an erased one never comes back; what pointed from one of
    /// the records to another does so again. The ids follow from those before and a key, so that workstations that both do this write
    /// the same records, and others see that it is done.
    ///
    /// - Returns: the new id of each record.
    ///
    /// Errors: `recordMissing` where nothing is held here, as at a workstation that never had it; `parentMissing` where what it was
    /// below is gone.
    @discardableResult
    public func restoreHeld(_ root: RecordID) throws -> [RecordID: RecordID] {
        let held = try mappingErrors {
            try readers.read { try LateChanges(connection: $0).held(root: root, limits) }
        }
        guard !held.isEmpty else {
            throw ReplicaError(
                .recordMissing,
                "nothing that this erasure took away is held here; nothing was changed: another workstation may have it"
            )
        }
        guard let key = try restoringKey(root) else {
            throw ReplicaError(.waitsForKey, "the key that followed is not here; nothing was changed: sync first")
        }
        let ids = try write { tx in
            var ids: [RecordID: RecordID] = [:]
            for (record, changes) in held {
                guard let header = changes.first?.header, let collection = schema.collection(header.collection) else {
                    continue
                }
                let id = record.restored(by: key)
                ids[record] = id
                if try tx.isErased(id) || tx.snapshot.exists(collection, id) { continue }
                let values = try PlainChange.shown(changes, collection, limits).map { field, value in
                    if case .reference(let id) = value, let new = ids[id] { return (field, Value.reference(new)) }
                    return (field, value)
                }
                let parent = header.parent.map { ids[$0] ?? $0 }
                func fill(_ row: inout RowWriter) {
                    for (field, value) in values where value != .null { row.set(field, value) }
                }
                if collection.kind == .notes {
                    try tx.add(collection, id: id, parent: parent, fill)
                } else {
                    try tx.insert(collection, id: id, parent: parent, fill)
                }
            }
            return ids
        }
        try session { session in
            try session.store.late.destroy(root: root)
            for mark in try session.store.late.marks() where mark.record == root {
                try session.store.late.removeMark(mark.record, mark.dot)
            }
            session.store.noteDestroyed()
        }
        return ids
    }
}

extension Replica {
    private func restoringKey(_ root: RecordID) throws -> [UInt8]? {
        try mappingErrors {
            try readers.read { connection in
                let marks = try LateChanges(connection: connection).marks()
                guard let mark = marks.first(where: { $0.record == root && $0.kind == .erase }) else { return nil }
                return try members.membership(connection, Link(connection))?.keyring?.restoringKey(after: mark.epoch)
            }
        }
    }
}

extension RecordID {
    /// Under which a record is written anew after a late erasure: of the same moment.
    func restored(by key: [UInt8]) -> RecordID {
        var bytes = Array("lugn restored 2".utf8)
        for shift in stride(from: 56, through: 0, by: -8) { bytes.append(UInt8(truncatingIfNeeded: high >> shift)) }
        for shift in stride(from: 56, through: 0, by: -8) { bytes.append(UInt8(truncatingIfNeeded: low >> shift)) }
        let hash = Blake2b.hash(bytes, count: 32, key: key)
        func word(_ start: Int) -> UInt64 { hash[start..<start + 8].reduce(0) { $0 << 8 | UInt64($1) } }
        return RecordID(milliseconds: Int64(high >> 16), randomHigh: word(0), randomLow: word(8))
    }
}

extension Snapshot {
    /// Whether a record is in its table.
    borrowing func exists(_ collection: CollectionSchema, _ id: RecordID) throws -> Bool {
        try !query("SELECT 1 FROM \(collection.name) WHERE id = ?", [.reference(id)]) { _ in true }.isEmpty
    }
}
