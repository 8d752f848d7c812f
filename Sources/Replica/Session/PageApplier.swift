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
    private var pending: [HybridTimestamp: (base: UInt64, context: VersionVector?)] = [:]
    /// The times of all commits in the outbox; nil until one of them is asked for.
    private var pendingTimes: Set<HybridTimestamp>?

    private(set) var commitCount = 0
    private(set) var unopenedCount = 0
    private(set) var hasErased = false
    private(set) var changed: [RecordID] = []

    private var opened: [UInt8] = []
    private var places: [ValuePlace] = []

    init(
        _ store: RecordStore, _ keys: SessionKeys, _ limits: Limits, _ state: ReplicaState, _ link: Link
    ) throws {
        self.store = store
        self.keys = keys
        self.limits = limits
        ancestry = link.ancestry
        keepsArrivals = link.isFirstSyncDone && !state.needsContext
        // What unacknowledged writes have seen may come again: while the feed is read anew, and after a healing.
        let condition = state.needsContext ? "1" : "context IS NOT NULL"
        try Outbox(connection: store.connection).forEach(where: condition) { commit in
            pending[commit.time] = (commit.base, commit.context)
            return true
        }
    }

    func run(_ page: ArraySlice<UInt8>, _ state: inout ReplicaState) throws {
        var reader = CBORReader(page)
        do {
            while !reader.isAtEnd {
                let commit = try reader.feedCommit(limits: limits)
                try apply(commit, &state)
                commitCount += 1
            }
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
        }
    }

    private func apply(_ change: FeedChange, _ commit: FeedCommit, _ state: inout ReplicaState) throws -> Bool {
        let header = change.header
        let isOpen = keys.sealer.open(
            change.sealed, header: header, stamp: commit.stamp, nonce: commit.nonce, index: change.index, into: &opened)
        if header.kind == .erase {
            // An erasure that no workstation of the line has sealed is nobody's: destroying on the server's word alone
            // is the one thing it must not be able to do.
            guard isOpen else {
                unopenedCount += 1
                return false
            }
            let (isNew, gone) = try store.erase(
                collection: header.collection, header.record, fingerprint: &state.fingerprint)
            if isNew { hasErased = true }
            changed.append(contentsOf: gone)
            return isNew
        }
        if try isGone(header) {
            Marks.reach(.changeAfterErasure)
            return false
        }
        guard let collection = store.schema.collection(header.collection) else {
            return try park(change, commit, isOpen, &state)
        }
        guard (collection.kind == .notes) == (header.kind == .add) else {
            // Some workstation has another idea of the collection. It must not stop what comes after it.
            return try park(change, commit, false, &state)
        }
        let unknown = try readValues(change, collection, isOpen: isOpen)
        switch header.kind {
        case .add: return try add(change, commit, collection, unknown, &state)
        default: return try put(change, commit, collection, unknown, &state)
        }
    }

    private func isGone(_ header: ChangeHeader) throws -> Bool {
        if try store.isErased(header.record) { return true }
        guard let parent = header.parent else { return false }
        return try store.isErased(parent)
    }

    // MARK: Records and notes

    private func put(
        _ change: FeedChange, _ commit: FeedCommit, _ collection: CollectionSchema, _ unknown: FieldMask?,
        _ state: inout ReplicaState
    ) throws -> Bool {
        let id = change.header.record
        let entry = StampVector.Entry(stamp: commit.stamp, fields: change.live)
        let isNew = try store.insertRecord(
            collection, id, parent: change.header.parent, entry: entry, places: places, buffer: opened,
            fingerprint: &state.fingerprint)
        if isNew {
            try parkRest(change, commit, unknown)
            return true
        }
        guard let before = try store.rows.stamps(collection, id) else { return false }
        var after = before
        let isPending = try pendingTest(before, state)
        let taken = after.receive(
            stamp: commit.stamp, fields: change.live, siblings: change.siblings, isPending: isPending,
            seenByPending: seenByPending(before, change, commit, state, isPending))
        // One that was here already has its value here already.
        if taken.isEmpty || before == after { return false }
        try parkRest(change, commit, unknown)
        try store.transition(
            collection, id, from: before, to: after, incoming: .init(stamp: commit.stamp, fields: taken),
            places: places, buffer: opened, fingerprint: &state.fingerprint)
        return true
    }

    private func add(
        _ change: FeedChange, _ commit: FeedCommit, _ collection: CollectionSchema, _ unknown: FieldMask?,
        _ state: inout ReplicaState
    ) throws -> Bool {
        let isNew = try store.insertNote(
            collection, change.header.record, parent: change.header.parent, stamp: commit.stamp,
            fields: change.header.fields, places: places, buffer: opened, fingerprint: &state.fingerprint)
        if isNew { try parkRest(change, commit, unknown) }
        return isNew
    }

    /// Which of a record's writes the server has not acknowledged: those of the outbox, and nothing else under this
    /// replica's id.
    private func pendingTest(_ vector: StampVector, _ state: ReplicaState) throws -> (Stamp) -> Bool {
        guard vector.entries.contains(where: { state.mayBePending($0.stamp) }) else { return { _ in false } }
        let times = try pendingTimes ?? Outbox(connection: store.connection).times()
        pendingTimes = times
        return { [replica = state.replica] in $0.replica == replica && times.contains($0.time) }
    }

    /// In which of a change's fields an unacknowledged write of ours has itself seen it.
    private func seenByPending(
        _ before: StampVector, _ change: FeedChange, _ commit: FeedCommit, _ state: ReplicaState,
        _ isPending: (Stamp) -> Bool
    ) -> FieldMask {
        var seen = FieldMask.empty
        for entry in before.entries where isPending(entry.stamp) && entry.stamp != commit.stamp {
            let isSeen: Bool
            if commit.stamp.replica == state.replica || ancestry.includes(commit.stamp) {
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

    /// Finds the change's values; returns the fields that this schema does not have, nil if it cannot be read at all.
    private func readValues(
        _ change: FeedChange, _ collection: CollectionSchema, isOpen: Bool
    ) throws -> FieldMask? {
        places.removeAll(keepingCapacity: true)
        guard isOpen else { return nil }
        do {
            return try ValueCodec.places(
                opened, fields: change.header.fields, collection: collection, limits: limits, into: &places)
        } catch {
            // Sealed by a workstation of the line, but not what the schema says: kept like one that cannot be opened.
            places.removeAll(keepingCapacity: true)
            return nil
        }
    }

    // MARK: What cannot be shown

    /// Keeps what of a change of a known collection has no place in the tables.
    private func parkRest(_ change: FeedChange, _ commit: FeedCommit, _ unknown: FieldMask?) throws {
        guard let unknown else { return try park(change, commit, .unopened, Array(change.sealed), change.live) }
        let wanted = change.header.kind == .add ? unknown : unknown.intersection(change.live)
        if wanted.isEmpty { return }
        Marks.reach(.parkedField)
        let payload = try ValueCodec.part(opened, fields: change.header.fields, wanted: wanted)
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
            after.receive(
                stamp: commit.stamp, fields: change.live, siblings: change.siblings,
                isPending: try pendingTest(before, state))
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
            let payload = try ValueCodec.part(opened, fields: header.fields, wanted: wanted)
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

    private func keepArrival(_ commit: FeedCommit) throws {
        try store.connection.withStatement(
            "INSERT OR REPLACE INTO lugn_arrival (replica, time, position) VALUES (?, ?, ?)"
        ) { statement in
            try statement.bind(1, Int64(bitPattern: commit.stamp.replica.rawValue))
            try statement.bind(2, Int64(bitPattern: commit.stamp.time.rawValue))
            try statement.bind(3, Int64(bitPattern: commit.position))
            try statement.run()
        }
    }
}
