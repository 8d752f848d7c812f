public import Casework
public import JSON
public import Merge
public import Replica

extension Workstation {
    /// Begins a call: a draft with a number for a new case, which is on disk when this returns.
    ///
    /// - Parameters:
    ///   - holder: which tab writes in it.
    ///   - quoted: the number of a case that is called about, where that is known already.
    ///
    /// Errors: `numbersExhausted`; ``WorkstationError``.
    public func startCall(by author: AuthorCode, holder: String, quoted: String? = nil) throws -> CallDraft {
        let number = try drafts.takeSpareNumber() ?? casework.reserveNumber(avoiding: drafts.reservedNumbers())
        let now = wallMilliseconds()
        var draft = CallDraft(
            id: replica.makeID(), author: author, startedAt: now, number: number, savedIn: nil, form: CallForm(),
            revision: 0, savedAt: now, holder: holder, summaryID: replica.makeID(), nextStepID: replica.makeID(),
            promiseID: replica.makeID(), followUpID: replica.makeID())
        if let quoted {
            draft.form.subject = .existing
            draft.form.quoted = quoted
        }
        try drafts.insert(draft)
        return draft
    }

    /// A counsellor's calls that are not ended, the latest first.
    public func openCalls(of author: AuthorCode) throws -> [CallDraft] { try drafts.drafts(of: author) }

    /// Keeps what was entered; it is on disk when this returns.
    ///
    /// - Parameters:
    ///   - changes: members of ``CallForm``; see ``CallForm/take(_:)``.
    ///   - revision: of the draft that the changes were made to.
    ///   - holder: the tab that makes them.
    ///
    /// Errors: `unknownDraft`, `otherTab`, `outdated`, `badForm`, `diskFull`, `cannotKeep`.
    public func keep(
        _ changes: JSONValue, in id: RecordID, revision: Int64, by author: AuthorCode, holder: String
    ) throws -> CallDraft {
        let now = wallMilliseconds()
        return try drafts.change(id, by: author) { draft in
            guard draft.holder == holder else {
                throw WorkstationError(.otherTab, "the call is open in another tab; nothing was changed")
            }
            guard draft.revision == revision else {
                throw WorkstationError(.outdated, "a later change is here already; nothing was changed: read it again")
            }
            guard draft.form.take(changes) else {
                throw WorkstationError(.badForm, "what was sent does not fit the draft; nothing was changed")
            }
            draft.revision += 1
            draft.savedAt = now
            return draft
        }
    }

    /// Moves a call to another tab, which alone writes in it from then on. Errors: `unknownDraft`.
    public func takeOver(_ id: RecordID, by author: AuthorCode, holder: String) throws -> CallDraft {
        try drafts.change(id, by: author) { draft in
            draft.holder = holder
            draft.revision += 1
            return draft
        }
    }

    /// Throws a draft away, for ten minutes so that it can be taken back. Errors: `unknownDraft`.
    public func discard(_ id: RecordID, by author: AuthorCode) throws {
        try drafts.setDiscarded(id, by: author, at: wallMilliseconds())
    }

    /// Errors: `unknownDraft` where it is too late.
    public func restore(_ id: RecordID, by author: AuthorCode) throws {
        try drafts.setDiscarded(id, by: author, at: nil)
    }

    // MARK: Saving

    /// What became of a call that was saved.
    public struct SavedCall: Sendable {
        /// Nil where no case was needed.
        public var reference: CaseReference?
        public var minutes: Int
        /// The draft as it goes on; nil where the call has ended.
        public var draft: CallDraft?
    }

    public enum Saving: Sendable {
        /// The call goes on; what was written is in the case, and the fields are empty again.
        case goesOn
        /// - Parameter withoutNumber: the caller hung up before getting the number.
        case ends(withoutNumber: Bool, closing: ClosingReason?)
    }

