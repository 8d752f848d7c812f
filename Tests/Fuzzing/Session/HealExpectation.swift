import Merge
import SyncProtocol

/// What must be so of the answer to an exchange of a healing.
struct HealExpectation {
    private let request: HealRequest
    private let answer: HealResponse
    private let before: Standing
    private let after: Standing
    private let claims: Claims
    /// Places of this log that were handed out.
    private let cursors: Set<Cursor>

    init(
        _ request: HealRequest, _ answer: HealResponse, _ before: Standing, _ after: Standing, _ claims: Claims,
        _ cursors: Set<Cursor>
    ) {
        self.request = request
        self.answer = answer
        self.before = before
        self.after = after
        self.claims = claims
        self.cursors = cursors
    }

    /// Questions change nothing, and neither does what was begun at another place.
    var mayChange: Bool { answer.outcome == .done && !request.isQuestion }

    func check() throws {
        if let start = request.start {
            if cursors.contains(start) {
                try hold(answer.outcome == .done, "a healing is begun anew, and its place is held")
            } else if start.position > before.head || start.position > 0 && start.log != before.cursor.log {
                try hold(answer.outcome == .restarted, "a healing goes on from a place that is not of this log")
            }
        } else {
            try hold(answer.outcome == .done, "a healing cannot be begun")
        }
        try hold(answer.cursor == after.cursor, "an answer has another place in the log")
        try checkCompared()
        try checkJoined()
    }

    private func checkCompared() throws {
        let isQuestion = answer.outcome == .done && request.isQuestion
        try hold(answer.compared.count == (isQuestion ? request.compared.count : 0), "not all ranges are compared")
        for (compared, count) in zip(request.compared, answer.compared) where !claims.hasDoubt(in: compared.range) {
            let sum = before.sum(compared.range)
            try hold(count == (sum == compared.sum ? nil : sum.count), "a range is compared wrongly")
        }
    }

    // MARK: What was joined

    private func checkJoined() throws {
        let joined = mayChange ? Int(answer.joinedParts) : 0
        try hold(UInt64(joined) == answer.joinedParts && joined <= request.parts.count, "more was joined than offered")
        var told: [RecordID: Set<Told>] = [:]
        for commit in try FeedCommit.all(of: Array(answer.page)) {
            try hold(commit.changes.count == 1, "an answer's commit has more than a change")
            for change in commit.changes {
                told[change.header.record, default: []].insert(Told(stamp: commit.stamp, header: change.header))
            }
        }
        for part in request.parts.prefix(joined) { try check(part.range, told) }
        if let end = answer.joinedThrough {
            try hold(joined < request.parts.count, "a part beyond the last was joined")
            var range = request.parts[joined].range
            try hold(range.contains(end), "a part was joined beyond its end")
            range.through = end
            try check(range, told)
        } else if mayChange, joined < request.parts.count {
            try hold(!answer.page.isEmpty, "a part was left, and nothing stood in its way")
        }
    }

    private struct Told: Hashable {
        var stamp: Stamp
        var header: ChangeHeader
    }

    /// With what the replica has offered and what it is told, it holds what the server does: told is all of a record,
    /// unless just that was offered.
    private func check(_ range: RecordRange, _ told: [RecordID: Set<Told>]) throws {
        let rows = Dictionary(grouping: after.rows.filter { range.contains($0.header.record) }, by: \.header.record)
        for (record, rows) in rows where !claims.doubtful.contains(record) {
            let standing = Set(rows.map { Told(stamp: $0.stamp, header: $0.header) })
            if let told = told[record], told.isSuperset(of: standing) { continue }
            try hold(
                request.parts.contains { offers(record, rows[0].header, in: $0) },
                "a replica is not told what stands in a record that was joined")
        }
    }

    private func offers(_ record: RecordID, _ header: ChangeHeader, in part: HealPart) -> Bool {
        let items = part.items.filter { $0.change.header.record == record }
        if header.kind == .erase { return items.contains { $0.change.header.kind == .erase } }
        guard !items.isEmpty, items.allSatisfy({ $0.change.header.isOfSameRecord(as: header) }) else { return false }
        var offered = RecordState()
        for item in items { offered.join(item.change.header.entry(item.stamp)) }
        return header.kind == .add || offered.marks == after.reading.states[record]?.marks
    }
}

extension RecordState {
    /// Who stands where.
    fileprivate var marks: [Stamp: FieldMask] {
        Dictionary(entries.map { ($0.stamp, $0.fields) }) { $0.union($1) }
    }
}
