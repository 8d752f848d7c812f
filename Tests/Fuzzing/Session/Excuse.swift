import Merge
import SyncProtocol

/// What a request of A may do to what others have written, by the rules of the protocol: replace what its changes name, with
/// all that that names, and erase. Everything else must stand as it did.
struct Excuse {
    private var changes: [RecordID: [RecordState.Entry]] = [:]
    private var erased: Set<RecordID> = []
    /// Times under which a write was sent.
    private var times: [Standing.Name: HybridTimestamp] = [:]

    /// Nothing: the request was refused, or is none.
    init() {}

    init(_ request: SyncRequest, _ claims: inout Claims) {
        for commit in request.commits {
            for change in commit.changes { claims.add(change.header, commit.stamp) }
        }
        for commit in request.commits {
            for change in commit.changes { take(change.header, commit.stamp, claims) }
        }
    }

    init(_ request: HealRequest, _ claims: inout Claims) {
        let items = request.parts.flatMap(\.items)
        for item in items { claims.add(item.change.header, item.stamp) }
        for item in items { take(item.change.header, item.stamp, claims) }
    }

    private mutating func take(_ header: ChangeHeader, _ stamp: Stamp, _ claims: Claims) {
        if header.kind == .erase { erased.insert(header.record) }
        guard header.kind == .put else { return }
        let name = Standing.Name(record: header.record, dot: stamp.dot)
        times[name] = min(times[name] ?? stamp.time, stamp.time)
        if let entry = claims.entries[name] { changes[header.record, default: []].append(entry) }
    }

    /// What lies below something erased goes with it, by its own path.
    func covers(_ row: Standing.Row) -> Bool {
        erased.contains(row.header.record) || row.header.path.contains(where: erased.contains)
    }

    /// The fields of a write, of those in which it stood, that must still stand after the request.
    func kept(_ row: Standing.Row, live: FieldMask) -> FieldMask {
        if covers(row) { return .empty }
        var kept = live
        for change in changes[row.header.record] ?? [] where change.stamp.dot != row.stamp.dot {
            var state = RecordState(row.header.entry(row.stamp))
            state.join(change)
            kept = kept.intersection(state.fields(of: row.stamp.dot))
        }
        return kept
    }

    /// Whether other bytes may stand for a write: of one dot with two times the lesser counts, and its change is held.
    func mayReword(_ row: Standing.Row) -> Bool {
        guard let time = times[row.name] else { return false }
        return time < row.stamp.time
    }
}
