import Merge
import SQLite
import SyncProtocol

/// Looks over the next part of a line (``Scrub``). Inside the caller's transaction.
struct Scrubber {
    let connection: Connection

    enum Result { case goesOn, finished, isWrong }

    /// - Parameter count: how many rows, or records, are looked at. Cost: some three microseconds for each.
    func step(_ id: LineID, count: Int, now: Int64) throws -> Result {
        guard var line = try LineTable(connection: connection).find(id) else {
            throw ChangeLogError(.wrongLine, "there is no such line; nothing was changed")
        }
        let changes = ChangeTable(connection: connection, line: line.ref)
        var result = Result.goesOn
        switch line.scrub ?? .start {
        case .rows(let key):
            let part = try changes.damaged(after: key, limit: count)
            guard part.damaged.isEmpty else { return .isWrong }
            line.scrub = part.last.map { .rows(through: $0) } ?? .records(through: nil, sum: Fingerprint())
        case .records(let through, var sum):
            let ids = try changes.records(in: RecordRange(after: through), limit: count)
            for item in try changes.items(in: RecordRange(after: through, through: ids.last)) { sum.add(item.hash) }
            if ids.count == count {
                line.scrub = .records(through: ids.last, sum: sum)
            } else {
                guard try sum == line.fingerprint && changes.counts() == (line.liveChanges, line.sealedBytes) else {
                    return .isWrong
                }
                line.scrub = nil
                line.scrubbedAt = now
                result = .finished
            }
        }
        try LineTable(connection: connection).save(line)
        return result
    }
}
