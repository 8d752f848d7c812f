import Merge
import SQLite
import Support

/// Carries records from one merge state to the next: rows, siblings' values, parked values, fingerprint.
///
/// The only place that changes the collections' tables, for local writes and received changes alike.
final class RecordStore {
    let connection: Connection
    let schema: Schema
    let rows: RowStore
    let siblings: SiblingStore
    let parked: ParkedValues
    let hasher: ItemHasher

    init(connection: Connection, schema: Schema, hasher: ItemHasher) {
        self.connection = connection
        self.schema = schema
        self.hasher = hasher
        rows = RowStore(connection: connection, schema: schema)
        siblings = SiblingStore(connection: connection)
        parked = ParkedValues(connection: connection, schema: schema)
    }

    /// Whether the tables that are nearly always empty hold anything, looked up once per transaction.
    private(set) var hasTombstones = false
    private(set) var hasParked = false
    /// Whether something was erased in this transaction.
    private(set) var hasErased = false

    func begin() throws {
        hasErased = false
        hasTombstones = try connection.integer(Self.anyTombstone) == 1
        hasParked = try connection.integer(Self.anyParked) == 1
    }

    private static let anyTombstone = StatementText("SELECT EXISTS (SELECT 1 FROM lugn_tombstone)")
    private static let anyParked = StatementText("SELECT EXISTS (SELECT 1 FROM lugn_parked)")
    private static let tombstone = StatementText("SELECT 1 FROM lugn_tombstone WHERE id = ?")

    func noteParked() { hasParked = true }

    func isErased(_ id: RecordID) throws -> Bool {
        guard hasTombstones else { return false }
        return try connection.withStatement(Self.tombstone) { statement in
            try statement.bind(1, high: id.high, low: id.low)
            return try statement.step()
        }
    }

    // MARK: Records

    /// Adds a record nobody here knew; false if it is known.
    func insertRecord(
        _ collection: CollectionSchema, _ id: RecordID, parent: RecordID?, entry: StampVector.Entry,
        places: [ValuePlace], buffer: [UInt8], fingerprint: inout Fingerprint
    ) throws -> Bool {
        let columns = entry.fields.intersection(collection.fieldMask)
        guard
            try rows.insert(
                collection, id, parent: parent, fields: columns.intersection(mask(places)), places: places,
                buffer: buffer, stamp: entry)
        else { return false }
        fingerprint.add(hasher.record(id, collection: collection.number, entry: entry))
        return true
    }

    /// Carries a known record from `before` to `after`, where the write `entry` came in with its values.
    func transition(
        _ collection: CollectionSchema, _ id: RecordID, from before: StampVector, to after: StampVector,
        incoming entry: StampVector.Entry, places: [ValuePlace], buffer: [UInt8], fingerprint: inout Fingerprint
    ) throws {
        let shown = after.fieldsWon(by: entry.stamp).intersection(entry.fields)
        let contested = before.contested.union(after.contested).intersection(entry.fields)
        if !contested.isEmpty {
            for place in collection.fields where contested.contains(place.number) {
                let value = places.first { $0.field == place.number }
                try moveSiblings(collection, id, place, before, after, entry.stamp, value, buffer)
            }
        }
        try rows.update(
            collection, id, fields: shown.intersection(mask(places)), places: places, buffer: buffer, stamps: after)
        if hasParked { try parked.prune(id, after) }
        fingerprint.subtract(hasher.record(id, collection: collection.number, entries: before.entries))
        fingerprint.add(hasher.record(id, collection: collection.number, entries: after.entries))
    }

    /// In one contested field: puts every value where its stamp now belongs, the row's column or the siblings' table.
    private func moveSiblings(
        _ collection: CollectionSchema, _ id: RecordID, _ field: FieldDefinition, _ before: StampVector,
        _ after: StampVector, _ incoming: Stamp, _ value: ValuePlace?, _ buffer: [UInt8]
    ) throws {
        let old = before.siblings(of: field.number)
        let new = after.siblings(of: field.number)
        if new.first == incoming {
            // The shown value makes room. One that was never opened has no value in the column to keep.
            if let shown = old.first, shown != incoming, new.contains(shown), try isOpened(id, shown) {
                try siblings.keep(collection, id, field, as: shown)
            }
        } else {
            if let value, new.contains(incoming) {
                try siblings.insert(collection, id, incoming, value, buffer: buffer)
            }
            if let next = new.first, next != old.first {
                _ = try siblings.promote(collection, id, field, next)
            }
        }
        for stamp in old.dropFirst() where !new.contains(stamp) || (stamp == incoming && new.first == incoming) {
            try siblings.remove(id, field.number, stamp)
        }
    }

