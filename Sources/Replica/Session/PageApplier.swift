import Merge
import SQLite
import Sealing
import Support
import SyncProtocol

/// Applies a page of the feed to the local tables, change by change, in the caller's transaction.
final class PageApplier {
    private let store: RecordStore
    private let keys: SessionKeys
    private let limits: Limits
    private let ancestry: Ancestry
    private let keepsArrivals: Bool
    private let waiting: PendingWrites
    private var pending: [HybridTimestamp: (base: UInt64, context: VersionVector?)] = [:]

    private(set) var commitCount = 0
    private(set) var unopenedCount = 0
    private(set) var hasErased = false
    private(set) var changed: [RecordID] = []

    private var batch: OpenedBatch?
    /// The place of the change that is being applied among those of its batch.
    private var number = 0
    private var latest: CollectionSchema?
    /// Whether the latest change was of a record that is here.
    private var meetsKnown = false
    /// The values of the change that is being applied, once they have been read, and where they stand in ``opened``.
    private var places: [ValuePlace] = []
    private var payload: Range<Int>?
    /// Fields of the change that this schema does not have; nil if it cannot be read at all.
    private var unknown: FieldMask?

    init(
        _ store: RecordStore, _ keys: SessionKeys, _ limits: Limits, _ state: ReplicaState, _ link: Link
    ) throws {
        self.store = store
        self.keys = keys
        self.limits = limits
        ancestry = link.ancestry
        keepsArrivals = link.isFirstSyncDone && !state.needsContext
        waiting = PendingWrites(store.connection, state)
        // What unacknowledged writes have seen may come again: while the feed is read anew, and after a healing.
        let condition = state.needsContext ? "1" : "context IS NOT NULL"
        try Outbox(connection: store.connection).forEach(where: condition) { commit in
            pending[commit.time] = (commit.base, commit.context)
            return true
        }
    }

    func run(_ page: ArraySlice<UInt8>, _ state: inout ReplicaState) throws {
        let opener = PageOpener(page, keys, store.schema, limits)
        defer { opener.stop() }
        do {
            while let batch = try opener.next() {
                let changedBefore = changed.count
                self.batch = batch
                number = 0
                for commit in batch.commits { try apply(commit, &state) }
                commitCount += batch.commits.count
                opener.note(brings: changed.count > changedBefore)
            }
            batch = nil
        } catch let error as ProtocolError {
            throw ReplicaError(
                .badAnswer, "the server's answer is not a page of changes: \(error); nothing was changed", cause: error)
        }
    }

    private func apply(_ commit: FeedCommit, _ state: inout ReplicaState) throws {
        state.receive(commit.stamp.time)
        if keepsArrivals, commit.stamp.replica != state.replica { try keepArrival(commit) }
        for change in commit.changes {
            if try apply(change, commit, &state) { changed.append(change.header.record) }
            number += 1
        }
    }

    private func apply(_ change: FeedChange, _ commit: FeedCommit, _ state: inout ReplicaState) throws -> Bool {
        let header = change.header
        if header.kind == .erase { return try erase(change, commit, &state) }
        if try isGone(header) {
            Marks.reach(.changeAfterErasure)
            return false
        }
        guard let collection = collection(header.collection) else {
            return try park(change, commit, open(change, commit), &state)
        }
        guard (collection.kind == .notes) == (header.kind == .add) else {
            // Some workstation has another idea of the collection. It must not stop what comes after it.
            return try park(change, commit, false, &state)
        }
        switch header.kind {
        case .add: return try add(change, commit, collection, &state)
        default: return try put(change, commit, collection, &state)
        }
    }

    private func erase(_ change: FeedChange, _ commit: FeedCommit, _ state: inout ReplicaState) throws -> Bool {
        // An erasure that no workstation of the line has sealed is nobody's: destroying on the server's word alone is the
        // one thing it must not be able to do.
        guard open(change, commit) else {
            unopenedCount += 1
            return false
        }
        let (isNew, gone) = try store.erase(
            collection: change.header.collection, change.header.record, fingerprint: &state.fingerprint)
        if isNew { hasErased = true }
        changed.append(contentsOf: gone)
        return isNew
    }

