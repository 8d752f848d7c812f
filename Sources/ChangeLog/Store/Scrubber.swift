import Merge
import SyncProtocol

/// Looks over the next part of a line (``Scrub``). Inside the caller's transaction.
struct Scrubber<Access: LineAccess> {
    let access: Access

    /// - Parameter count: how many rows, or records, are looked at. Cost: some three microseconds for each.
    func step(_ id: LineID, count: Int, now: Int64) throws -> ScrubResult {
        guard var line = try access.line(id) else {
            throw ChangeLogError(.wrongLine, "there is no such line; nothing was changed")
        }
        var result = ScrubResult.goesOn
        switch line.scrub ?? .start {
        case .rows(let key):
            let part = try access.damaged(after: key, limit: count, line)
            guard part.damaged.isEmpty else { return .isWrong }
            line.scrub = part.last.map { .rows(through: $0) } ?? .records(through: nil, sum: Fingerprint())
        case .records(let through, var sum):
            let ids = try access.records(in: RecordRange(after: through), limit: count, line)
            for item in try access.items(in: RecordRange(after: through, through: ids.last), line) {
                sum.add(item.hash)
            }
            if ids.count == count {
                line.scrub = .records(through: ids.last, sum: sum)
            } else {
                guard try sum == line.fingerprint && access.counts(line) == (line.liveChanges, line.sealedBytes) else {
                    return .isWrong
                }
                line.scrub = nil
                line.scrubbedAt = now
                result = .finished
            }
        }
        try access.save(line)
        return result
    }
}

/// What a step of a scrub has come to.
enum ScrubResult { case goesOn, finished, isWrong }
