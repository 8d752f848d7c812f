import Merge
import SyncProtocol

/// The server of the design's `merge_model.py`, transcribed: per field the writes that no accepted write has seen, in
/// dictionaries, without a thought for speed. Beyond it: notes, erasures with all below, contexts.
struct ModelServer {
    struct Write { let commit: Int, index: Int, stamp: Stamp, header: ChangeHeader }
    struct Key: Hashable { let record: RecordID, field: Int }
    struct Origin { var last: UInt64 = 0, digests: [UInt64: [UInt8]] = [0: [UInt8](repeating: 0, count: 16)] }
    /// What the feed says of one change.
    struct Standing: Hashable {
        let position: UInt64, index: UInt64, stamp: Stamp, record: RecordID, live: FieldMask
        let siblings: [StampVector.Entry]
    }

    private(set) var head = 0
    private var origins: [ReplicaID: Origin] = [:]
    private var siblings: [Key: [Write]] = [:]
    private var notes: [RecordID: Write] = [:]
    private var erased: [RecordID: Write] = [:]
    private var parents: [RecordID: RecordID] = [:]
    private var highest = HybridTimestamp.zero

    // MARK: Taking

    mutating func sync(_ request: SyncRequest, now: Int64) -> (
        outcome: SyncResponse.Outcome, held: UInt64, digests: [[UInt8]]
    ) {
        var origin = origins[request.replica] ?? Origin()
        let outcome = take(request, &origin, now)
        origins[request.replica] = origin
        let digests = request.commits.filter { $0.number <= origin.last }.map { origin.digests[$0.number]! }
        return (outcome, origin.last, digests)
    }

    private mutating func take(_ request: SyncRequest, _ origin: inout Origin, _ now: Int64) -> SyncResponse.Outcome {
        if request.acknowledged > origin.last { return .diverged }
        if origin.digests[request.acknowledged] != request.acknowledgedDigest { return .forked }
        if request.commits.isEmpty, origin.last > request.acknowledged { return .forked }
        let latest = max(
            HybridTimestamp(milliseconds: now + 60_000, counter: .max),
            HybridTimestamp(milliseconds: highest.milliseconds + 1_000, counter: .max))
        for commit in request.commits {
            if commit.number <= origin.last {
                if origin.digests[commit.number] != commit.digest { return .forked }
                continue
            }
            if commit.time > latest { return .clock }
            head += 1
            origin.last = commit.number
            origin.digests[commit.number] = commit.digest
            highest = max(highest, commit.time)
            let stamp = Stamp(time: commit.time, replica: request.replica)
            for (index, change) in commit.changes.enumerated() {
                apply(Write(commit: head, index: index, stamp: stamp, header: change.header), commit, request.ancestry)
            }
        }
        return .done
    }

    private mutating func apply(_ write: Write, _ commit: SealedCommit, _ ancestry: Ancestry) {
        let id = write.header.record
        if let parent = write.header.parent { parents[id] = parent }
        switch write.header.kind {
        case .erase: if erased[id] == nil { erased[id] = write }
        case .add: if notes[id] == nil, !isGone(id) { notes[id] = write }
        case .put:
            if isGone(id) { return }
            write.header.fields.forEach { field in
                siblings[Key(record: id, field: field), default: []].removeAll { other in
                    if other.stamp.replica == write.stamp.replica || ancestry.includes(other.stamp) { return true }
                    return commit.context?.contains(other.stamp) ?? (other.commit <= commit.base)
                }
                siblings[Key(record: id, field: field), default: []].append(write)
            }
        }
    }

    private func isGone(_ id: RecordID) -> Bool {
        var next: RecordID? = id
        while let current = next {
            if erased[current] != nil { return true }
            next = parents[current]
        }
        return false
    }

    // MARK: Handing out

    func feed(after position: UInt64, without replica: ReplicaID?) -> [Standing] {
        var masks: [Stamp: [RecordID: FieldMask]] = [:]
        var all: [Write] = []
        for (key, writes) in siblings where !isGone(key.record) {
            for write in writes {
                if masks[write.stamp]?[key.record] == nil { all.append(write) }
                masks[write.stamp, default: [:]][key.record, default: .empty].insert(key.field)
            }
        }
        var result = all.map { write in
            let live = masks[write.stamp]![write.header.record]!
            let others = all.filter { $0.header.record == write.header.record && $0.stamp != write.stamp }
            let entries = others.compactMap { other -> StampVector.Entry? in
                let shared = masks[other.stamp]![write.header.record]!.intersection(live)
                return shared.isEmpty ? nil : .init(stamp: other.stamp, fields: shared)
            }.sorted { $0.stamp > $1.stamp }
            return standing(write, live, entries)
        }
        result += notes.values.filter { !isGone($0.header.record) }.map { standing($0, $0.header.fields, []) }
        result += erased.values.map { standing($0, .empty, []) }
        return result.filter { $0.position > position && $0.stamp.replica != replica }
            .sorted { ($0.position, $0.index) < ($1.position, $1.index) }
    }

    private func standing(_ write: Write, _ live: FieldMask, _ siblings: [StampVector.Entry]) -> Standing {
        Standing(
            position: UInt64(write.commit), index: UInt64(write.index), stamp: write.stamp, record: write.header.record,
            live: live, siblings: siblings)
    }

    func fingerprint(_ hasher: ItemHasher) -> Fingerprint {
        var sum = Fingerprint()
        let standing = feed(after: 0, without: nil)
        let puts = standing.filter { notes[$0.record] == nil && erased[$0.record] == nil }
        for (id, entries) in Dictionary(grouping: puts, by: \.record) {
            let vector = StampVector(unsorted: entries.map { .init(stamp: $0.stamp, fields: $0.live) })!
            sum.add(hasher.record(id, collection: 1, entries: vector.entries))
        }
        for id in notes.keys where !isGone(id) { sum.add(hasher.note(id, collection: 2)) }
        for id in erased.keys { sum.add(hasher.tombstone(id)) }
        return sum
    }
}
