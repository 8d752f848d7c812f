import Merge
import Support
import SyncProtocol

/// What a request touches of a line, read beforehand, and what is to be written of it.
///
/// The rules of joining: a put stands where no change that is here replaces it, a note once, an erasure for ever; and a
/// change below a tombstone is dropped. No store, no clock, no randomness: a store reads it, lets ``AcceptRules`` or
/// ``HealRules`` decide, and carries out ``writes``.
struct WorkingSet: Sendable {
    var line: LineState
    private(set) var records: HeldRecords
    /// What was erased, and those of it whose erasure was found damaged: they hold, and are taken again.
    private(set) var tombstones: Set<RecordID>
    private var lostErasures: Set<RecordID>
    /// The records that are here and stand somewhere below an id.
    private var below: [RecordID: Set<RecordID>] = [:]
    private(set) var writes: [StoreWrite] = []
    /// Whether content was removed for good: it has to leave the write-ahead log too.
    private(set) var hasErased = false

    init(
        line: LineState, records: HeldRecords = HeldRecords(), tombstones: Set<RecordID> = [],
        lostErasures: Set<RecordID> = []
    ) {
        self.line = line
        self.records = records
        self.tombstones = tombstones.union(lostErasures)
        self.lostErasures = lostErasures
        for (id, record) in records.all { note(id, below: record.header?.path ?? []) }
    }

    // MARK: Looking

    /// Whether a change could have been written of what is known of its record. What was erased takes every change, and
    /// drops it.
    func isConsistent(_ header: ChangeHeader) -> Bool {
        records[header.record]?.isConsistent(with: header) ?? true
    }

    func isErased(_ header: ChangeHeader) -> Bool {
        if tombstones.isEmpty { return false }
        return tombstones.contains(header.record) || header.parent.map(tombstones.contains) == true
            || header.ancestors.contains(where: tombstones.contains)
    }

    /// Whether an erasure is held, to be handed out.
    func holdsErasure(of id: RecordID) -> Bool { tombstones.contains(id) && !lostErasures.contains(id) }

    /// What has been decided since it was last asked for.
    mutating func takeWrites() -> [StoreWrite] {
        defer { writes = [] }
        return writes
    }

    // MARK: Joining

    /// Joins a change. Returns whether anything changed.
    @discardableResult
    mutating func join(_ change: SealedChange, index: Int, nonceIndex: UInt64, by carrier: inout Carrier) -> Bool {
        let header = change.header
        if header.kind == .erase { return erase(change, index: index, nonceIndex: nonceIndex, by: &carrier) }
        if isErased(header) {
            Marks.reach(.changeAfterErasure)
            return false
        }
        var record = records.take(header.record)
        defer { records.put(record, for: header.record) }
        guard record.isConsistent(with: header) else { return false }
        let before = record.hash
        let isNew = record.isEmpty
        let live = record.join(header, stamp: carrier.stamp)
        for change in record.reduced { reduce(change) }
        if let live {
            let place = ChangePlace(position: position(of: &carrier), index: index)
            insert(change, live: live, place: place, nonceIndex: nonceIndex, nonce: carrier.nonce, carrier.stamp)
            record.append(
                HeldChange(
                    place: place, stamp: carrier.stamp, header: header, live: live, sealedBytes: change.sealed.count))
            if isNew {
                note(header.record, below: header.path)
                if !header.ancestors.isEmpty { writes.append(.path(header.record, ancestors: header.ancestors)) }
            }
        }
        let after = record.hash
        if live == nil, before == after { return false }
        line.account(header.record, from: before, to: after)
        if record.changes.count > 2 { Marks.reach(.conflictOfThree) }
        return true
    }

    /// Hands a write out again, to its own writer too, which has sent it with a greater time than is held.
    mutating func handOutLesserTimes(of header: ChangeHeader, stamp: Stamp) {
        guard header.kind == .put else { return }
        var record = records.take(header.record)
        defer { records.put(record, for: header.record) }
        for held in record.changes(of: stamp.dot, before: stamp.time) {
            let entry = line.append(held.stamp, commit: nil, nonce: .same(position: held.place.position))
            let place = ChangePlace(position: entry.position, index: 0)
            writes.append(.log(entry))
            writes.append(.move(held.place, to: place))
            record.move(held.place, to: place)
        }
    }

    mutating func append(_ entry: LogEntry) { writes.append(.log(entry)) }
    mutating func append(_ lease: Lease, for replica: ReplicaID) { writes.append(.lease(lease, replica: replica)) }

    // MARK: Parts

    /// Erases a record with everything whose path holds it; the erasure itself stands for ever. Once is enough.
    private mutating func erase(
        _ change: SealedChange, index: Int, nonceIndex: UInt64, by carrier: inout Carrier
    ) -> Bool {
        let id = change.header.record
        guard tombstones.insert(id).inserted || lostErasures.remove(id) != nil else { return false }
        let place = ChangePlace(position: position(of: &carrier), index: index)
        let children = below.removeValue(forKey: id) ?? []
        if !children.isEmpty { Marks.reach(.erasureOfSubtree) }
        for record in [id] + children.sorted() { remove(record) }
        insert(change, live: .empty, place: place, nonceIndex: nonceIndex, nonce: carrier.nonce, carrier.stamp)
        writes.append(.tombstone(id, place))
        line.account(id, from: nil, to: ItemHasher.standard.tombstone(id))
        return true
    }

    private mutating func remove(_ id: RecordID) {
        let record = records.take(id)
        if record.isEmpty { return }
        line.account(id, from: record.hash, to: nil)
        for change in record.changes {
            writes.append(.remove(change.place))
            line.liveChanges -= 1
            line.sealedBytes -= Int64(change.sealedBytes)
        }
        if let ancestors = record.header?.ancestors, !ancestors.isEmpty {
            writes.append(.dropPath(id, ancestors: ancestors))
        }
        line.removals += 1
        hasErased = true
    }

    private mutating func reduce(_ change: HeldChange) {
        if !change.live.isEmpty { return writes.append(.stand(change.place, change.live)) }
        writes.append(.remove(change.place))
        line.liveChanges -= 1
        line.sealedBytes -= Int64(change.sealedBytes)
    }

    private mutating func insert(
        _ change: SealedChange, live: FieldMask, place: ChangePlace, nonceIndex: UInt64, nonce: [UInt8], _ stamp: Stamp
    ) {
        let hash = RowHash.of(change, stamp: stamp, nonce: nonce, nonceIndex: nonceIndex)
        writes.append(
            .insert(NewChange(place: place, change: change, live: live, nonceIndex: nonceIndex, hash: hash)))
        line.liveChanges += 1
        line.sealedBytes += Int64(change.sealed.count)
    }

    private mutating func position(of carrier: inout Carrier) -> UInt64 {
        if let position = carrier.position { return position }
        let entry = line.append(carrier.stamp, commit: nil, nonce: .bytes(carrier.nonce))
        writes.append(.log(entry))
        carrier.position = entry.position
        return entry.position
    }

    private mutating func note(_ id: RecordID, below path: [RecordID]) {
        for ancestor in path { below[ancestor, default: []].insert(id) }
    }
}

/// What changes come in with.
struct Carrier {
    var stamp: Stamp
    var nonce: [UInt8]
    /// Their position in the log; nil until a change needs one: then they are handed out to everybody, their writer too.
    var position: UInt64?
}
