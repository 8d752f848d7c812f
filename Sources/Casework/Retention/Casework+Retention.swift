import Merge
import Replica
import SQLite
import Support

/// What is erased is gone from every file of every desk and of the server, once they have synced. Nothing brings it back.
extension Casework {
    /// Whether the case's text has been shredded, and it has not been opened again since.
    static func isShredded(_ record: Record) -> Bool {
        typealias Cases = CaseworkSchema.Cases
        guard let shreddedAt = record[Cases.shreddedAt] else { return false }
        return record[Cases.reopenedAt].map { $0 <= shreddedAt } ?? true
    }

    /// Erases all free text of a case, for good, and keeps its classification for statistics.
    ///
    /// What another desk writes without knowing of it goes too: see ``sweepShredded()``.
    ///
    /// - Returns: how many texts were erased.
    ///
    /// Errors: `alreadyDone`, and those of ``show(_:)``.
    @discardableResult
    public func shred(_ reference: CaseReference, by author: AuthorCode) throws -> Int {
        try change(by: author) { writing in
            let record = try Self.find(reference, writing.transaction.snapshot)
            guard !Self.isShredded(record) else {
                throw CaseworkError(.alreadyDone, "shreddedAlready")
            }
            return try Self.shred(record.id, at: writing.now, by: author, writing)
        }
    }

    /// - Parameter author: nil for a rule.
    private static func shred(
        _ id: RecordID, at moment: Timestamp, by author: AuthorCode?, _ writing: Writing
    ) throws -> Int {
        typealias Cases = CaseworkSchema.Cases
        try writing.transaction.update(Cases.collection, id) { row in
            row[Cases.shreddedAt] = moment
            row[Cases.shreddedBy] = author?.text
        }
        let notes = try writing.transaction.snapshot.records(
            CaseworkSchema.Notes.collection, where: "parent = ?", [.reference(id)])
        for note in notes { try writing.transaction.erase(CaseworkSchema.Notes.collection, note.id) }
        return notes.count
    }

    /// Erases a case with everything that belongs to it, for good. Errors: those of ``show(_:)``.
    public func erase(_ reference: CaseReference) throws {
        try replica.write { tx in
            try tx.erase(CaseworkSchema.Cases.collection, try Self.find(reference, tx.snapshot).id)
        }
    }

    /// Erases one text, for good: the guard knows forms, not names, and one may have slipped in.
    ///
    /// Errors: `unknownItem`, `ambiguousItem`, and those of ``show(_:)``.
    public func eraseNote(_ reference: CaseReference, _ item: ItemReference) throws {
        typealias Notes = CaseworkSchema.Notes
        try replica.write { tx in
            let record = try Self.find(reference, tx.snapshot)
            let notes = try tx.snapshot.records(Notes.collection, where: "parent = ?", [.reference(record.id)])
            try tx.erase(Notes.collection, ItemReference.pick(item, of: notes, "text").id)
        }
    }

    // MARK: What arrives later

    /// Texts of one transaction.
    private static let sweepCount = 500

    /// Erases texts of shredded cases that have arrived since, from desks that did not know.
    ///
    /// To be called when something was received. Any desk does it, and what several do is the same as if one did. In a
    /// case that was opened again after it was shredded, what is older than that goes.
    ///
    /// - Returns: how many texts were erased. Cost: a look-up for each case that is shredded.
    @discardableResult
    public func sweepShredded() throws -> Int {
        var count = 0
        // Who shredded a case with a key of before has not shredded it: a lead looks first.
        let late = try replica.lateRecords()
        guard late.count <= Self.lateLimit else { return 0 }
        while true {
            // Mostly there are none, and reading waits for nobody.
            if try replica.read({ try Self.textsToSweep($0, limit: 1, without: late) }).isEmpty { return count }
            count += try replica.write { tx in
                let texts = try Self.textsToSweep(tx.snapshot, limit: Self.sweepCount, without: late)
                for id in texts { try tx.erase(CaseworkSchema.Notes.collection, id) }
                return texts.count
            }
        }
    }

    private static let lateLimit = 500

    private static func textsToSweep(
        _ snapshot: borrowing Snapshot, limit: Int, without late: Set<RecordID>
    ) throws -> [RecordID] {
        let places = late.map { _ in "?" }.joined(separator: ", ")
        return try snapshot.query(
            """
            SELECT n.id FROM cases c JOIN notes n ON n.parent = c.id
            WHERE c.shredded_at > 0 AND c.id NOT IN (\(places))
                AND (coalesce(c.reopened_at, 0) <= c.shredded_at OR coalesce(n.at, 0) < c.reopened_at)
            LIMIT ?
            """, late.map { .reference($0) } + [.integer(Int64(limit))]
        ) { row in row.halves(0).map { RecordID(high: $0.high, low: $0.low) } }.compactMap { $0 }
    }

    // MARK: By rule

    /// What the rules say is to go now, the oldest first; nothing is changed.
    ///
    /// - Parameter rules: nil for what is settled; others to see what they would mean.
    ///
    /// Errors: `rulesUnread`.
    public func retentionPreview(_ rules: RetentionRules? = nil) throws -> [RetentionItem] {
        let rules = try rules ?? retentionRules()
        let late = try replica.lateRecords()
        return try replica.read { snapshot in
            try Self.due(rules, try today(snapshot), snapshot).filter { !late.contains($0.id) }
        }
    }

