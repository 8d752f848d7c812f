import Merge
import Support
import SyncProtocol

/// Keeps each line's ``SumIndex`` between requests, so that a thousand replicas that heal do not make the server read
/// everything a thousand times.
final class SumCache: Sendable {
    private struct Known {
        var index: SumIndex
        var cursor: Cursor
        var removals: Int64
    }
    private let lines = Lock<[LineID: Known]>([:])

    /// For each range how much the line holds in it, nil where it holds the same; and whether all of it adds up to the line's
    /// own sum.
    ///
    /// The caller's snapshot may be older than what another request has brought the index to: then everything is read.
    func compare(_ ranges: [ComparedRange], _ line: LineState, _ access: some LineAccess) throws -> (
        counts: [UInt64?], isSumRight: Bool
    ) {
        try lines.withLock { lines throws(any Error) in
            let scan = { (range: RecordRange) in try access.items(in: range, line) }
            var known: Known
            if var before = lines[line.id], before.removals == line.removals,
                try access.contains(before.cursor, line)
            {
                if before.cursor != line.cursor {
                    try before.index.update(access.records(after: before.cursor.position, line), scan)
                }
                known = before
            } else {
                known = Known(index: try SumIndex(scan), cursor: line.cursor, removals: line.removals)
            }
            known.cursor = line.cursor
            lines[line.id] = known
            let counts = try ranges.map { compared -> UInt64? in
                let sum = try known.index.sum(compared.range, scan)
                return sum == compared.sum ? nil : sum.count
            }
            return (counts, known.index.total.fingerprint == line.fingerprint)
        }
    }

    /// Whoever mended a line's rows has it read anew.
    func forget(_ line: LineID) { lines.withLock { $0[line] = nil } }

    /// The store was replaced by another state of itself.
    func forgetAll() { lines.withLock { $0.removeAll() } }
}
