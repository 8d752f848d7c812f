import Merge
import SQLite
import Support
import SyncProtocol

/// Carries records from one merge state to the next: rows, siblings' values, parked values, and the sum over them all.
///
/// The only place that changes the collections' tables, for local writes and received changes alike. The tables show what
/// the server holds joined with what waits in the outbox; what a waiting write hides is kept beside it.
final class RecordStore {
    let connection: Connection
    let schema: Schema
    let limits: Limits
    let hasher: ItemHasher
    let rows: RowStore
    let siblings: SiblingStore
    let parked: ParkedValues
    let claims: Claims
    let tombstones: Tombstones
    let outbox: Outbox
    let setAside: SetAside
    let late: LateChanges

    /// The sum over what the server should hold once everything is sent; taken from the state, and put back there.
    var sum = Fingerprint()
    /// Whether the tables that are mostly empty hold anything, looked up once per transaction.
    private(set) var hasTombstones = false
    private(set) var hasParked = false
    private(set) var hasClaims = false
    private(set) var hasPending = false
    private(set) var hasSetAside = false
    private(set) var hasLate = false
    /// What was erased in this transaction.
    private(set) var erased: Set<RecordID> = []
    /// What was held of an erasure was destroyed in this transaction.
    private var hasDestroyed = false
    private var pendingNumbers: [Dot: UInt64]?

    init(connection: Connection, schema: Schema, limits: Limits, hasher: ItemHasher) {
        self.connection = connection
        self.schema = schema
        self.limits = limits
        self.hasher = hasher
        rows = RowStore(connection: connection, schema: schema)
        siblings = SiblingStore(connection: connection)
        parked = ParkedValues(connection: connection)
        claims = Claims(connection: connection)
        tombstones = Tombstones(connection: connection)
        outbox = Outbox(connection: connection)
        setAside = SetAside(connection: connection)
        late = LateChanges(connection: connection)
    }

    func begin(_ state: ReplicaState) throws {
        sum = state.fingerprint
        erased = []
        pendingNumbers = nil
        hasTombstones = try !tombstones.isEmpty()
        hasParked = try !parked.isEmpty()
        hasClaims = try !claims.isEmpty()
        hasPending = try !outbox.isEmpty()
        hasSetAside = try !setAside.isEmpty()
        hasLate = try !late.isEmpty()
        hasDestroyed = false
    }

    var hasErased: Bool { !erased.isEmpty || hasDestroyed }

    func noteParked() { hasParked = true }
    func noteClaims() { hasClaims = true }
    func noteSetAside() { hasSetAside = true }
    func noteLate() { hasLate = true }
    func noteDestroyed() { hasDestroyed = true }

    /// The commit of the outbox that a dot names; nil if none does.
    func pendingNumber(_ dot: Dot) throws -> UInt64? {
        guard hasPending else { return nil }
        if pendingNumbers == nil { pendingNumbers = try outbox.numbers() }
        return pendingNumbers?[dot]
    }

    /// Commits left the outbox or were given other numbers.
    func outboxHasChanged() throws {
        pendingNumbers = nil
        hasPending = try !outbox.isEmpty()
    }

    func isErased(_ id: RecordID) throws -> Bool { try hasTombstones && tombstones.contains(id) }

    /// Whether a record, or anything above it, was erased.
    func isErased(_ header: ChangeHeader) throws -> Bool {
        guard hasTombstones else { return false }
        if try tombstones.contains(header.record) { return true }
        for id in header.path where try tombstones.contains(id) { return true }
        return false
    }

    // MARK: The sum

    /// Takes a record's new share of the sum for its old one; one whose share is the server's claim has neither.
    func account(_ id: RecordID, from old: UInt128, to new: UInt128) throws {
        if hasClaims, try claims.claim(id) != nil { return }
        sum.subtract(old)
        sum.add(new)
    }

    func hash(_ collection: CollectionSchema, _ id: RecordID, _ state: RecordState) -> UInt128 {
        if state.isEmpty { return 0 }
        switch collection.kind {
        case .records: return hasher.record(id, collection: collection.number, entries: state.entries)
        case .notes: return hasher.note(id, collection: collection.number)
        }
    }

    /// Computes the sum anew from the tables, which somebody else may have changed; values that stand nowhere go.
    func addUpAnew() throws {
        try siblings.removeStrays { place in
            guard let collection = schema.collection(place.collection) else { return true }
            return try rows.state(collection, place.record)?.fields(of: place.dot).contains(place.field) ?? false
        }
        sum = try RangeWalk(self).sum()
    }

    // MARK: Records

    /// Adds a record nobody here knew; false if it is known.
    func insertRecord(
        _ collection: CollectionSchema, _ id: RecordID, above: Above, entry: RecordState.Entry, places: [ValuePlace],
        buffer: [UInt8]
    ) throws -> Bool {
        let columns = entry.fields.intersection(collection.fieldMask)
        guard
            try rows.insert(
                collection, id, above: above, fields: columns.intersection(mask(places)), places: places,
                buffer: buffer, entry: entry)
        else { return false }
        let hash = hasher.record(id, collection: collection.number, entry: entry)
        if hasClaims { try account(id, from: 0, to: hash) } else { sum.add(hash) }
        return true
    }

