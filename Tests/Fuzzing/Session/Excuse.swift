import Merge
import SyncProtocol

/// What a request of A may do to what others have written, by the rules of the protocol: replace what it has seen, and
/// erase. Everything else must stand as it did.
struct Excuse {
    private var replaced: [Standing.Name: FieldMask] = [:]
    private var erased: Set<RecordID> = []
    private var reworded: [Standing.Name: [Wording]] = [:]

    private struct Wording: Equatable {
        var header: ChangeHeader
        var sealed: ArraySlice<UInt8>
        var nonce: [UInt8]
        var index: UInt64
    }

    /// Nothing: the request was refused, or is none.
    init() {}

    init(_ request: SyncRequest, _ standing: Standing) {
        for commit in request.commits {
            for change in commit.changes {
                if change.header.kind == .erase { erased.insert(change.header.record) }
                guard change.header.kind == .put else { continue }
                for row in standing.rows where row.header.record == change.header.record {
                    guard commit.context?.contains(row.stamp) ?? (row.position <= commit.base) else { continue }
                    replaced[row.name, default: .empty].formUnion(change.header.fields)
                }
            }
        }
        eraseBelow(standing, request.commits.flatMap(\.changes).map(\.header))
    }

    init(_ request: HealRequest, _ standing: Standing) {
        for part in request.parts {
            for item in part.items where item.change.header.kind == .erase { erased.insert(item.change.header.record) }
            let items = Dictionary(
                grouping: part.items.filter { $0.change.header.kind == .put }, by: \.change.header.record)
            for row in standing.rows where row.header.kind == .put {
                guard let offered = items[row.header.record] else { continue }
                take(offered, beside: row, in: request)
            }
        }
        eraseBelow(standing, request.parts.flatMap(\.items).map(\.change.header))
    }

    /// Where the offer has something in place of a write that it has seen, the write is replaced; where it has nothing,
    /// the write was lost there, and stands.
    private mutating func take(_ offered: [HealItem], beside row: Standing.Row, in request: HealRequest) {
        var held = FieldMask.empty
        var same = FieldMask.empty
        let isTwice = request.parts.count { $0.range.contains(row.header.record) } > 1
        for item in offered {
            held.formUnion(item.change.header.fields)
            guard item.stamp == row.stamp else { continue }
            same.formUnion(item.change.header.fields)
            // Of more fields than are known of this write: then it is the item's bytes that say all of it. And what an
            // earlier part of the same range replaced comes as the later one has it.
            if isTwice || !item.change.header.fields.isSubset(of: row.header.fields) {
                reworded[row.name, default: []].append(
                    Wording(
                        header: item.change.header, sealed: item.change.sealed, nonce: request.nonce, index: item.index)
                )
            }
        }
        if request.seen.contains(row.stamp) { replaced[row.name, default: .empty].formUnion(held.subtracting(same)) }
    }

    /// What lies below something erased goes with it. A record's parent is the one it was made with: what the request
    /// says of a record that stands does not count.
    private mutating func eraseBelow(_ standing: Standing, _ added: [ChangeHeader]) {
        var parents: [RecordID: Set<RecordID>] = [:]
        for header in added { if let parent = header.parent { parents[header.record, default: []].insert(parent) } }
        for row in standing.rows where row.header.kind != .erase { parents[row.header.record] = [] }
        for row in standing.rows where row.header.kind != .erase {
            if let parent = row.header.parent { parents[row.header.record] = [parent] }
        }
        var count = -1
        while count != erased.count {
            count = erased.count
            for (record, above) in parents where !above.isDisjoint(with: erased) { erased.insert(record) }
        }
    }

    func covers(_ row: Standing.Row) -> Bool { erased.contains(row.header.record) }

    /// The fields of a write that must still stand after the request.
    func kept(_ row: Standing.Row) -> FieldMask {
        covers(row) ? .empty : row.live.subtracting(replaced[row.name] ?? .empty)
    }

    /// Whether a write may stand as `now`, where it stood as `row`.
    func allows(_ now: Standing.Row, for row: Standing.Row) -> Bool {
        func wording(_ row: Standing.Row) -> Wording {
            Wording(header: row.header, sealed: row.sealed, nonce: row.nonce, index: row.index)
        }
        if wording(now) == wording(row) { return now.live.isSubset(of: row.live) }
        return reworded[row.name]?.contains(wording(now)) ?? false
    }
}