    /// Cases of one transaction.
    private static let retentionCount = 50

    /// Does what ``retentionPreview()`` lists, if what day it is can be relied on: the server was heard within a day, agrees
    /// with the log, and is less than a day away from this computer's clock. The earlier of the two counts. Nothing brings
    /// back what a wrong clock erases.
    ///
    /// A case is said to have been shredded when it fell due, by nobody: so two desks that do it write the same, and what
    /// a third has written in the case since it was opened again there stays.
    ///
    /// - Parameters:
    ///   - author: who applies the rules; it is not recorded.
    ///   - onProgress: told how many are done.
    ///
    /// Errors: `clockUncertain`, `rulesUnread`, with nothing changed.
    public func applyRetention(
        by author: AuthorCode, onProgress: (Int) -> Void = { _ in }
    ) throws -> (shredded: Int, erased: Int) {
        let today = try replica.read { try dayForErasing($0) }
        let rules = try retentionRules()
        let late = try replica.lateRecords()
        let items = try replica.read { try Self.due(rules, today, $0).filter { !late.contains($0.id) } }
        var result = (shredded: 0, erased: 0)
        for start in stride(from: 0, to: items.count, by: Self.retentionCount) {
            let part = items[start..<min(start + Self.retentionCount, items.count)]
            let (shredded, erased) = try change(by: author) { try Self.apply(part, rules, today, $0) }
            result.shredded += shredded
            result.erased += erased
            onProgress(result.shredded + result.erased)
        }
        return result
    }

    /// Leaves out what somebody has opened again, shredded or erased since the list was made.
    private static func apply(
        _ items: ArraySlice<RetentionItem>, _ rules: RetentionRules, _ today: CalendarDate, _ writing: Writing
    ) throws -> (shredded: Int, erased: Int) {
        typealias Cases = CaseworkSchema.Cases
        var result = (shredded: 0, erased: 0)
        for item in items {
            guard let record = try writing.transaction.snapshot.fetch(Cases.collection, item.id),
                let now = try due(record, rules, writing.settings().time, today)
            else { continue }
            switch now.action {
            case .shred:
                _ = try shred(item.id, at: now.dueAt, by: nil, writing)
                result.shredded += 1
            case .erase:
                try writing.transaction.erase(Cases.collection, item.id)
                result.erased += 1
            }
        }
        return result
    }

    /// The day by which something may be erased for good.
    private func dayForErasing(_ snapshot: borrowing Snapshot) throws -> CalendarDate {
        let time = try LineSettings.time(snapshot)
        switch try replica.dateClock(snapshot).timeForErasing(at: reading) {
        case .success(let milliseconds): return time.day(Timestamp(milliseconds: milliseconds))
        case .failure(let doubt): throw CaseworkError(.clockUncertain, doubt.key, doubt.values(time))
        }
    }

    private static func due(
        _ rules: RetentionRules, _ today: CalendarDate, _ snapshot: borrowing Snapshot
    ) throws -> [RetentionItem] {
        let time = try LineSettings.time(snapshot)
        let months = min(rules.shreddingMonths, rules.erasureMonths ?? .max)
        let limit = time.moment(today.adding(months: -months), minute: 0)
        let records = try snapshot.records(
            CaseworkSchema.Cases.collection, where: "status = 'closed' AND closed_at < ? ORDER BY closed_at, id",
            [limit.fieldValue])
        return try records.compactMap { record in
            guard var item = due(record, rules, time, today) else { return nil }
            let count = try snapshot.query("SELECT count(*) FROM notes WHERE parent = ?", [.reference(record.id)]) {
                Int($0.integer(0))
            }
            item.noteCount = count.first ?? 0
            item.reference = try CaseReference(of: record.id, snapshot)
            return item
        }
    }

    /// What is to happen to one case today; nil for nothing.
    private static func due(
        _ record: Record, _ rules: RetentionRules, _ time: LineTime, _ today: CalendarDate
    ) -> RetentionItem? {
        typealias Cases = CaseworkSchema.Cases
        guard record[Cases.status] == CaseStatus.closed.rawValue, let closedAt = record[Cases.closedAt] else {
            return nil
        }
        let closedOn = time.day(closedAt)
        func item(_ action: RetentionItem.Action, months: Int) -> RetentionItem? {
            guard closedOn < today.adding(months: -months) else { return nil }
            let dueOn = closedOn.adding(months: months).adding(days: 1)
            return RetentionItem(
                id: record.id, reference: nil, action: action, closedOn: closedOn,
                dueAt: time.moment(min(dueOn, today), minute: 0), noteCount: 0)
        }
        if let months = rules.erasureMonths, let item = item(.erase, months: months) { return item }
        return isShredded(record) ? nil : item(.shred, months: rules.shreddingMonths)
    }
}

extension DateClock.Doubt {
    fileprivate var key: String {
        switch self {
        case .unheard: "clock.unheard"
        case .differs: "clock.differs"
        case .log: "clock.log"
        }
    }

    fileprivate func values(_ time: LineTime) -> [String: Message] {
        func text(_ milliseconds: Int64) -> Message { "\(time.text(Timestamp(milliseconds: milliseconds)))" }
        return switch self {
        case .unheard: [:]
        case .differs(let milliseconds): ["days": "\(abs(milliseconds) / 86_400_000)"]
        case .log(let latest, let server): ["latest": text(latest), "server": text(server)]
        }
    }
}