    /// Carries a known record from `before` to `after`, where the write `dot` came in with values for some fields.
    func transition(
        _ collection: CollectionSchema, _ id: RecordID, from before: RecordState, to after: RecordState, dot: Dot,
        fields: FieldMask, places: [ValuePlace], buffer: [UInt8]
    ) throws {
        let shown = after.fieldsWon(by: dot).intersection(fields)
        let contested = before.contested.union(after.contested).intersection(fields)
        if !contested.isEmpty {
            for field in collection.fields where contested.contains(field.number) {
                let value = places.first { $0.field == field.number }
                try moveSiblings(collection, id, field, before, after, dot, value, buffer)
            }
        }
        try rows.update(
            collection, id, fields: shown.intersection(mask(places)), places: places, buffer: buffer, state: after)
        if hasParked { try parked.prune(id, after) }
        try account(id, from: hash(collection, id, before), to: hash(collection, id, after))
    }

    /// In one contested field: puts every value where its write now belongs, the row's column or the siblings' table.
    private func moveSiblings(
        _ collection: CollectionSchema, _ id: RecordID, _ field: FieldDefinition, _ before: RecordState,
        _ after: RecordState, _ incoming: Dot, _ value: ValuePlace?, _ buffer: [UInt8]
    ) throws {
        let old = before.dots(in: field.number)
        let new = after.dots(in: field.number)
        if new.count > 2 { Marks.reach(.conflictOfThree) }
        if new.first == incoming {
            // The shown value makes room.
            if let shown = old.first, shown != incoming, new.contains(shown) {
                try siblings.keep(collection, id, field, as: shown)
            }
        } else {
            if let value, new.contains(incoming) {
                try siblings.insert(collection, id, incoming, value, buffer: buffer)
            }
            if let next = new.first, next != old.first {
                if let shown = old.first, shown != incoming, new.contains(shown) {
                    try siblings.keep(collection, id, field, as: shown)
                }
                try siblings.promote(collection, id, field, next)
            }
        }
        for dot in old.dropFirst() where !new.contains(dot) || (dot == incoming && new.first == incoming) {
            try siblings.remove(id, field.number, dot)
        }
    }

    // MARK: Notes

    /// Adds a note; false if it is there already.
    func insertNote(
        _ collection: CollectionSchema, _ id: RecordID, above: Above, stamp: Stamp, fields: FieldMask,
        places: [ValuePlace], buffer: [UInt8]
    ) throws -> Bool {
        // A note has no registers: its one entry only says which write it was.
        let entry = RecordState.Entry(stamp: stamp, fields: FieldMask(field: 0))
        guard
            try rows.insert(
                collection, id, above: above, fields: fields.intersection(mask(places)), places: places,
                buffer: buffer, entry: entry)
        else { return false }
        let hash = hasher.note(id, collection: collection.number)
        if hasClaims { try account(id, from: 0, to: hash) } else { sum.add(hash) }
        return true
    }

    // MARK: Erasure

    /// Erases a record or note and everything below it, whatever is known of it, and leaves a tombstone for it alone.
    /// Returns the ids that are gone; false in `isNew` if there was a tombstone already.
    ///
    /// - Parameter isLate: by somebody who may not any more: what was kept aside stays there.
    func erase(
        collection number: UInt32, _ id: RecordID, isLate: Bool = false
    ) throws -> (isNew: Bool, gone: [RecordID]) {
        if hasLate, !isLate {
            try late.obeyErasure(of: id, limits)
            hasDestroyed = true
        }
        if try isErased(id) { return (false, []) }
        var gone: [RecordID] = []
        if let collection = schema.collection(number), try remove(collection, id) { gone.append(id) }
        for (collection, distance) in schema.descendants(of: number) {
            for below in try rows.descendants(collection, of: id, distance: distance) {
                Marks.reach(.erasureOfSubtree)
                if try remove(collection, below) { gone.append(below) }
                if hasLate, !isLate { try late.obeyErasure(of: below, limits) }
            }
        }
        if hasParked { try eraseParked(id) }
        if hasClaims { try eraseClaim(id) }
        try tombstones.insert(id, collection: number)
        hasTombstones = true
        erased.insert(id)
        sum.add(hasher.tombstone(id))
        return (true, gone)
    }

    /// Takes a record out of its tables, and leaves what is below it; false if it is not there.
    func remove(_ collection: CollectionSchema, _ id: RecordID) throws -> Bool {
        guard let state = try rows.state(collection, id) else { return false }
        if hasClaims, try claims.claim(id) != nil {
            try eraseClaim(id)
        } else {
            sum.subtract(hash(collection, id, state))
        }
        try rows.remove(collection, id)
        try siblings.removeAll(id)
        if hasParked { try parked.removeValues(id) }
        return true
    }

    private func eraseParked(_ id: RecordID) throws {
        for record in try parked.descendants(of: id) + [try parked.record(id)].compactMap(\.self) {
            try account(record.id, from: record.hash(hasher), to: 0)
            try parked.removeRecord(record.id)
        }
    }

    private func eraseClaim(_ id: RecordID) throws {
        if let claim = try claims.claim(id) { sum.subtract(claim.hash(id, hasher)) }
        try claims.remove(id)
        try claims.removeUnopened(of: id)
    }

    /// Lets what was erased in this transaction leave the outbox and what was set aside. To be called once, at its end.
    func finishErasures() throws {
        if erased.isEmpty { return }
        func isGone(_ header: ChangeHeader) -> Bool {
            erased.contains(header.record) || header.path.contains(where: erased.contains)
        }
        try outbox.erase(limits, isGone)
        if hasSetAside { try setAside.erase(limits, isGone) }
        try rows.mergeFullTexts()
    }

    // MARK: Helpers

    func mask(_ places: [ValuePlace]) -> FieldMask {
        var mask = FieldMask.empty
        for place in places { mask.insert(place.field) }
        return mask
    }
}

extension RecordState {
    /// The writes that stand in a field, the one shown first.
    func dots(in field: Int) -> [Dot] {
        entries.compactMap { $0.fields.contains(field) ? $0.stamp.dot : nil }
    }
}
