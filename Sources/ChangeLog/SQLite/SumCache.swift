import Merge
import SQLite
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
    func compare(_ ranges: [ComparedRange], _ line: LineState, _ connection: Connection) throws -> (
        counts: [UInt64?], isSumRight: Bool
    ) {
        try lines.withLock { lines throws(any Error) in
            let changes = ChangeTable(connection: connection, line: line.ref)
            var known: Known
            if var before = lines[line.id], before.removals == line.removals,
                try LogTable(connection: connection, line: line.ref).contains(before.cursor, line)
            {
                if before.cursor != line.cursor {
                    try before.index.update(
                        changes.records(after: before.cursor.position), changes.items(in:))
                }
                known = before
            } else {
                known = Known(index: try SumIndex(changes.items(in:)), cursor: line.cursor, removals: line.removals)
            }
            known.cursor = line.cursor
            lines[line.id] = known
            let counts = try ranges.map { compared -> UInt64? in
                let sum = try known.index.sum(compared.range, changes.items(in:))
                return sum == compared.sum ? nil : sum.count
            }
            return (counts, known.index.total.fingerprint == line.fingerprint)
        }
    }

    /// Whoever mended a line's rows has it read anew.
    func forget(_ line: LineID) { lines.withLock { $0[line] = nil } }
}
