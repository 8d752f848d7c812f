import Merge
import Replica
import SQLite

extension Casework {
    private static let caseLimit = 50
    /// How many texts are looked at, step by step, until there are enough cases.
    private static let textLimits = [200, 2_000, 20_000]

    /// Looks for a case by its number, and for notes and entries of the directory by their words.
    ///
    /// Words are found by their beginnings, å, ä and ö without their dots too; the latest texts first. Cost: some
    /// milliseconds at 10,000 cases and 50,000 notes.
    public func find(_ text: String, _ filter: FindFilter = FindFilter()) throws -> FindResult {
        var result = FindResult()
        result.number = try number(text)
        guard result.number == nil else { return result }
        if let expression = Snapshot.matchExpression(text) {
            result.cases = try matching(expression, filter)
            result.contacts = try directory(matching: text)
        } else if text.allSatisfy(\.isWhitespace) {
            result.cases = try latest(filter)
        }
        return result
    }

    /// What was typed, as a number: nil where it is something else, or too short yet.
    private func number(_ text: String) throws -> FindResult.Number? {
        let digits = text.filter { $0.isASCII && $0.isNumber }
        let isPlain = text.allSatisfy { $0.isNumber || $0.isWhitespace || "-–—\u{2212}/".contains($0) }
        guard isPlain, digits.count >= 7 else { return nil }
        do {
            let reference = try CaseReference(parsing: text)
            let count = try replica.read {
                try $0.query(
                    "SELECT count(*) FROM numbers WHERE number = ? AND parent IS NOT NULL",
                    [.text(reference.number.digits)]
                ) {
                    $0.integer(0)
                }.first ?? 0
            }
            return count > 0 ? .found(reference) : .unknown
        } catch is CaseworkError {
            return .mistyped
        }
    }

    private func matching(_ expression: String, _ filter: FindFilter) throws -> [FindResult.CaseHit] {
        try replica.read { snapshot in
            let index = CaseworkSchema.Notes.collection.searchTable
            let condition = try condition(filter, snapshot)
            for limit in Self.textLimits {
                let texts = try snapshot.query(
                    """
                    SELECT \(Self.columns), n.by_code, n.at, c.id, snippet(\(index), 1, char(2), char(3), '…', 18)
                    FROM \(index) s JOIN notes n ON n.id = s.id JOIN cases c ON c.id = n.parent
                    WHERE \(index) MATCH ?1\(condition) ORDER BY s.rowid DESC LIMIT \(limit)
                    """, [.text(expression)]
                ) { Self.textHit($0) }
                var seen: Set<RecordID> = []
                let cases = texts.compactMap { $0 }.filter { seen.insert($0.id).inserted }.map(\.hit)
                if cases.count >= Self.caseLimit || texts.count < limit { return Array(cases.prefix(Self.caseLimit)) }
            }
            return []
        }
    }

    private static func textHit(_ row: borrowing Statement) -> (id: RecordID, hit: FindResult.CaseHit)? {
        guard var hit = hit(row), let halves = row.halves(9) else { return nil }
        hit.by = row.optionalText(7)
        hit.at = row.optionalInteger(8)
        hit.excerpt = row.text(10)
        return (RecordID(high: halves.high, low: halves.low), hit)
    }

    /// Without words: the cases that were opened last.
    private func latest(_ filter: FindFilter) throws -> [FindResult.CaseHit] {
        try replica.read { snapshot in
            let condition = try condition(filter, snapshot)
            return try snapshot.query(
                "SELECT \(Self.columns) FROM cases c WHERE 1\(condition) ORDER BY c.id DESC LIMIT \(Self.caseLimit)"
            ) { Self.hit($0) }.compactMap { $0 }
        }
    }

    private static let columns =
        "\(CaseworkSchema.numberOfCase("c.id")), c.status, \(CaseworkSchema.concernsChildCondition), c.opened_at, c.closed_at, c.shredded_at, c.reopened_at"

    /// Words of the program and codes of counsellors: nothing that was typed stands in it.
    private func condition(_ filter: FindFilter, _ snapshot: borrowing Snapshot) throws -> String {
        let settings = try LineSettings(snapshot)
        var sql = ""
        if filter.isOpen { sql += " AND coalesce(c.status, '') != 'closed'" }
        if filter.concernsChild { sql += " AND \(CaseworkSchema.concernsChildCondition)" }
        if let author = filter.author {
            let code = "'\(author.text)'"
            sql +=
                " AND (c.opened_by = \(code) OR EXISTS (SELECT 1 FROM contacts k WHERE k.parent = c.id AND k.by_code = \(code)) OR EXISTS (SELECT 1 FROM notes t WHERE t.parent = c.id AND t.by_code = \(code)))"
        }
        if filter.followUpDue {
            let day = try today(snapshot)
            sql +=
                " AND EXISTS (SELECT 1 FROM follow_ups f WHERE f.parent = c.id AND f.status = 'planned' AND f.due <= '\(day)')"
        }
        switch filter.concern {
        case .general: sql += " AND c.concern_general = 1"
        case .religious: sql += " AND c.concern_religious = 1"
        case .rightWing: sql += " AND c.concern_right_wing = 1"
        case .leftWing: sql += " AND c.concern_left_wing = 1"
        case nil: break
        }
        if let month = filter.month {
            let moments = settings.time.moments(from: month.first, through: month.last)
            sql += " AND c.opened_at >= \(moments.lowerBound) AND c.opened_at < \(moments.upperBound)"
        }
        return sql
    }

    private static func hit(_ row: borrowing Statement) -> FindResult.CaseHit? {
        guard let number = row.optionalText(0).flatMap({ ReferenceNumber(digits: $0) }) else { return nil }
        let isShredded = row.optionalInteger(5).map { (row.optionalInteger(6) ?? 0) <= $0 } ?? false
        return FindResult.CaseHit(
            reference: CaseReference(number), isOpen: row.optionalText(1) != CaseStatus.closed.rawValue,
            concernsChild: row.integer(2) != 0, excerpt: nil, by: nil, at: nil, openedAt: row.optionalInteger(3),
            closedAt: row.optionalInteger(4), isShredded: isShredded)
    }
}
