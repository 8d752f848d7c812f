import Merge
import Replica

extension Casework {
    /// What is to be done today, overdue first, then in the order of days.
    ///
    /// One query, by indexes; which days are working days is computed on what it finds. Cost: in proportion to what is
    /// planned, and to the directory, not to the cases there are.
    public func today() throws -> [TodayItem] {
        try replica.read { snapshot in
            let settings = try LineSettings(snapshot)
            let today = StockholmTime.local(try now(snapshot)).date
            let items = try snapshot.query(Self.todayQuery, [.text(today.description)]) { row in
                TodayRow(row)
            }.compactMap { row in Self.item(row, settings, today) }
            return items.sorted { left, right in
                if left.isOverdue != right.isOverdue { return left.isOverdue }
                if left.due != right.due { return left.due.map { day in right.due.map { day < $0 } ?? true } ?? false }
                return left.id < right.id
            }
        }
    }

    /// One row for each thing that may be to do: kind, its id, the case's number, child, day, attempts, the last one,
    /// text.
    static let todayQuery = """
        SELECT f.kind, f.id, \(CaseworkSchema.numberOfCase("c.id")), \(CaseworkSchema.concernsChildCondition), f.due,
            (SELECT count(*) FROM attempts a WHERE a.parent = f.id),
            (SELECT max(a.at) FROM attempts a WHERE a.parent = f.id), NULL
        FROM follow_ups f JOIN cases c ON c.id = f.parent
        WHERE f.status = 'planned' AND f.due <= ?1 AND coalesce(c.status, '') != 'closed'
        UNION ALL
        SELECT 'promise', p.id, \(CaseworkSchema.numberOfCase("c.id")), \(CaseworkSchema.concernsChildCondition), p.due, 0, NULL,
            (SELECT n.text FROM notes n WHERE n.about = p.id ORDER BY n.at, n.id LIMIT 1)
        FROM promises p LEFT JOIN cases c ON c.id = p.parent
        WHERE p.status = 'open' AND p.due <= ?1
        UNION ALL
        SELECT 'verify', d.id, NULL, 0,
            (SELECT iif(v.result = 'confirmed', v.verified_on, NULL) FROM verifications v WHERE v.parent = d.id
                ORDER BY v.verified_on DESC, v.id DESC LIMIT 1),
            0, NULL, d.name
        FROM directory d WHERE coalesce(d.is_retired, 0) = 0
        UNION ALL
        SELECT 'duplicateNumber', c.id, n.number, \(CaseworkSchema.concernsChildCondition), NULL, 0, NULL, NULL
        FROM numbers n JOIN cases c ON c.id = n.parent
        WHERE n.number IN (SELECT number FROM numbers GROUP BY number HAVING count(*) > 1)
            AND EXISTS (SELECT 1 FROM numbers o WHERE o.number = n.number AND o.parent != n.parent)
        """

    private static func item(_ row: TodayRow, _ settings: LineSettings, _ today: CalendarDate) -> TodayItem? {
        var item = TodayItem(
            kind: .promise, id: row.id, reference: row.number.map { CaseReference($0) }, due: row.due,
            isOverdue: false, concernsChild: row.concernsChild, attempt: nil, isExtraForChild: false,
            remindsToShredSlip: false, text: row.text)
        switch row.kind {
        case TodayItem.Kind.promise.rawValue: break
        case TodayItem.Kind.duplicateNumber.rawValue:
            item.kind = .duplicateNumber
            item.reference = row.number.map { CaseReference($0, id: row.id) }
        case TodayItem.Kind.verify.rawValue:
            let last = row.due?.adding(months: settings.verificationMonths)
            if let last, today <= last { return nil }
            item.kind = .verify
            item.due = last?.adding(days: 1)
        default:
            guard let due = row.due, fill(&item, row, due, settings.followUpRules, today) else { return nil }
        }
        item.isOverdue = item.due.map { $0 < today } ?? false
        return item
    }

    /// False where nothing is to be done today.
    private static func fill(
        _ item: inout TodayItem, _ row: TodayRow, _ due: CalendarDate, _ rules: FollowUpRules, _ today: CalendarDate
    ) -> Bool {
        let attempts = Array(repeating: row.lastAttempt ?? due, count: row.attemptCount)
        switch FollowUpStep(kind: row.kind, due: due, attempts: attempts, concernsChild: row.concernsChild, rules) {
        case .call(let number, let count, let from, let isExtraForChild):
            item.kind = .followUp
            item.due = from
            item.attempt = (number, count)
            item.isExtraForChild = isExtraForChild
            return from <= today
        case .awaitRingBack(_, let closingFrom):
            item.kind = closingFrom <= today ? .proposeClosing : .ringBack
            if closingFrom <= today { item.due = closingFrom }
        case .proposeClosing:
            item.kind = .proposeClosing
            item.due = row.lastAttempt ?? due
            item.remindsToShredSlip = true
        }
        return true
    }
}
