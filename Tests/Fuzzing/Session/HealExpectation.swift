import Merge
import SyncProtocol

/// What must be so of the answer to an exchange of a healing.
struct HealExpectation {
    private let request: HealRequest
    private let answer: HealResponse
    private let incarnation: Incarnation
    private let before: Standing
    private let after: Standing

    init(
        _ request: HealRequest, _ answer: HealResponse, _ incarnation: Incarnation, _ before: Standing,
        _ after: Standing
    ) {
        self.request = request
        self.answer = answer
        self.incarnation = incarnation
        self.before = before
        self.after = after
    }

    /// Questions change nothing, and neither does what was begun with another process.
    var mayChange: Bool { answer.outcome == .done && !request.isQuestion }

    func check() throws {
        try hold(answer.incarnation == incarnation, "an answer names another incarnation")
        let isPresent = request.isFirst || request.incarnation == incarnation
        try hold(answer.outcome == (isPresent ? .done : .restarted), "a healing goes on with another process, or not")
        try hold(answer.cursor.position == after.head, "an answer has another place in the log")
        try checkCompared()
        try checkJoined()
    }

    private func checkCompared() throws {
        let isQuestion = answer.outcome == .done && request.isQuestion
        let expected: [UInt64?] =
            isQuestion
            ? request.compared.map { compared in
                let sum = before.sum(compared.range)
                return sum == compared.sum ? nil : sum.count
            } : []
        try hold(answer.compared == expected, "a range is compared wrongly")
        if !request.isFirst { try hold(answer.seen.isEmpty, "what the server has seen is said unasked") }
    }

    // MARK: What was joined

    private func checkJoined() throws {
        let joined = mayChange ? Int(answer.joinedParts) : 0
        try hold(UInt64(joined) == answer.joinedParts && joined <= request.parts.count, "more was joined than offered")
        var told: [RecordID: Set<Told>] = [:]
        for commit in try page() {
            try hold(commit.changes.count == 1, "an answer's commit has more than a change")
            for change in commit.changes {
                let fields = change.header.kind == .put ? change.live : .empty
                told[change.header.record, default: []].insert(
                    Told(stamp: commit.stamp, kind: change.header.kind, fields: fields))
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
        var kind: ChangeHeader.Kind
        var fields: FieldMask
    }

    /// With what the replica has offered and what it is told, it holds what the server does: told is all of a record,
    /// unless just that was offered.
    private func check(_ range: RecordRange, _ told: [RecordID: Set<Told>]) throws {
        let rows = Dictionary(grouping: after.rows.filter { range.contains($0.header.record) }, by: \.header.record)
        for (record, rows) in rows {
            let standing = Set(
                rows.map {
                    Told(stamp: $0.stamp, kind: $0.header.kind, fields: $0.header.kind == .put ? $0.live : .empty)
                })
            if let told = told[record], told.isSuperset(of: standing) { continue }
            try hold(
                request.parts.contains { offers(record, standing, in: $0) },
                "a replica is not told what stands in a record that was joined")
        }
    }

    private func offers(_ record: RecordID, _ standing: Set<Told>, in part: HealPart) -> Bool {
        let items = part.items.filter { $0.change.header.record == record }
        guard let kind = standing.first?.kind else { return true }
        guard kind == .put else { return items.contains { $0.change.header.kind == kind } }
        let offered = items.map {
            Told(stamp: $0.stamp, kind: $0.change.header.kind, fields: $0.change.header.fields)
        }
        return offered.count == standing.count && Set(offered) == standing
    }

    private func page() throws -> [FeedCommit] {
        var commits: [FeedCommit] = []
        var reader = CBORReader(answer.page)
        while !reader.isAtEnd {
            do throws(ProtocolError) { commits.append(try reader.feedCommit(limits: SessionTemplate.limits)) } catch {
                throw Violation("a healing's page cannot be read: \(error)")
            }
        }
        return commits
    }
}
