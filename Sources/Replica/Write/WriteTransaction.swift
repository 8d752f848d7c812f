public import Merge
import SQLite
import Sealing
import Support
import SyncProtocol

/// One transaction of a replica: what it changes becomes one commit, or nothing at all.
///
/// Valid only inside the `write` that handed it out, on its thread.
public final class WriteTransaction {
    private let store: RecordStore
    private let schema: Schema
    private let ancestry: Ancestry
    private let horizon: UInt64
    private let limits: Limits
    private let makeID: () -> RecordID
    private var latestID: RecordID?
    private(set) var state: ReplicaState
    private var draft = CommitDraft()
    /// Of the change that is being made.
    private var values = RowWriter.Buffers()

    /// The log position of the snapshot that was edited.
    private(set) var base: UInt64
    /// What this commit has seen, where its base does not tell or soon may not.
    private var context: CommitContext?
    /// All changes of the commit share it.
    private let stamp: Stamp

    /// A record with a change that could not be opened was written: the commit must say that it has not seen it, and
    /// begin anew with this base, since its other changes were merged by the later one.
    struct LowerBase: Error { var base: UInt64 }

    init(
        store: RecordStore, limits: Limits, base: UInt64?, mayName: Bool, wallMilliseconds: Int64,
        makeID: @escaping () -> RecordID
    ) throws {
        self.store = store
        schema = store.schema
        let basis = try WriteBasis(store.connection)
        ancestry = basis.ancestry
        horizon = basis.horizon
        self.limits = limits
        self.makeID = makeID
        var state = try ReplicaState(store.connection)
        let (wall, _) = wallMilliseconds.addingReportingOverflow(state.clockOffsetMilliseconds)
        let time = try state.clock.tick(wallMilliseconds: wall)
        stamp = Stamp(time: time, replica: state.replica)
        if let base, base != state.position, state.needsContext {
            // While the data are compared with the server, positions of before tell nothing: rather ask than replace what nobody saw.
            throw ReplicaError(
                .snapshotTooOld,
                "the data are being compared with the server; nothing was changed: read it again and repeat")
        }
        self.base = min(base ?? state.position, state.position)
        // A feed that is being read leaves its cursor in the middle, and may be read anew before its end is reached. What a
        // healing has joined stands here, and in the log beyond the cursor.
        let tellsTooLittle = basis.isReading || basis.healedThrough > state.position
        if state.needsContext || (self.base == state.position && tellsTooLittle) {
            context = CommitContext(try store.opened(try Link(store.connection).seen), mayName: mayName)
        }
        self.state = state
        try store.begin()
    }

    /// What this transaction sees, its own changes included.
    public var snapshot: Snapshot {
        Snapshot(connection: store.connection, schema: schema, position: state.position)
    }

    // MARK: Changes

    /// Adds a record, under a new id unless one is given.
    ///
    /// Errors: `recordExists`, `recordErased` for a given id; `parentMissing`, `recordErased` for the parent; `limit`.
    @discardableResult
    public func insert(
        _ collection: CollectionSchema, id given: RecordID? = nil, parent: RecordID? = nil,
        _ fill: (inout RowWriter) throws -> Void
    ) throws -> RecordID {
        precondition(collection.kind == .records, "\(collection.name) holds notes: add them")
        let id = given ?? newID()
        try checkNew(collection, id, isGiven: given != nil, parent: parent)
        if given != nil { try context?.write(id) }
        let fields = try encode(collection, fill)
        precondition(!fields.isEmpty, "a new record has at least one field")
        let entry = StampVector.Entry(stamp: stamp, fields: fields)
        guard
            try store.insertRecord(
                collection, id, parent: parent, entry: entry, places: values.places, buffer: values.bytes,
                fingerprint: &state.fingerprint)
        else { throw ReplicaError(.recordExists, "the record exists already; nothing was changed") }
        draft.append(.put, collection, id, parent: parent, fields, content: values.bytes, isRepeated: false)
        return id
    }

