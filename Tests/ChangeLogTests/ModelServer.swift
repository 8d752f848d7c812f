import Merge
import Sealing
import SyncProtocol

/// The server of `dot_model.py`, transcribed without a thought for speed: all changes that ever came are kept, and what
/// stands is looked for among them anew each time.
struct ModelServer {
    struct Write: Hashable {
        var record: RecordID
        var dot: Dot
        var time: HybridTimestamp
        var fields: Set<Int>
        var names: [Int: Set<Dot>]
        var path: [RecordID]
    }
    /// What the feed hands out of a record.
    struct Standing: Hashable {
        var record: RecordID
        /// Nil for a note, of which one counts, and an erasure.
        var stamp: Stamp?
    }
    private struct Replica {
        var last: UInt64 = 0
        var digests: [UInt64: [UInt8]] = [0: CommitDigest.start]
    }

    private var replicas: [ReplicaID: Replica] = [:]
    private var writes: [RecordID: [Write]] = [:]
    private var notes: [RecordID: [RecordID]] = [:]
    private(set) var erased: Set<RecordID> = []
    private var highest = HybridTimestamp.zero

    // MARK: The session

    mutating func sync(_ request: SyncRequest, now: Int64) -> (
        outcome: SyncResponse.Outcome, held: UInt64, digests: [[UInt8]], proven: UInt64
    ) {
        var replica = replicas[request.replica] ?? Replica()
        var proven = request.acknowledged
        let outcome = take(request, &replica, &proven, now)
        replicas[request.replica] = replica
        let digests = request.acknowledged < replica.last ? Array(request.acknowledged + 1...replica.last) : []
        return (outcome, replica.last, digests.map { replica.digests[$0]! }, proven)
    }

    private mutating func take(
        _ request: SyncRequest, _ replica: inout Replica, _ proven: inout UInt64, _ now: Int64
    ) -> SyncResponse.Outcome {
        if request.acknowledged > replica.last { return .diverged }
        if replica.digests[request.acknowledged] != request.acknowledgedDigest { return .forked }
        let latest = max(
            HybridTimestamp(milliseconds: now + 60_000, counter: .max),
            HybridTimestamp(milliseconds: highest.milliseconds + 1_000, counter: .max))
        for commit in request.commits {
            if commit.number <= replica.last {
                if replica.digests[commit.number] != commit.digest { return .forked }
                proven = max(proven, commit.number)
            } else {
                if commit.stamp.time > latest { return .clock(digest: commit.digest) }
                (replica.last, proven) = (commit.number, commit.number)
                replica.digests[commit.number] = commit.digest
                highest = max(highest, commit.stamp.time)
            }
            for change in commit.changes { join(change.header, commit.stamp) }
        }
        return .done
    }

    mutating func heal(_ items: [HealItem], now: Int64) {
        for item in items {
            let before = standing
            join(item.change.header, item.stamp)
            if standing != before, item.change.header.kind != .erase {
                highest = max(highest, min(item.stamp.time, .init(milliseconds: now + 60_000, counter: .max)))
            }
        }
    }

    private mutating func join(_ header: ChangeHeader, _ stamp: Stamp) {
        let id = header.record
        switch header.kind {
        case .erase: erased.insert(id)
        case .add: notes[id] = header.path
        case .put:
            var write = Write(
                record: id, dot: stamp.dot, time: stamp.time, fields: [], names: [:], path: header.path)
            header.fields.forEach { field in
                write.fields.insert(field)
                write.names[field] = Set(
                    header.replaced.elements.filter { $0.fields.contains(field) }.map(\.dot))
            }
            writes[id, default: []].append(write)
        }
    }

    // MARK: What stands

    private func isErased(_ id: RecordID, _ path: [RecordID]) -> Bool { !erased.isDisjoint(with: [id] + path) }

    /// In a field, the writes that no other one replaces: none that names their dot and all that they name.
    private func shown(_ id: RecordID, _ field: Int) -> [Write] {
        let all = (writes[id] ?? []).filter { $0.fields.contains(field) && !isErased(id, $0.path) }
        return all.filter { write in
            !all.contains { other in
                guard other.dot != write.dot, let names = other.names[field] else { return false }
                return names.contains(write.dot) && names.isSuperset(of: write.names[field]!.subtracting([write.dot]))
            }
        }
    }

    /// What a write of a field names, by whoever sees all that stands here.
    func names(_ id: RecordID, _ field: Int) -> Set<Dot> {
        shown(id, field).reduce(into: []) {
            $0.insert($1.dot); $0.formUnion($1.names[field]!)
        }
    }

    /// Per record the dots that stand, with their fields and least times.
    private func entries(_ id: RecordID) -> [RecordState.Entry] {
        var fields: [Dot: FieldMask] = [:]
        for field in 0..<6 { for write in shown(id, field) { fields[write.dot, default: .empty].insert(field) } }
        return fields.map { dot, mask in
            let time = writes[id]!.filter { $0.dot == dot }.map(\.time).min()!
            return RecordState.Entry(stamp: Stamp(time: time, dot: dot), fields: mask)
        }.sorted { $0.stamp > $1.stamp }
    }

    var standing: Set<Standing> {
        var result: Set<Standing> = []
        for id in writes.keys { for entry in entries(id) { result.insert(Standing(record: id, stamp: entry.stamp)) } }
        for (id, path) in notes where !isErased(id, path) { result.insert(Standing(record: id)) }
        for id in erased { result.insert(Standing(record: id)) }
        return result
    }

    func fingerprint(_ hasher: ItemHasher) -> Fingerprint {
        var sum = Fingerprint()
        for id in writes.keys {
            let entries = entries(id)
            if !entries.isEmpty { sum.add(hasher.record(id, collection: 1, entries: entries)) }
        }
        for (id, path) in notes where !isErased(id, path) { sum.add(hasher.note(id, collection: 2)) }
        for id in erased { sum.add(hasher.tombstone(id)) }
        return sum
    }
}
