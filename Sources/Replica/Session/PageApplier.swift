import Merge
import SQLite
import Sealing
import Support
import SyncProtocol

/// Joins the changes of a page, from the feed or from a healing, into the local tables.
///
/// Every change is taken whole and joined by the one rule of ``Merge/RecordState``, whatever the server says of it and in
/// whatever order it comes. What does not open, and a time that no clock can have, show nothing and hide nothing.
final class PageApplier {
    private let session: Session
    private let store: RecordStore
    private let keys: SessionKeys

    private(set) var commitCount = 0
    private(set) var unopenedCount = 0

    private var batch: OpenedBatch?
    /// The place of the change that is being applied among those of its batch.
    private var number = 0
    private var latest: CollectionSchema?
    /// Whether the latest change was of a record that is here.
    private var meetsKnown = false
    /// The change that is being applied, once it has been opened, and where its values stand in the batch's bytes.
    private var places: [ValuePlace] = []
    private var payload: Range<Int>?
    /// Fields of the change that this schema does not have; nil if the values are not what the schema says.
    private var unknown: FieldMask?

    /// The ranges of a healing whose answer is joined: what the server says it holds of a record there is its claim.
    private let healed: [RecordRange]
    private var claimed: [RecordID: Claims.Claim] = [:]
    /// Of the latest change that was opened.
    private var latestTime: HybridTimestamp?

    init(_ session: Session, _ keys: SessionKeys, healed: [RecordRange] = []) {
        self.healed = healed
        self.session = session
        store = session.store
        self.keys = keys
    }

    func run(_ page: ArraySlice<UInt8>) throws {
        let opener = PageOpener(page, keys, store.schema, store.limits)
        defer { opener.stop() }
        do {
            while let batch = try opener.next() {
                let changedBefore = session.changed.count
                self.batch = batch
                number = 0
                for commit in batch.commits { try apply(commit) }
                commitCount += batch.commits.count
                opener.note(brings: session.changed.count > changedBefore)
            }
            batch = nil
            if !healed.isEmpty { try store.replaceClaims(in: healed, by: claimed) }
            // In the log's order: the last one is the latest.
            if healed.isEmpty, let latestTime { session.clock.hear(logTime: latestTime.milliseconds) }
        } catch let error as ProtocolError {
            throw ReplicaError(
                .badAnswer, "the server's answer is not a page of changes: \(error); nothing was changed", cause: error)
        }
    }

    /// A commit that is joined by itself was here before, or a person wanted it: it is not late.
    private var isAlone = false

    /// Joins one commit that stands alone.
    func join(_ commit: FeedCommit) throws {
        isAlone = true
        defer { isAlone = false }
        batch = OpenedBatch([commit], keys, store.schema, store.limits)
        number = 0
        try apply(commit)
        batch = nil
    }

    private func apply(_ commit: FeedCommit) throws {
        for (place, change) in commit.changes.enumerated() {
            if !healed.isEmpty, store.hasClaims { noteClaim(change.header, commit.stamp) }
            if try apply(change, commit, place) { session.changed.append(change.header.record) }
            number += 1
        }
    }

    private func apply(_ change: FeedChange, _ commit: FeedCommit, _ place: Int) throws -> Bool {
        let header = change.header
        guard commit.stamp.time < .implausible else { return try keep(change, commit, place) }
        if header.kind == .erase { return try erase(change, commit, place) }
        if try store.isErased(header) {
            Marks.reach(.changeAfterErasure)
            return false
        }
        guard let collection = collection(header.collection) else { return try park(change, commit, place) }
        // Some workstation has another idea of the collection. It must not stop what comes after it.
        guard (collection.kind == .notes) == (header.kind == .add) else { return try keep(change, commit, place) }
        return header.kind == .add
            ? try add(change, commit, place, collection) : try put(change, commit, place, collection)
    }

    // MARK: Opening