    /// Opens the change that is being applied; false if it is not what was sealed.
    private func open(_ change: FeedChange, _ commit: FeedCommit) -> Bool {
        places.removeAll(keepingCapacity: true)
        guard let batch else { return false }
        let reading = batch.reading(number, change, of: commit)
        payload = reading.payload
        unknown = reading.unknown
        places.append(contentsOf: batch.places[reading.places])
        return reading.payload != nil
    }

    private var opened: [UInt8] { batch?.bytes ?? [] }

    /// The opened payload, to be read again.
    private var openedPayload: CBORReader { CBORReader(opened, in: payload ?? 0..<0) }

    private func collection(_ number: UInt32) -> CollectionSchema? {
        if let latest, latest.number == number { return latest }
        latest = store.schema.collection(number)
        return latest
    }

    private func isGone(_ header: ChangeHeader) throws -> Bool {
        if try store.isErased(header.record) { return true }
        guard let parent = header.parent else { return false }
        return try store.isErased(parent)
    }

    // MARK: Records and notes

    private func put(
        _ change: FeedChange, _ commit: FeedCommit, _ collection: CollectionSchema, _ state: inout ReplicaState
    ) throws -> Bool {
        let id = change.header.record
        // New records are inserted without a look; where records are known, they are looked at first. Which it will be,
        // the change before tells: both are right always, and one is faster.
        if meetsKnown, let before = try store.rows.stamps(collection, id) {
            return try put(change, commit, collection, onto: before, isRead: false, &state)
        }
        _ = open(change, commit)
        let entry = StampVector.Entry(stamp: commit.stamp, fields: change.live)
        let isNew = try store.insertRecord(
            collection, id, parent: change.header.parent, entry: entry, places: places, buffer: opened,
            fingerprint: &state.fingerprint)
        meetsKnown = !isNew
        if isNew {
            try parkRest(change, commit)
            return true
        }
        guard let before = try store.rows.stamps(collection, id) else { return false }
        return try put(change, commit, collection, onto: before, isRead: true, &state)
    }

    private func put(
        _ change: FeedChange, _ commit: FeedCommit, _ collection: CollectionSchema, onto before: StampVector,
        isRead: Bool, _ state: inout ReplicaState
    ) throws -> Bool {
        var after = before
        let pendingHere = try waiting.among(before.entries.lazy.map(\.stamp))
        let taken = after.receive(
            stamp: commit.stamp, fields: change.live, siblings: change.siblings, isPending: pendingHere.contains,
            seenByPending: try seenByPending(before, pendingHere, commit))
        // One that was here already has its value here already.
        if taken.isEmpty || before == after { return false }
        if !isRead { _ = open(change, commit) }
        try parkRest(change, commit)
        try store.transition(
            collection, change.header.record, from: before, to: after,
            incoming: .init(stamp: commit.stamp, fields: taken), places: places, buffer: opened,
            fingerprint: &state.fingerprint)
        return true
    }

    private func add(
        _ change: FeedChange, _ commit: FeedCommit, _ collection: CollectionSchema, _ state: inout ReplicaState
    ) throws -> Bool {
        // A note that is here is all here.
        if meetsKnown, try store.rows.exists(collection, change.header.record) { return false }
        _ = open(change, commit)
        let isNew = try store.insertNote(
            collection, change.header.record, parent: change.header.parent, stamp: commit.stamp,
            fields: change.header.fields, places: places, buffer: opened, fingerprint: &state.fingerprint)
        meetsKnown = !isNew
        if isNew { try parkRest(change, commit) }
        return isNew
    }

