import Casework
import JSON
import Merge
import SQLite

/// The drafts of calls, in the workstation's own file.
struct DraftStore: Sendable {
    let store: LocalStore

    /// Thrown away drafts stay this long, for the undo.
    static let undoMilliseconds: Int64 = 10 * 60_000

    private static let columns =
        "id, author, started_at, number, saved_in, form, revision, saved_at, holder, summary, next_step, promise, follow_up"

    func insert(_ draft: CallDraft) throws {
        try store.write { connection in try Self.put(draft, connection) }
    }

    private static func put(_ draft: CallDraft, _ connection: Connection) throws {
        try connection.withStatement(
            "INSERT OR REPLACE INTO draft (\(columns)) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        ) { row in
            try row.bind(1, high: draft.id.high, low: draft.id.low)
            try row.bind(2, draft.author.text)
            try row.bind(3, draft.startedAt)
            try row.bind(4, draft.number?.digits)
            try row.bind(5, draft.savedIn?.description)
            try row.bind(6, draft.form.json.text)
            try row.bind(7, draft.revision)
            try row.bind(8, draft.savedAt)
            try row.bind(9, draft.holder)
            for (index, id) in [draft.summaryID, draft.nextStepID, draft.promiseID, draft.followUpID].enumerated() {
                try row.bind(10 + index, high: id.high, low: id.low)
            }
            try row.run()
        }
    }

    /// Changes a draft in one transaction. Errors: `unknownDraft`, and the body's.
    func change<Result>(_ id: RecordID, by author: AuthorCode, _ body: (inout CallDraft) throws -> Result) throws
        -> Result
    {
        try store.write { connection in
            guard
                var draft = try Self.all(
                    "WHERE id = ? AND author = ? AND discarded_at IS NULL", connection,
                    { row in
                        try row.bind(1, high: id.high, low: id.low)
                        try row.bind(2, author.text)
                    }
                ).first
            else {
                throw WorkstationError(.unknownDraft, "there is no such draft any more: it was saved or thrown away")
            }
            let result = try body(&draft)
            try Self.put(draft, connection)
            return result
        }
    }

    /// A counsellor's drafts, the latest first; everybody's for nil.
    func drafts(of author: AuthorCode?) throws -> [CallDraft] {
        try store.write { connection in
            try Self.all(
                "WHERE discarded_at IS NULL AND (?1 IS NULL OR author = ?1) ORDER BY started_at DESC", connection
            ) { try $0.bind(1, author?.text) }
        }
    }

    private static func all(
        _ condition: String, _ connection: Connection, _ bind: (borrowing Statement) throws -> Void
    ) throws -> [CallDraft] {
        try connection.withStatement("SELECT \(columns) FROM draft \(condition)") { row in
            try bind(row)
            var drafts: [CallDraft] = []
            while try row.step() {
                if let draft = try CallDraft(row) { drafts.append(draft) }
            }
            return drafts
        }
    }

    // MARK: Ending

    func erase(_ id: RecordID) throws {
        try store.write { connection in
            try connection.withStatement("DELETE FROM draft WHERE id = ?") { row in
                try row.bind(1, high: id.high, low: id.low)
                try row.run()
            }
        }
    }

    /// Hides a draft, or brings it back. Errors: `unknownDraft`.
    func setDiscarded(_ id: RecordID, by author: AuthorCode, at moment: Int64?) throws {
        try store.write { connection in
            try connection.withStatement("UPDATE draft SET discarded_at = ? WHERE id = ? AND author = ?") { row in
                try row.bind(1, moment)
                try row.bind(2, high: id.high, low: id.low)
                try row.bind(3, author.text)
                try row.run()
            }
            guard connection.changedRowCount == 1 else {
                throw WorkstationError(.unknownDraft, "there is no such draft any more: it was saved or thrown away")
            }
        }
    }

    /// Erases what was thrown away so long ago that nobody takes it back.
    func eraseDiscarded(before moment: Int64) throws {
        try store.write { connection in
            try connection.withStatement("DELETE FROM draft WHERE discarded_at < ?") { row in
                try row.bind(1, moment)
                try row.run()
            }
        }
    }

    // MARK: Numbers

    /// A number that was taken for a call that needed none.
    func takeSpareNumber() throws -> ReferenceNumber? {
        try store.write { connection in
            let digits = try connection.text("SELECT number FROM spare_number ORDER BY number LIMIT 1")
            guard let digits else { return nil }
            try connection.withStatement("DELETE FROM spare_number WHERE number = ?") { row in
                try row.bind(1, digits)
                try row.run()
            }
            return ReferenceNumber(digits: digits)
        }
    }

    func keepSpareNumber(_ number: ReferenceNumber) throws {
        try store.write { connection in
            try connection.withStatement("INSERT OR IGNORE INTO spare_number (number) VALUES (?)") { row in
                try row.bind(1, number.digits)
                try row.run()
            }
        }
    }

    /// All numbers that were reserved and are in no case.
    func reservedNumbers() throws -> Set<ReferenceNumber> {
        try store.write { connection in
            try connection.withStatement(
                "SELECT number FROM draft WHERE number IS NOT NULL UNION SELECT number FROM spare_number"
            ) { row in
                var numbers: Set<ReferenceNumber> = []
                while try row.step() {
                    if let number = ReferenceNumber(digits: row.text(0)) { numbers.insert(number) }
                }
                return numbers
            }
        }
    }
}

extension CallDraft {
    /// From a row of the table; nil for one that no version has written.
    init?(_ row: borrowing Statement) throws {
        func id(_ index: Int) -> RecordID? { row.halves(index).map { RecordID(high: $0.high, low: $0.low) } }
        var form = CallForm()
        guard let own = id(0), let summary = id(9), let nextStep = id(10), let promise = id(11), let followUp = id(12),
            form.take(try JSONValue(parsing: row.text(5)))
        else { return nil }
        self.init(
            id: own, author: try AuthorCode(row.text(1)), startedAt: row.integer(2),
            number: row.optionalText(3).flatMap { ReferenceNumber(digits: $0) },
            savedIn: try row.optionalText(4).map { try CaseReference(parsing: $0) }, form: form,
            revision: row.integer(6), savedAt: row.integer(7), holder: row.text(8), summaryID: summary,
            nextStepID: nextStep, promiseID: promise, followUpID: followUp)
    }
}