    /// Sets fields of a record.
    ///
    /// Errors: `recordMissing`, `recordErased`, `snapshotTooOld`, `limit`.
    public func update(
        _ collection: CollectionSchema, _ id: RecordID, _ fill: (inout RowWriter) throws -> Void
    ) throws {
        precondition(collection.kind == .records, "notes are never changed")
        guard let before = try store.rows.stamps(collection, id) else { throw try missing(id) }
        let fields = try encode(collection, fill)
        if fields.isEmpty { return }
        if store.hasParked, let unopened = try store.parked.firstUnopened(id), unopened > 0, base >= unopened {
            throw LowerBase(base: unopened - 1)
        }
        try context?.write(id)
        let unseen = try note(before, fields, unseen: try unseenStamps(before, fields))
        var after = before
        after.write(stamp: stamp, fields: fields) { !unseen.contains($0) }
        try store.transition(
            collection, id, from: before, to: after, incoming: .init(stamp: stamp, fields: fields),
            places: values.places, buffer: values.bytes, fingerprint: &state.fingerprint)
        let parent = try parent(of: collection, id)
        // Whatever this transaction has done to a record has left its stamp there.
        let isRepeated = before.entries.contains { $0.stamp == stamp }
        draft.append(.put, collection, id, parent: parent, fields, content: values.bytes, isRepeated: isRepeated)
    }

    /// Adds a note.
    @discardableResult
    public func add(
        _ collection: CollectionSchema, id given: RecordID? = nil, parent: RecordID? = nil,
        _ fill: (inout RowWriter) throws -> Void
    ) throws -> RecordID {
        precondition(collection.kind == .notes, "\(collection.name) holds records: insert them")
        let id = given ?? newID()
        try checkNew(collection, id, isGiven: given != nil, parent: parent)
        let fields = try encode(collection, fill)
        guard
            try store.insertNote(
                collection, id, parent: parent, stamp: stamp, fields: fields, places: values.places,
                buffer: values.bytes,
                fingerprint: &state.fingerprint)
        else { throw ReplicaError(.recordExists, "the note exists already; nothing was changed") }
        draft.append(.add, collection, id, parent: parent, fields, content: values.bytes, isRepeated: false)
        return id
    }

    /// Erases a record or note, and everything below it, everywhere and for good.
    public func erase(_ collection: CollectionSchema, _ id: RecordID) throws {
        guard try store.rows.exists(collection, id) else { throw try missing(id) }
        let parent = try parent(of: collection, id)
        let (_, gone) = try store.erase(
            collection: collection.number, id, fingerprint: &state.fingerprint)
        // What this transaction had done to what is gone needs no telling.
        for other in gone where other != id { draft.leaveOut(other) }
        let isRepeated = draft.contains(id)
        draft.append(.erase, collection, id, parent: parent, .empty, content: [], isRepeated: isRepeated)
    }

    // MARK: The commit

    var changedRecords: [RecordID] { draft.records }

    private static let outboxInsertion = StatementText(
        "INSERT INTO lugn_outbox (number, time, base, context, wall, change_count, body) VALUES (?, ?, ?, ?, ?, ?, ?)")

    /// Writes the outbox row and the state; nothing if nothing was changed.
    func finish(wallMilliseconds: Int64) throws {
        let count = draft.count
        if count == 0 { return }
        try draft.finish(store.connection)
        let body = draft.body.bytes
        let sealedBytes = body.count + count * Sealer.overheadBytes + 64
        guard count <= limits.commitChanges, sealedBytes <= limits.commitBytes else {
            throw ReplicaError(
                .limit,
                "the change is too large for one commit (\(count) records, \(sealedBytes) bytes); nothing was saved: make it in parts"
            )
        }
        if context == nil, base < state.position, base >= horizon { try store.keepSeen(at: base) }
        state.number += 1
        try store.connection.withStatement(Self.outboxInsertion) { statement in
            try statement.bind(1, Int64(bitPattern: state.number))
            try statement.bind(2, Int64(bitPattern: stamp.time.rawValue))
            try statement.bind(3, Int64(bitPattern: base))
            try statement.bind(4, context.map { StampList.encode($0.seen.sorted) })
            try statement.bind(5, wallMilliseconds)
            try statement.bind(6, count)
            try statement.run(borrowing: body) { binder throws(SQLiteError) in
                try binder.bind(7, blob: 0..<body.count)
            }
        }
        try state.save(store.connection)
    }

    // MARK: Helpers