    /// In which of a change's fields an unacknowledged write of ours has itself seen it.
    private func seenByPending(
        _ before: StampVector, _ pendingHere: Set<Stamp>, _ commit: FeedCommit
    ) throws -> FieldMask {
        var seen = FieldMask.empty
        for entry in before.entries where pendingHere.contains(entry.stamp) && entry.stamp != commit.stamp {
            let isSeen: Bool
            if try waiting.isOwn(commit.stamp) || ancestry.includes(commit.stamp) {
                isSeen = commit.stamp.time < entry.stamp.time
            } else if let (base, context) = pending[entry.stamp.time] {
                isSeen = context?.contains(commit.stamp) ?? (commit.position <= base)
            } else {
                isSeen = false
            }
            if isSeen { seen.formUnion(entry.fields) }
        }
        return seen
    }

    // MARK: What cannot be shown

    /// Keeps what of a change of a known collection has no place in the tables.
    private func parkRest(_ change: FeedChange, _ commit: FeedCommit) throws {
        guard let unknown else { return try park(change, commit, .unopened, Array(change.sealed), change.live) }
        let wanted = change.header.kind == .add ? unknown : unknown.intersection(change.live)
        if wanted.isEmpty { return }
        Marks.reach(.parkedField)
        let payload = try ValueCodec.part(openedPayload, fields: change.header.fields, wanted: wanted)
        try park(change, commit, .unknown, payload, wanted)
    }

    /// Keeps a change of a collection that this schema does not have.
    private func park(
        _ change: FeedChange, _ commit: FeedCommit, _ isOpen: Bool, _ state: inout ReplicaState
    ) throws -> Bool {
        let header = change.header
        Marks.reach(.parkedRecord)
        let parked = store.parked
        let known = try parked.recordStamps(header.record)
        let isNote = header.kind == .add
        if isNote, known != nil { return false }
        let before = known ?? StampVector()
        var after = before
        if isNote {
            after = StampVector(stamp: commit.stamp, fields: FieldMask(field: 0))
        } else {
            let pendingHere = try waiting.among(before.entries.lazy.map(\.stamp))
            after.receive(
                stamp: commit.stamp, fields: change.live, siblings: change.siblings, isPending: pendingHere.contains)
        }
        let old = ParkedValues.ParkedRecord(
            id: header.record, collection: header.collection, kind: isNote ? 1 : 0, parent: header.parent,
            stamps: before)
        var new = old
        new.stamps = after
        if known != nil { state.fingerprint.subtract(parked.hash(old, store.hasher)) }
        state.fingerprint.add(parked.hash(new, store.hasher))
        try parked.setRecord(
            header.record, collection: header.collection, kind: old.kind, parent: header.parent, stamps: after)
        if isOpen {
            let wanted = isNote ? header.fields : change.live
            let payload = try ValueCodec.part(openedPayload, fields: header.fields, wanted: wanted)
            try park(change, commit, .unknown, payload, wanted)
        } else {
            try park(change, commit, .unopened, Array(change.sealed), change.live)
        }
        if !isNote { try parked.prune(header.record, after) }
        return true
    }

    private func park(
        _ change: FeedChange, _ commit: FeedCommit, _ reason: ParkedValues.Reason, _ payload: [UInt8], _ live: FieldMask
    ) throws {
        let header = change.header
        if reason == .unopened { unopenedCount += 1 }
        try store.parked.insert(
            ParkedValues.Item(
                record: header.record, stamp: commit.stamp, collection: header.collection,
                kind: Int(header.kind.rawValue),
                parent: header.parent, fields: reason == .unopened ? header.fields : live, reason: reason,
                position: commit.position, epoch: header.epoch, nonce: commit.nonce, nonceIndex: change.index,
                payload: payload, live: live))
        store.noteParked()
    }

    private static let arrival = StatementText(
        "INSERT OR REPLACE INTO lugn_arrival (replica, time, position) VALUES (?, ?, ?)")

    private func keepArrival(_ commit: FeedCommit) throws {
        try store.connection.withStatement(Self.arrival) { statement in
            try statement.bind(1, Int64(bitPattern: commit.stamp.replica.rawValue))
            try statement.bind(2, Int64(bitPattern: commit.stamp.time.rawValue))
            try statement.bind(3, Int64(bitPattern: commit.position))
            try statement.run()
        }
    }
}