    private func isOpened(_ id: RecordID, _ stamp: Stamp) throws -> Bool {
        guard hasParked else { return true }
        return try !parked.isUnopened(id, stamp)
    }

    // MARK: Notes

    /// Adds a note; false if it is there already.
    func insertNote(
        _ collection: CollectionSchema, _ id: RecordID, parent: RecordID?, stamp: Stamp, fields: FieldMask,
        places: [ValuePlace], buffer: [UInt8], fingerprint: inout Fingerprint
    ) throws -> Bool {
        // A note has no registers; its stamp is kept to know which are not acknowledged yet. A mask must not be empty.
        let entry = StampVector.Entry(stamp: stamp, fields: FieldMask(field: 0))
        guard
            try rows.insert(
                collection, id, parent: parent, fields: fields.intersection(mask(places)), places: places,
                buffer: buffer, stamp: entry)
        else { return false }
        fingerprint.add(hasher.note(id, collection: collection.number))
        return true
    }

    // MARK: Erasure

    /// Erases a record or note and everything below it, whatever is known of it, and leaves a tombstone for it alone.
    /// Returns the ids that are gone; false in `isNew` if there was a tombstone already.
    func erase(
        collection number: UInt32, _ id: RecordID, fingerprint: inout Fingerprint
    ) throws -> (isNew: Bool, gone: [RecordID]) {
        if try isErased(id) { return (false, []) }
        var gone: [RecordID] = []
        try remove(number, id, &gone, &fingerprint)
        try eraseFromSetAside(Set(gone + [id]))
        try connection.withStatement("INSERT INTO lugn_tombstone (id, collection) VALUES (?, ?)") { statement in
            try statement.bind(1, high: id.high, low: id.low)
            try statement.bind(2, Int64(number))
            try statement.run()
        }
        hasTombstones = true
        hasErased = true
        fingerprint.add(hasher.tombstone(id))
        return (true, gone)
    }

    /// Takes a record and its descendants out of every table.
    func remove(_ number: UInt32, _ id: RecordID, _ gone: inout [RecordID], _ fingerprint: inout Fingerprint) throws {
        if let collection = schema.collection(number) {
            if try removeAlone(collection, id, &fingerprint) { gone.append(id) }
            for child in schema.children(of: number) {
                for childID in try rows.children(child, of: id) {
                    try remove(child.number, childID, &gone, &fingerprint)
                }
            }
        }
        if !gone.isEmpty, gone[0] != id { Marks.reach(.erasureOfSubtree) }
        for child in try parked.removeRecord(id, hasher: hasher, fingerprint: &fingerprint) {
            try remove(child.collection, child.id, &gone, &fingerprint)
        }
        if hasParked { try parked.removeValues(id) }
    }

    /// Takes a record out of its tables, and leaves what is below it; false if it is not there.
    func removeAlone(_ collection: CollectionSchema, _ id: RecordID, _ fingerprint: inout Fingerprint) throws -> Bool {
        guard let stamps = try rows.stamps(collection, id) else { return false }
        fingerprint.subtract(hash(collection, id, stamps))
        try rows.remove(collection, id)
        try siblings.removeAll(id)
        return true
    }

    func hash(_ collection: CollectionSchema, _ id: RecordID, _ stamps: StampVector) -> UInt128 {
        switch collection.kind {
        case .records: hasher.record(id, collection: collection.number, entries: stamps.entries)
        case .notes: hasher.note(id, collection: collection.number)
        }
    }

    private func mask(_ places: [ValuePlace]) -> FieldMask {
        var mask = FieldMask.empty
        for place in places { mask.insert(place.field) }
        return mask
    }
}

extension StampVector {
    /// The siblings of a field, greatest first.
    func siblings(of field: Int) -> [Stamp] {
        entries.compactMap { $0.fields.contains(field) ? $0.stamp : nil }
    }
}
