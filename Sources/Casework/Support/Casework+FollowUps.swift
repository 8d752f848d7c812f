import Merge
public import Replica

extension Casework {
    /// The day on which to call: one to two weeks ahead, a working day on which the line is open.
    public func proposeFollowUp() throws -> CalendarDate {
        try replica.read { snapshot in
            Self.proposal(try LineSettings(snapshot), try today(snapshot))
        }
    }

    static func proposal(_ settings: LineSettings, _ today: CalendarDate) -> CalendarDate {
        settings.followUpRules.proposeFollowUp(from: today) { settings.openingHours.isOpen(on: $0) }
    }

    /// Records the agreement to speak again.
    ///
    /// - Parameters:
    ///   - day: nil for the one that ``proposeFollowUp()`` gives.
    /// - Returns: the day.
    ///
    /// Errors: `badValue` for a day that has passed; `caseClosed`, and those of ``show(_:)``.
    @discardableResult
    public func addFollowUp(
        _ reference: CaseReference, _ kind: FollowUpKind = .call, on day: CalendarDate? = nil, by author: AuthorCode
    ) throws -> CalendarDate {
        try change(by: author) { writing in
            try Self.agree(kind, on: day, of: writing.openCase(reference).id, writing)
        }
    }

    /// As above, within a transaction.
    @discardableResult
    static func agree(
        _ kind: FollowUpKind, on day: CalendarDate?, of parent: RecordID, _ writing: Writing
    ) throws -> CalendarDate {
        typealias FollowUps = CaseworkSchema.FollowUps
        let due = try day ?? proposal(writing.settings(), writing.today)
        try checkNotPast(due, writing)
        try writing.transaction.insert(FollowUps.collection, parent: parent) { row in
            row[FollowUps.kind] = kind.rawValue
            row[FollowUps.due] = due
            row[FollowUps.status] = FollowUpStatus.planned.rawValue
            row[FollowUps.at] = writing.now
            row[FollowUps.by] = writing.author.text
        }
        return due
    }

    /// Moves the agreed day. As ``cancelFollowUp(_:_:by:)``, and `badValue` for a day that has passed.
    public func moveFollowUp(
        _ reference: CaseReference, _ item: ItemReference? = nil, to day: CalendarDate, by author: AuthorCode
    ) throws {
        typealias FollowUps = CaseworkSchema.FollowUps
        try change(by: author) { writing in
            let followUp = try Self.planned(item, of: reference, writing).followUp
            try Self.checkNotPast(day, writing)
            try writing.transaction.update(FollowUps.collection, followUp.id) { $0[FollowUps.due] = day }
        }
    }

    /// Gives an agreement up.
    ///
    /// - Parameter item: nil for the only planned one of the case.
    ///
    /// Errors: `unknownItem`, `ambiguousItem`, and those of ``show(_:)``.
    public func cancelFollowUp(_ reference: CaseReference, _ item: ItemReference? = nil, by author: AuthorCode) throws {
        try change(by: author) { writing in
            try writing.end(try Self.planned(item, of: reference, writing).followUp.id, .cancelled)
        }
    }

    // MARK: Attempts

    /// Records that the helpline has called and nobody answered.
    ///
    /// - Parameters:
    ///   - item: nil for the only planned call of the case.
    ///   - anyway: also less than a working day after the last attempt, or when there have been enough: for a call that
    ///     was made all the same.
    /// - Returns: the follow-up with what comes next: another attempt, or the proposal to close.
    ///
    /// Errors: `tooManyAttempts`; `badValue` where it is the caller who rings; `unknownItem`, `ambiguousItem`, and those
    /// of ``show(_:)``.
    @discardableResult
    public func addUnansweredAttempt(
        _ reference: CaseReference, _ item: ItemReference? = nil, anyway: Bool = false, by author: AuthorCode
    ) throws -> FollowUpDetails {
        try change(by: author) { writing in
            let (record, followUp) = try Self.plannedCall(item, of: reference, writing)
            let settings = try writing.settings()
            let before = try Self.details(followUp, of: record, settings, writing.transaction.snapshot)
            if !anyway { try Self.checkAttempt(before, writing.today) }
            try writing.addAttempt(.noAnswer, to: followUp.id)
            return try Self.details(followUp, of: record, settings, writing.transaction.snapshot)
        }
    }

    /// Records that the helpline has called and spoken with the caller: a contact of the case, and the follow-up's end.
    ///
    /// - Parameter fields: of the contact, whose channel is outbound.
    ///
    /// Errors: as ``addUnansweredAttempt(_:_:anyway:by:)`` apart from `tooManyAttempts`, and as
    /// ``addContact(_:_:reopening:by:)``.
    public func addAnsweredAttempt(
        _ reference: CaseReference, _ item: ItemReference? = nil, _ fields: ContactFields = ContactFields(),
        by author: AuthorCode
    ) throws {
        try change(by: author) { writing in
            let (record, followUp) = try Self.plannedCall(item, of: reference, writing)
            if fields.hasText { try Writing.checkNotShredded(record) }
            var fields = fields
            fields.channel = .outbound
            let contact = try writing.insertContact(fields, .repeat, of: record.id)
            try writing.addAttempt(.reached, to: followUp.id, contact: contact)
            try writing.end(followUp.id, .reached)
        }
    }