    /// Opens the change that is being applied; false if it is not what was sealed, or says what the schema does not.
    private func open(_ change: FeedChange, _ commit: FeedCommit) -> Bool {
        places.removeAll(keepingCapacity: true)
        payload = nil
        guard let batch else { return false }
        let reading = batch.reading(number, change, of: commit)
        payload = reading.payload
        unknown = reading.unknown
        places.append(contentsOf: batch.places[reading.places])
        guard payload != nil else { return false }
        session.state.receive(commit.stamp.time, wallMilliseconds: session.wall)
        latestTime = commit.stamp.time
        return true
    }

    private var opened: [UInt8] { batch?.bytes ?? [] }

    private func collection(_ number: UInt32) -> CollectionSchema? {
        if let latest, latest.number == number { return latest }
        latest = store.schema.collection(number)
        return latest
    }

    // MARK: Records

    private func put(
        _ change: FeedChange, _ commit: FeedCommit, _ place: Int, _ collection: CollectionSchema
    ) throws -> Bool {
        let header = change.header
        // New records are inserted without a look; where records are known, they are looked at first. Which it will be,
        // the change before tells: both are right always, and one is faster.
        if meetsKnown, let before = try store.rows.state(collection, header.record) {
            return try put(change, commit, place, collection, onto: before)
        }
        guard open(change, commit), unknown != nil else { return try keep(change, commit, place) }
        let isNew = try store.insertRecord(
            collection, header.record, above: Above(header), entry: header.entry(commit.stamp), places: places,
            buffer: opened)
        meetsKnown = !isNew
        if isNew {
            if isLate(header) { try markLate(change, commit, before: nil) }
            try parkRest(change, commit)
            try joinClaim(change, commit)
            return true
        }
        guard let before = try store.rows.state(collection, header.record) else { return false }
        return try put(change, commit, place, collection, onto: before)
    }

    private func put(
        _ change: FeedChange, _ commit: FeedCommit, _ place: Int, _ collection: CollectionSchema,
        onto before: RecordState
    ) throws -> Bool {
        let header = change.header
        let entry = header.entry(commit.stamp)
        var after = before
        let isChanged = after.join(entry)
        let meetsWaiting =
            try store.hasPending
            && before.entries.contains { try store.pendingNumber($0.stamp.dot) != nil }
        // One that was here already has its values here already.
        if !isChanged, !meetsWaiting {
            try joinClaim(change, commit)
            return false
        }
        guard open(change, commit), unknown != nil else { return try keep(change, commit, place) }
        if isLate(header) {
            try markLate(change, commit, before: try store.standingChanges(collection, header.record))
        }
        if meetsWaiting {
            let plain = PlainChange(
                stamp: commit.stamp, header: header, payload: opened[payload ?? 0..<0])
            try store.relay(collection, header.record, adding: plain)
        } else {
            try store.transition(
                collection, header.record, from: before, to: after, dot: commit.stamp.dot, fields: header.fields,
                places: places, buffer: opened)
            try parkRest(change, commit)
        }
        try joinClaim(change, commit)
        return true
    }

    private func add(
        _ change: FeedChange, _ commit: FeedCommit, _ place: Int, _ collection: CollectionSchema
    ) throws -> Bool {
        let header = change.header
        // A note that is here is all here.
        if meetsKnown, try store.rows.exists(collection, header.record) {
            try joinClaim(change, commit)
            return false
        }
        guard open(change, commit), unknown != nil else { return try keep(change, commit, place) }
        let isNew = try store.insertNote(
            collection, header.record, above: Above(header), stamp: commit.stamp, fields: header.fields,
            places: places, buffer: opened)
        meetsKnown = !isNew
        if isNew {
            if isLate(header) { try markLate(change, commit, before: nil) }
            try parkRest(change, commit)
        }
        try joinClaim(change, commit)
        return isNew
    }

    /// An erasure that no workstation of the line has sealed is nobody's: destroying on the server's word alone is the one
    /// thing it must not be able to do.
    private func erase(_ change: FeedChange, _ commit: FeedCommit, _ place: Int) throws -> Bool {
        guard open(change, commit) else { return try keep(change, commit, place) }
        if isLate(change.header) { return try eraseLate(change, commit) }
        let (isNew, gone) = try store.erase(collection: change.header.collection, change.header.record)
        session.changed.append(contentsOf: gone)
        return isNew
    }

    // MARK: What is late

