import Merge
import Replica

extension Casework {
    /// What is to be done today, overdue first, then in the order of days.
    ///
    /// Two queries, by indexes; which days are working days is computed on what they find. Cost: in proportion to the cases
    /// that are open, to what is planned, and to the directory, not to the cases there are.
    public func today() throws -> [TodayItem] {
        let items = try replica.read { snapshot in
            let settings = try LineSettings(snapshot)
            let today = try today(snapshot)
            let quietSince = settings.time.moment(today.adding(days: -settings.quietDays), minute: 0)
            return try snapshot.query(Self.todayQuery, [.text(today.description)]) { row in TodayRow(row) }
                .compactMap { row in Self.item(row, settings, today) }
                + snapshot.query(Self.quietQuery, [quietSince.fieldValue]) { row in TodayRow(row) }
                .compactMap { row in Self.item(row, settings, today) }
        }
        return (try items + conflictItems() + reminderItems()).sorted { left, right in
            if left.isOverdue != right.isOverdue { return left.isOverdue }
            if left.due != right.due { return left.due.map { day in right.due.map { day < $0 } ?? true } ?? false }
            return (left.id, left.text ?? "") < (right.id, right.text ?? "")
        }
    }

    private func conflictItems() throws -> [TodayItem] {
        let time = try settings().time
        return try conflicts().map { conflict in
            var item = TodayItem(.conflict, conflict.conflict.record)
            item.reference = conflict.reference
            item.due = time.day(max(conflict.keptAt, conflict.otherAt))
            item.conflict = conflict
            return item
        }
    }

    private func reminderItems() throws -> [TodayItem] {
        try dueReminders().compactMap { reminder in
            guard let entry = reminder.entries.first else { return nil }
            var item = TodayItem(.remind, entry.id)
            item.due = reminder.due
            item.text = reminder.address
            return item
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
        SELECT 'promise', p.id, \(CaseworkSchema.numberOfCase("c.id")), \(CaseworkSchema.concernsChildCondition), p.day, 0, NULL,
            (SELECT n.text FROM notes n WHERE n.about = p.id ORDER BY n.at, n.id LIMIT 1)
        FROM measures p LEFT JOIN cases c ON c.id = p.parent
        WHERE p.status = 'open' AND p.day <= ?1
        UNION ALL
        SELECT 'assess', c.id, \(CaseworkSchema.numberOfCase("c.id")), 1, NULL, 0, c.opened_at, NULL
        FROM cases c
        WHERE c.status = 'open' AND \(CaseworkSchema.concernsChildCondition)
            AND NOT EXISTS (SELECT 1 FROM measures m WHERE m.parent = c.id AND m.kind = 'assessment')
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

    /// Open cases with no promise and no follow-up ahead, in which nothing has happened since a moment.
    static let quietQuery = """
        SELECT 'quiet', id, number, child, NULL, 0, last, NULL FROM (
            SELECT c.id, \(CaseworkSchema.numberOfCase("c.id")) AS number,
                \(CaseworkSchema.concernsChildCondition) AS child, max(
                coalesce(c.opened_at, 0), coalesce(c.reopened_at, 0),
                coalesce((SELECT max(k.at) FROM contacts k WHERE k.parent = c.id), 0),
                coalesce((SELECT max(n.at) FROM notes n WHERE n.parent = c.id), 0),
                coalesce((SELECT max(m.at) FROM measures m WHERE m.parent = c.id), 0),
                coalesce((SELECT max(r.at) FROM referrals r WHERE r.parent = c.id), 0)) AS last
            FROM cases c
            WHERE c.status = 'open'
                AND NOT EXISTS (SELECT 1 FROM follow_ups f WHERE f.parent = c.id AND f.status = 'planned')
                AND NOT EXISTS (SELECT 1 FROM measures p WHERE p.parent = c.id AND p.status = 'open'))
        WHERE last < ?1
        """

    private static func item(_ row: TodayRow, _ settings: LineSettings, _ today: CalendarDate) -> TodayItem? {
        var item = TodayItem(.promise, row.id)
        item.reference = row.number.map { CaseReference($0) }
        item.due = row.due
        item.concernsChild = row.concernsChild
        item.text = row.text
        switch row.kind {
        case TodayItem.Kind.promise.rawValue: break
        case TodayItem.Kind.duplicateNumber.rawValue:
            item.kind = .duplicateNumber
            item.reference = row.number.map { CaseReference($0, id: row.id) }
        case TodayItem.Kind.assess.rawValue:
            item.kind = .assess
            item.due = row.last.map { settings.time.day($0) }
        case TodayItem.Kind.quiet.rawValue:
            item.kind = .quiet
            item.due = row.last.map { settings.time.day($0).adding(days: settings.quietDays) }
        case TodayItem.Kind.verify.rawValue:
            let last = row.due?.adding(months: settings.verificationMonths)
            if let last, today <= last { return nil }
            item.kind = .verify
            item.due = last?.adding(days: 1)
        default:
            guard let due = row.due, fill(&item, row, due, settings, today) else { return nil }
        }
        item.isOverdue = item.due.map { $0 < today } ?? false
        return item
    }

    /// False where nothing is to be done today.
    private static func fill(
        _ item: inout TodayItem, _ row: TodayRow, _ due: CalendarDate, _ settings: LineSettings, _ today: CalendarDate
    ) -> Bool {
        let last = row.last.map { settings.time.day($0) }
        let attempts = Array(repeating: last ?? due, count: row.attemptCount)
        switch FollowUpStep(kind: row.kind, due: due, attempts: attempts, concernsChild: row.concernsChild, settings) {
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
            item.due = last ?? due
            item.remindsToShredSlip = true
        }
        return true
    }
}

extension TodayItem {
    fileprivate init(_ kind: Kind, _ id: RecordID) {
        self.init(
            kind: kind, id: id, reference: nil, due: nil, isOverdue: false, concernsChild: false, attempt: nil,
            isExtraForChild: false, remindsToShredSlip: false, text: nil, conflict: nil)
    }
}