    /// What is replaced here was seen: the server must replace the same, no more and no less. Returns what stands beside
    /// the write, since it was not seen or the commit cannot say so.
    ///
    /// Own writes, of earlier ids too, are not named: the server counts them as seen anyway. A copy of this file has the same id, and named with
    /// a time under it all that the copy has written until then would count as seen. What an own write had seen, which
    /// waits here and may yet be refused, its replacement has seen too.
    private func note(_ before: StampVector, _ fields: FieldMask, unseen: [Stamp]) throws -> [Stamp] {
        guard let seen = context?.seen else { return unseen }
        var more = VersionVector()
        var named: [Stamp] = []
        for entry in before.entries where !entry.fields.intersection(fields).isEmpty {
            if entry.stamp.replica == state.replica {
                if let known = try store.context(ofPending: entry.stamp.time) { more.merge(known) }
            } else if !unseen.contains(entry.stamp), !seen.contains(entry.stamp), !ancestry.includes(entry.stamp) {
                more.include(entry.stamp)
                named.append(entry.stamp)
            }
        }
        return try context?.name(more) == false ? unseen + named : unseen
    }

    /// Collects the values that the caller gives; they stand in ``values`` until the next change.
    private func encode(_ collection: CollectionSchema, _ fill: (inout RowWriter) throws -> Void) throws -> FieldMask {
        var row = RowWriter(collection, taking: &values)
        try fill(&row)
        row.finish()
        row.exchange(&values)
        guard row.longest <= limits.valueBytes else {
            throw ReplicaError(
                .limit,
                "a value of \(row.longest) bytes is over the limit of \(limits.valueBytes); nothing was saved")
        }
        return row.fields
    }

    /// Ids of one transaction follow each other: their records stand side by side.
    private func newID() -> RecordID {
        let id = latestID?.successor ?? makeID()
        latestID = id
        return id
    }

    private func checkNew(_ collection: CollectionSchema, _ id: RecordID, isGiven: Bool, parent: RecordID?) throws {
        if isGiven, try store.isErased(id) {
            throw ReplicaError(.recordErased, "the record was erased, which is final; nothing was changed")
        }
        guard let parent else { return }
        guard let number = collection.parent, let above = schema.collection(number) else {
            preconditionFailure("\(collection.name) was declared without a parent")
        }
        guard try store.rows.exists(above, parent) else { throw try missing(parent, code: .parentMissing) }
    }

    private func missing(_ id: RecordID, code: ReplicaError.Code = .recordMissing) throws -> ReplicaError {
        try store.isErased(id)
            ? ReplicaError(.recordErased, "the record was erased, which is final; nothing was changed")
            : ReplicaError(code, "there is no such record here; nothing was changed")
    }

    private func parent(of collection: CollectionSchema, _ id: RecordID) throws -> RecordID? {
        guard collection.parent != nil else { return nil }
        return try store.connection.withStatement("SELECT parent FROM \(collection.name) WHERE id = ?") { statement in
            try statement.bind(1, high: id.high, low: id.low)
            guard try statement.step(), let halves = statement.halves(0) else { return nil }
            return RecordID(high: halves.high, low: halves.low)
        }
    }

    /// Which standing writes of the fields came in after the snapshot that was edited, as the server will see it.
    private func unseenStamps(_ vector: StampVector, _ fields: FieldMask) throws -> [Stamp] {
        guard base < state.position else { return [] }
        var unseen: [Stamp] = []
        for entry in vector.entries where !entry.fields.intersection(fields).isEmpty {
            if entry.stamp.replica == state.replica || ancestry.includes(entry.stamp) { continue }
            let position = try store.connection.withStatement(
                "SELECT position FROM lugn_arrival WHERE replica = ? AND time = ?"
            ) { statement -> Int64? in
                try statement.bind(1, Int64(bitPattern: entry.stamp.replica.rawValue))
                try statement.bind(2, Int64(bitPattern: entry.stamp.time.rawValue))
                return try statement.step() ? statement.integer(0) : nil
            }
            if let position {
                if UInt64(bitPattern: position) > base {
                    Marks.reach(.staleWrite)
                    unseen.append(entry.stamp)
                }
            } else if base < horizon {
                throw ReplicaError(
                    .snapshotTooOld,
                    "what was edited was read too long ago; nothing was changed: read it again and repeat")
            }
        }
        return unseen
    }
}
