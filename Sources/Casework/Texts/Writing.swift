import Merge
import Replica

/// What the operations of one transaction share: who writes, when, under which settings, and the guard over texts.
///
/// Settings and guard are read when they are first needed, once.
final class Writing {
    let transaction: WriteTransaction
    let author: AuthorCode
    let now: Timestamp
    private var loadedSettings: LineSettings?
    private var loadedGuard: TextGuard?
    /// What was let pass although it looks like personal data.
    private(set) var warnings: [GuardWarning] = []

    init(
        _ transaction: WriteTransaction, by author: AuthorCode, at now: Timestamp, textGuard: TextGuard? = nil
    ) throws {
        self.transaction = transaction
        loadedGuard = textGuard
        self.author = author
        self.now = now
        today = try LineSettings.time(transaction.snapshot).day(now)
    }

    /// In the line's time.
    let today: CalendarDate

    func settings() throws -> LineSettings {
        if let loadedSettings { return loadedSettings }
        let settings = try LineSettings(transaction.snapshot)
        loadedSettings = settings
        return settings
    }

    func textGuard() throws -> TextGuard {
        if let loadedGuard { return loadedGuard }
        let watch = try TextGuard(transaction.snapshot)
        loadedGuard = watch
        return watch
    }

    /// Has the guard look at a text, and remembers what it warns of.
    ///
    /// - Returns: the exemptions that were needed, which go into a field beside the text, one a line.
    ///
    /// Errors: those of ``TextGuard/check(_:named:by:on:)``.
    func exemptions(_ text: MarkedText, named name: String? = nil) throws -> [GuardExemption] {
        let (exemptions, findings) = try textGuard().check(text, named: name, by: author, on: today)
        if !findings.isEmpty { warnings.append(GuardWarning(textName: name, findings: findings)) }
        return exemptions
    }

    /// Adds a text to a case.
    ///
    /// - Parameters:
    ///   - name: of the text, for its refusal, where the operation has several.
    ///   - about: what in the case it is about.
    ///   - at: when it was said; nil for now.
    ///
    /// Errors: those of ``TextGuard/check(_:named:by:on:)``.
    @discardableResult
    func add(
        _ text: MarkedText, _ kind: NoteKind, named name: String? = nil, id: RecordID? = nil, to parent: RecordID,
        about: RecordID? = nil, at: Timestamp? = nil
    ) throws -> RecordID {
        typealias Notes = CaseworkSchema.Notes
        let exemptions = try exemptions(text, named: name).map(\.description)
        return try transaction.add(Notes.collection, id: id, parent: parent) { row in
            row[Notes.text] = text.text
            row[Notes.by] = author.text
            row[Notes.at] = at ?? now
            if kind != .note { row[Notes.kind] = kind.rawValue }
            if let about { row[Notes.about] = about }
            if !exemptions.isEmpty { row[Notes.exemptions] = exemptions.joined(separator: "\n") }
        }
    }

    /// The case, to which a text is to be added. Errors: `shredded`, and those of `Casework.find`.
    func caseForText(_ reference: CaseReference) throws -> Record {
        let record = try Casework.find(reference, transaction.snapshot)
        try Self.checkNotShredded(record)
        return record
    }

    /// The case, if it is open. Errors: `caseClosed`, and those of `Casework.find`.
    func openCase(_ reference: CaseReference) throws -> Record {
        let record = try Casework.find(reference, transaction.snapshot)
        guard record[CaseworkSchema.Cases.status] != CaseStatus.closed.rawValue else {
            throw CaseworkError(.caseClosed, "closed.changed")
        }
        return record
    }

    static func checkNotShredded(_ record: Record) throws(CaseworkError) {
        guard !Casework.isShredded(record) else {
            throw CaseworkError(
                .shredded,
                "shredded"
            )
        }
    }
}

extension Casework {
    /// Runs the body in one transaction, and then tells of what the guard warned of in its texts.
    func change<Result>(
        by author: AuthorCode, basedOn basis: EditBasis? = nil, _ body: (Writing) throws -> Result
    ) throws -> Result {
        let (result, warnings) = try replica.write(basedOn: basis) { transaction in
            let writing = try Writing(transaction, by: author, at: try now(transaction))
            return (try body(writing), writing.warnings)
        }
        warnings.forEach { onGuardWarning?($0) }
        return result
    }
}
