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
    private let limits: Limits
    private let basis: EditBasis?
    private let makeID: () -> RecordID
    private var latestID: RecordID?
    private(set) var state: ReplicaState
    private var draft = CommitDraft()
    /// Of the change that is being made.
    private var values = RowWriter.Buffers()
    /// All changes of the commit share it.
    private let stamp: Stamp
    private var isOver = false

    init(
        store: RecordStore, basis: EditBasis?, environment: Replica.Environment, wallMilliseconds: Int64,
        makeID: @escaping () -> RecordID
    ) throws {
        self.store = store
        self.basis = basis
        self.makeID = makeID
        schema = store.schema
        limits = store.limits
        var state = try ReplicaState(store.connection)
        let time = state.tick(wallMilliseconds: wallMilliseconds)
        stamp = Stamp(time: time, dot: state.makeDot(environment.randomWord()))
        self.state = state
        try store.begin(state)
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
        try checkOpen()
        guard collection.kind == .records else { throw Self.misuse("\(collection.name) holds notes: add them") }
        let id = given ?? newID()
        try checkNew(collection, id, isGiven: given != nil, parent: parent)
        let fields = try encode(collection, fill)
        guard !fields.isEmpty else { throw Self.misuse("a new record has at least one field") }
        let above = try above(collection, parent)
        guard
            try store.insertRecord(
                collection, id, above: above, entry: RecordState.Entry(stamp: stamp, fields: fields),
                places: values.places, buffer: values.bytes)
        else { throw ReplicaError(.recordExists, "the record exists already; nothing was changed") }
        let header = ChangeHeader(
            kind: .put, collection: collection.number, record: id, parent: above.parent, ancestors: above.ancestors,
            fields: fields, epoch: 0)
        try draft.append(header, content: values.bytes, isRepeated: false)
        return id
    }

    /// Sets fields of a record. It replaces what the caller saw there: what stands now, or what ``EditBasis`` says.
    ///
    /// Errors: `recordMissing`, `recordErased`, `limit`.
    public func update(
        _ collection: CollectionSchema, _ id: RecordID, _ fill: (inout RowWriter) throws -> Void
    ) throws {
        try checkOpen()
        guard collection.kind == .records else { throw Self.misuse("notes are never changed") }
        let fields = try encode(collection, fill)
        let known = fields.intersection(collection.fieldMask)
        guard let row = try store.rows.read(collection, id, fields: known) else { throw try missing(id) }
        if fields.isEmpty { return }
        let replaced = try replaced(id, row.state, fields)
        let entry = RecordState.Entry(stamp: stamp, fields: fields, replaced: replaced)
        var after = row.state
        after.join(entry)
        let header = ChangeHeader(
            kind: .put, collection: collection.number, record: id, parent: row.above.parent,
            ancestors: row.above.ancestors, fields: fields, replaced: replaced, epoch: 0)
        try hide(collection, row, header, after)
        try store.transition(
            collection, id, from: row.state, to: after, dot: stamp.dot, fields: fields, places: values.places,
            buffer: values.bytes)
        if store.hasClaims { try store.joinClaim(header, stamp) }
        // Whatever this transaction has done to a record has left its dot there.
        let isRepeated = row.state.entries.contains { $0.stamp.dot == stamp.dot }
        try draft.append(header, content: values.bytes, isRepeated: isRepeated)
    }

    /// Adds a note.
    @discardableResult
    public func add(
        _ collection: CollectionSchema, id given: RecordID? = nil, parent: RecordID? = nil,
        _ fill: (inout RowWriter) throws -> Void
    ) throws -> RecordID {
        try checkOpen()
        guard collection.kind == .notes else { throw Self.misuse("\(collection.name) holds records: insert them") }
        let id = given ?? newID()
        try checkNew(collection, id, isGiven: given != nil, parent: parent)
        let fields = try encode(collection, fill)
        let above = try above(collection, parent)
        guard
            try store.insertNote(
                collection, id, above: above, stamp: stamp, fields: fields, places: values.places,
                buffer: values.bytes)
        else { throw ReplicaError(.recordExists, "the note exists already; nothing was changed") }
        let header = ChangeHeader(
            kind: .add, collection: collection.number, record: id, parent: above.parent, ancestors: above.ancestors,
            fields: fields, epoch: 0)
        try draft.append(header, content: values.bytes, isRepeated: false)
        return id
    }

    /// Erases a record or note, and everything below it, everywhere and for good.
    public func erase(_ collection: CollectionSchema, _ id: RecordID) throws {
        try checkOpen()
        guard let row = try store.rows.read(collection, id, fields: .empty) else { throw try missing(id) }
        let (_, gone) = try store.erase(collection: collection.number, id)
        // What this transaction had done to what is gone needs no telling.
        for other in gone where other != id { draft.leaveOut(other) }
        let header = ChangeHeader(
            kind: .erase, collection: collection.number, record: id, parent: row.above.parent,
            ancestors: row.above.ancestors, fields: .empty, epoch: 0)
        try draft.append(header, content: [], isRepeated: draft.contains(id))
    }

    static func misuse(_ what: String) -> ReplicaError {
        ReplicaError(.misuse, "the program called the library wrongly: \(what); nothing was changed")
    }

    // MARK: The commit

    /// Ends it: what is asked of it afterwards throws.
    func end() { isOver = true }

    private func checkOpen() throws {
        if isOver { throw Self.misuse("the transaction is over") }
    }

    var changedRecords: [RecordID] { draft.records }

    /// Writes the outbox row and the state; nothing if nothing was changed.
    func finish(wallMilliseconds: Int64) throws {
        let count = draft.count
        if count == 0 { return }
        draft.finish()
        try store.finishErasures()
        let body = draft.body.bytes
        // As the server will count it at most: filled up, sealed, with its headers.
        let sealedBytes = body.count * 9 / 8 + count * SealedCommit.changeBytes
        guard count <= limits.commitChanges, sealedBytes <= limits.commitBytes else {
            throw ReplicaError(
                .limit,
                "the change is too large for one commit (\(count) records, \(sealedBytes) bytes); nothing was saved: make it in parts"
            )
        }
        state.number += 1
        let commit = Outbox.Commit(
            number: state.number, stamp: stamp, body: body,
            hidden: try draft.hiddenBytes(limits, store.hasErased, store.isErased))
        try store.outbox.insert(commit, changeCount: count, wallMilliseconds: wallMilliseconds)
        state.fingerprint = store.sum
        try state.save(store.connection)
    }

    // MARK: Helpers

    /// What a write of these fields replaces: what whoever writes has seen there, values that were put aside included.
    private func replaced(_ id: RecordID, _ now: RecordState, _ fields: FieldMask) throws -> ReplacedDots {
        var seen = now.replaced(byWriting: fields)
        if let basis = basis?.state(id) {
            seen = basis.replaced(byWriting: fields)
            // What this transaction wrote itself it has seen.
            if let own = now.entry(of: stamp.dot) { seen.formUnion(own.replaced.intersection(fields)) }
            if now.replaced(byWriting: fields) != seen { Marks.reach(.staleWrite) }
        }
        if store.hasSetAside {
            for change in try store.setAside.changes(of: id, limits) {
                let shared = change.header.fields.intersection(fields)
                seen.insert(change.stamp.dot, fields: shared)
                seen.formUnion(change.header.replaced.intersection(shared))
            }
        }
        let others = seen.removing(stamp.dot)
        guard others.count <= Limits.replacedDots else {
            throw ReplicaError(
                .limit, "a field was changed more than \(Limits.replacedDots) times; nothing was saved")
        }
        return others
    }

    /// Keeps what the change takes from the tables, until the server has acknowledged it.
    private func hide(
        _ collection: CollectionSchema, _ row: RowStore.Row, _ header: ChangeHeader, _ after: RecordState
    ) throws {
        for entry in row.state.entries where entry.stamp.dot != stamp.dot {
            let gone = entry.fields.subtracting(after.fields(of: entry.stamp.dot))
            if gone.isEmpty { continue }
            let shown = header.fields.intersection(collection.fieldMask)
            guard gone == shown, gone.isSubset(of: row.state.fieldsWon(by: entry.stamp.dot)) else {
                let changes = try store.changes(collection, header.record, standing: entry.restricted(to: gone))
                for change in changes { draft.hide(change.header, change.stamp, change.payload) }
                continue
            }
            // Mostly it is one write in all of the fields, and their values have just been read.
            var hidden = header
            hidden.fields = gone
            hidden.replaced = entry.replaced.intersection(gone)
            draft.hide(hidden, entry.stamp, row.values.bytes[...])
        }
    }

    /// What stands above a new record.
    private func above(_ collection: CollectionSchema, _ parent: RecordID?) throws -> Above {
        guard let parent else { return .nothing }
        guard collection.depth > 1, let number = collection.parent, let higher = schema.collection(number),
            let row = try store.rows.read(higher, parent, fields: .empty)
        else { return Above(parent: parent, ancestors: []) }
        return Above(parent: parent, ancestors: row.above.path)
    }

    /// Collects the values that the caller gives; they stand in ``values`` until the next change.
    private func encode(_ collection: CollectionSchema, _ fill: (inout RowWriter) throws -> Void) throws -> FieldMask {
        var row = RowWriter(collection, taking: &values)
        try fill(&row)
        if let mistake = row.mistake { throw Self.misuse(mistake) }
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
            throw Self.misuse("\(collection.name) was declared without a parent")
        }
        guard try store.rows.exists(above, parent) else { throw try missing(parent, code: .parentMissing) }
    }

    private func missing(_ id: RecordID, code: ReplicaError.Code = .recordMissing) throws -> ReplicaError {
        try store.isErased(id)
            ? ReplicaError(.recordErased, "the record was erased, which is final; nothing was changed")
            : ReplicaError(code, "there is no such record here; nothing was changed")
    }
}