    /// Saves a call in the case. When this returns it is on disk, and the draft is erased or goes on without what was saved.
    ///
    /// Errors: `numberNotGiven`, `badDay` with the field, `unknownDraft`, `otherTab`; those of `Casework.save(_:by:)`.
    public func save(_ id: RecordID, _ saving: Saving, by author: AuthorCode, holder: String) throws -> SavedCall {
        guard let draft = try drafts.drafts(of: author).first(where: { $0.id == id }) else {
            throw WorkstationError(.unknownDraft, "there is no such draft any more: it was saved or thrown away")
        }
        guard draft.holder == holder else {
            throw WorkstationError(.otherTab, "the call is open in another tab; nothing was saved")
        }
        if case .ends(false, _) = saving, draft.form.subject == .new, !draft.form.isNumberGiven {
            throw WorkstationError(.numberNotGiven, "the caller has not been given the number; nothing was saved")
        }
        let minutes = Int(max(0, min(wallMilliseconds() - draft.startedAt, 86_400_000)) / 60_000)
        var record = try self.record(of: draft, minutes: minutes)
        if case .ends(_, let closing) = saving { record.closing = closing }
        let reference = try casework.save(record, by: author)
        if case .goesOn = saving, reference != nil {
            let kept = try drafts.change(id, by: author) { draft in
                draft.savedIn = reference
                draft.form.text = ""
                draft.form.nextStep = ""
                draft.form.promise = ""
                draft.form.promiseDay = ""
                draft.form.marks = [:]
                draft.summaryID = replica.makeID()
                draft.nextStepID = replica.makeID()
                draft.promiseID = replica.makeID()
                draft.revision += 1
                draft.savedAt = wallMilliseconds()
                return draft
            }
            return SavedCall(reference: reference, minutes: minutes, draft: kept)
        }
        try drafts.erase(id)
        let isUsed = draft.form.subject == .new || draft.form.isNumberGiven
        if let number = draft.number, !isUsed { try drafts.keepSpareNumber(number) }
        return SavedCall(reference: reference, minutes: minutes, draft: nil)
    }

    private func record(of draft: CallDraft, minutes: Int) throws -> CallRecord {
        let form = draft.form
        let subject: CallRecord.Subject
        switch form.subject {
        case .new:
            guard let number = draft.number else {
                throw WorkstationError(.badForm, "the draft has no number; nothing was saved: begin a new call")
            }
            subject = .newCase(number)
        case .existing: subject = .existing(try CaseReference(parsing: form.quoted))
        case .without: subject = .withoutCase
        }
        let ids = CallRecord.Identities(
            contact: draft.id, summary: draft.summaryID, nextStep: draft.nextStepID, promise: draft.promiseID,
            followUp: draft.followUpID)
        var contact = ContactFields(
            channel: try Channel(word: form.channel), language: try LanguageTag(form.language),
            interpreting: form.interpreting.isEmpty ? nil : try Interpreting(word: form.interpreting),
            request: form.request.isEmpty ? nil : try Request(word: form.request), minutes: minutes,
            at: try casework.moment(ofWall: draft.startedAt))
        contact.summary = marked(form.text, "text", form)
        contact.nextStep = marked(form.nextStep, "nextStep", form)
        var record = CallRecord(subject: subject, ids: ids, contact: contact)
        record.fields = try fields(of: form)
        record.reopens = form.reopens
        if let promise = marked(form.promise, "promise", form) {
            record.promise = .init(text: promise, due: try day(form.promiseDay, "promiseDay"))
        }
        switch CallForm.Research(rawValue: form.research) {
        case .call: record.followUp = .init(kind: .call, day: try optionalDay(form.followUpDay, "followUpDay"))
        case .back: record.followUp = .init(kind: .ringBack, day: try day(form.followUpDay, "followUpDay"))
        case .no, .notAsked, nil: break
        }
        return record
    }

    private func marked(_ text: String, _ name: String, _ form: CallForm) -> MarkedText? {
        text.allSatisfy(\.isWhitespace) ? nil : MarkedText(text, notPersonalData: form.marks[name] ?? [])
    }

    private func fields(of form: CallForm) throws -> CaseFields {
        CaseFields(
            caller: form.caller.isEmpty || form.caller == "none" ? nil : try Caller(word: form.caller),
            concerns: form.concerns.isEmpty ? nil : Set(try form.concerns.map { try Concern(word: $0) }),
            age: ["", "none", "nobody"].contains(form.age) ? nil : try AgeBand(word: form.age),
            language: form.subject == .new ? try LanguageTag(form.language) : nil,
            childMadeContact: form.child.isEmpty ? nil : form.child == "yes", research: try research(of: form))
    }

    private func research(of form: CallForm) throws -> ResearchAnswer? {
        switch CallForm.Research(rawValue: form.research) {
        case .call: ResearchAnswer(.weCall)
        case .back: ResearchAnswer(.ringsBack, on: try day(form.followUpDay, "followUpDay"))
        case .no: ResearchAnswer(.no)
        case .notAsked, nil: nil
        }
    }

    private func optionalDay(_ text: String, _ field: String) throws -> CalendarDate? {
        text.isEmpty ? nil : try day(text, field)
    }

    /// Errors: `badDay`.
    public func day(_ text: String, _ field: String) throws -> CalendarDate {
        guard let day = SpokenDay.parse(text, today: try casework.currentDay()) else {
            throw WorkstationError(.badDay, "the day cannot be read; nothing was saved", field: field)
        }
        return day
    }
}