    private static func checkAttempt(_ followUp: FollowUpDetails, _ today: CalendarDate) throws(CaseworkError) {
        switch followUp.next {
        case .call(_, _, let day, _) where today < day && !followUp.attempts.isEmpty:
            throw CaseworkError(
                .tooManyAttempts,
                "attempt.tooSoon", ["day": "\(day)"]
            )
        case .proposeClosing:
            throw CaseworkError(
                .tooManyAttempts,
                "attempt.tooMany", ["count": "\(followUp.attempts.count)"]
            )
        default: return
        }
    }

    private static func plannedCall(
        _ item: ItemReference?, of reference: CaseReference, _ writing: Writing
    ) throws -> (record: Record, followUp: Record) {
        let found = try planned(item, .call, of: reference, writing)
        guard found.followUp[CaseworkSchema.FollowUps.kind] != FollowUpKind.ringBack.rawValue else {
            throw CaseworkError(
                .badValue, "attempt.ringsBack"
            )
        }
        return found
    }

    private static func planned(
        _ item: ItemReference?, _ kind: FollowUpKind? = nil, of reference: CaseReference, _ writing: Writing
    ) throws -> (record: Record, followUp: Record) {
        typealias FollowUps = CaseworkSchema.FollowUps
        let snapshot = writing.transaction.snapshot
        let record = try find(reference, snapshot)
        var planned = try snapshot.records(
            FollowUps.collection, where: "parent = ? AND status = ? ORDER BY due, id",
            [.reference(record.id), .text(FollowUpStatus.planned.rawValue)])
        if item == nil, let kind, planned.contains(where: { $0[FollowUps.kind] == kind.rawValue }) {
            planned.removeAll { $0[FollowUps.kind] != kind.rawValue }
        }
        return (record, try ItemReference.pick(item, of: planned, "plannedFollowUp"))
    }

    // MARK: Reading

    /// All planned follow-ups of open cases, the most urgent first.
    public func plannedFollowUps() throws -> [FollowUpDetails] {
        typealias FollowUps = CaseworkSchema.FollowUps
        return try replica.read { snapshot in
            let settings = try LineSettings(snapshot)
            let records = try snapshot.records(
                FollowUps.collection, where: "status = ? ORDER BY due, id", [.text(FollowUpStatus.planned.rawValue)])
            return try records.compactMap { record in
                guard let parent = record.parent,
                    let parentRecord = try snapshot.fetch(CaseworkSchema.Cases.collection, parent),
                    parentRecord[CaseworkSchema.Cases.status] != CaseStatus.closed.rawValue
                else { return nil }
                var details = try Self.details(record, of: parentRecord, settings, snapshot)
                details.reference = try CaseReference(of: parent, snapshot)
                return details
            }
        }
    }

    static func followUps(
        of record: Record, _ settings: LineSettings, _ snapshot: borrowing Snapshot
    ) throws -> [FollowUpDetails] {
        try snapshot.records(
            CaseworkSchema.FollowUps.collection, where: "parent = ? ORDER BY due, id", [.reference(record.id)]
        ).map { try details($0, of: record, settings, snapshot) }
    }

    /// - Parameter record: the case.
    static func details(
        _ followUp: Record, of record: Record, _ settings: LineSettings, _ snapshot: borrowing Snapshot
    ) throws -> FollowUpDetails {
        typealias Attempts = CaseworkSchema.Attempts
        let attempts = try snapshot.records(
            Attempts.collection, where: "parent = ? ORDER BY at, id", [.reference(followUp.id)]
        ).map { attempt in
            FollowUpDetails.Attempt(
                id: attempt.id, result: attempt[Attempts.result] ?? "",
                at: attempt[Attempts.at] ?? Timestamp(milliseconds: 0),
                by: attempt[Attempts.by] ?? "", contact: attempt[Attempts.contact])
        }
        return FollowUpDetails(
            followUp, nil, attempts: attempts, concernsChild: CaseDetails.concernsChild(record), settings)
    }
}

extension Writing {
    func addAttempt(_ result: AttemptResult, to followUp: RecordID, contact: RecordID? = nil) throws {
        typealias Attempts = CaseworkSchema.Attempts
        try transaction.add(Attempts.collection, parent: followUp) { row in
            row[Attempts.result] = result.rawValue
            row[Attempts.at] = now
            row[Attempts.by] = author.text
            if let contact { row[Attempts.contact] = contact }
        }
    }

    func end(_ followUp: RecordID, _ status: FollowUpStatus) throws {
        typealias FollowUps = CaseworkSchema.FollowUps
        try transaction.update(FollowUps.collection, followUp) { row in
            row[FollowUps.status] = status.rawValue
            row[FollowUps.endedAt] = now
            row[FollowUps.endedBy] = author.text
        }
    }

    /// Ends all planned follow-ups of a kind; returns how many.
    @discardableResult
    func endFollowUps(of id: RecordID, _ kind: FollowUpKind, _ status: FollowUpStatus) throws -> Int {
        typealias FollowUps = CaseworkSchema.FollowUps
        let planned = try transaction.snapshot.records(
            FollowUps.collection, where: "parent = ? AND status = ? AND kind = ?",
            [.reference(id), .text(FollowUpStatus.planned.rawValue), .text(kind.rawValue)])
        for followUp in planned { try end(followUp.id, status) }
        return planned.count
    }
}