    private func isLate(_ header: ChangeHeader) -> Bool {
        header.epoch < session.link.caughtUpEpoch && !isAlone
    }

    private func markLate(_ change: FeedChange, _ commit: FeedCommit, before: [PlainChange]?) throws {
        let header = change.header
        try store.late.mark(
            LateChanges.Mark(
                record: header.record, dot: commit.stamp.dot, collection: header.collection, kind: header.kind,
                parent: header.parent, epoch: header.epoch, written: commit.stamp.time.milliseconds, met: session.wall,
                before: before.map { PlainChange.encode($0) }))
        store.noteLate()
        session.receipt.lateCount += 1
    }

    /// It hides at once, and destroys later, unless a lead says that it is not to be obeyed.
    private func eraseLate(_ change: FeedChange, _ commit: FeedCommit) throws -> Bool {
        let header = change.header
        if try store.isErased(header.record) { return false }
        let standing = try store.standing(collection: header.collection, header.record)
        let (isNew, gone) = try store.erase(collection: header.collection, header.record, isLate: true)
        for (record, changes) in standing { try store.late.hold(changes, of: record, root: header.record) }
        try markLate(change, commit, before: nil)
        session.changed.append(contentsOf: gone)
        return isNew
    }

    // MARK: What a newer schema wrote

    /// Keeps what of a change of a known collection has no place in the tables.
    private func parkRest(_ change: FeedChange, _ commit: FeedCommit) throws {
        guard let unknown, !unknown.isEmpty else { return }
        Marks.reach(.parkedField)
        let payload = try ValueCodec.part(
            CBORReader(opened, in: payload ?? 0..<0), fields: change.header.fields, wanted: unknown)
        try store.parked.insert(
            ParkedValues.Item(
                record: change.header.record, dot: commit.stamp.dot, collection: change.header.collection,
                fields: unknown, payload: payload))
        store.noteParked()
    }

    /// Keeps a change of a collection that this schema does not have.
    private func park(_ change: FeedChange, _ commit: FeedCommit, _ place: Int) throws -> Bool {
        guard open(change, commit) else { return try keep(change, commit, place) }
        Marks.reach(.parkedRecord)
        let header = change.header
        let known = try store.parked.record(header.record)
        let isNote = header.kind == .add
        if isNote, known != nil { return false }
        var record =
            known
            ?? ParkedValues.Record(
                id: header.record, collection: header.collection, isNote: isNote, above: Above(header),
                state: RecordState())
        let before = known.map { $0.hash(store.hasher) } ?? 0
        var entry = header.entry(commit.stamp)
        if isNote { entry.fields = FieldMask(field: 0) }
        guard record.state.join(entry) else { return false }
        try store.account(header.record, from: before, to: record.hash(store.hasher))
        try store.parked.set(record)
        if !header.fields.isEmpty {
            try store.parked.insert(
                ParkedValues.Item(
                    record: header.record, dot: commit.stamp.dot, collection: header.collection,
                    fields: header.fields, payload: Array(opened[payload ?? 0..<0])))
        }
        store.noteParked()
        if !isNote { try store.parked.prune(header.record, record.state) }
        try joinClaim(change, commit)
        return true
    }

    // MARK: What does not open

    private func keep(_ change: FeedChange, _ commit: FeedCommit, _ place: Int) throws -> Bool {
        unopenedCount += 1
        try store.keepUnopened(
            Claims.Unopened(
                position: commit.position, place: place, stamp: commit.stamp, nonce: commit.nonce, change: change))
        return false
    }

    /// The answer of a healing says all that the server holds of a record.
    private func noteClaim(_ header: ChangeHeader, _ stamp: Stamp) {
        switch header.kind {
        case .erase: claimed[header.record] = .erased
        case .add: claimed[header.record] = .note(header.collection)
        case .put:
            var state = RecordState()
            if case .record(_, let known) = claimed[header.record] { state = known }
            state.join(header.entry(stamp))
            claimed[header.record] = .record(header.collection, state)
        }
    }

    private func joinClaim(_ change: FeedChange, _ commit: FeedCommit) throws {
        if store.hasClaims { try store.joinClaim(change.header, commit.stamp) }
    }
}
