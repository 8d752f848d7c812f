import Merge
import SyncProtocol

/// What a request of A may do to what others have written, by the rules of the protocol: replace what it has seen, and
/// erase. Everything else must stand as it did.
struct Excuse {
    private var replaced: [Standing.Name: FieldMask] = [:]
    private var erased: Set<RecordID> = []

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
        for item in request.items where item.change.header.kind == .erase { erased.insert(item.change.header.record) }
        for row in standing.rows where request.seen.contains(row.stamp) {
            let isInRange =
                request.after.map { row.header.record > $0 } ?? true
                && request.through.map { row.header.record <= $0 } ?? true
            let isOffered = request.items.contains { $0.change.header.record == row.header.record }
            guard isInRange || isOffered, row.header.kind == .put else { continue }
            replaced[row.name] = .all
        }
        eraseBelow(standing, request.items.map(\.change.header))
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
}
