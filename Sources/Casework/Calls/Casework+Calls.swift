public import Merge
import Replica

extension Casework {
    /// Takes a reference number, to be told to a caller before the case is saved.
    ///
    /// A leased one is used up by this, and by nobody else. The longer form, where there is no lease, is not: another
    /// process on the same data may give the same one meanwhile, which then shows as two cases with one number.
    ///
    /// - Parameter avoiding: numbers that were reserved and are in no case yet.
    ///
    /// Errors: `numbersExhausted`.
    public func reserveNumber(avoiding reserved: Set<ReferenceNumber> = []) throws -> ReferenceNumber {
        let key = try replica.referenceNumberKey()
        return try replica.write { transaction in
            let source = NumberSource(transaction, key: key)
            while true {
                let number = try source.next()
                if !reserved.contains(number) { return number }
            }
        }
    }

    /// Whether a call's contact is in the data already.
    public func hasContact(_ id: RecordID) throws -> Bool {
        try replica.read { try $0.fetch(CaseworkSchema.Contacts.collection, id) != nil }
    }

    /// Saves a call in one transaction: all of it, or nothing.
    ///
    /// Saved a second time under the same ids, it adds what is new and changes what differs: so a call may be saved while
    /// it goes on, and again when it ends.
    ///
    /// - Returns: the case; nil where there is none.
    ///
    /// Errors: `personalData` with the name of the text (`summary`, `next-step`, `promise`), `badText`, `badValue`,
    /// `caseClosed`, `shredded`, and those of ``show(_:)``.
    @discardableResult
    public func save(_ call: CallRecord, by author: AuthorCode) throws -> CaseReference? {
        try change(by: author) { writing in
            guard let record = try Self.record(of: call, writing) else {
                try Self.saveWithoutCase(call, writing)
                return nil
            }
            let isClosed = record[CaseworkSchema.Cases.status] == CaseStatus.closed.rawValue
            if isClosed, call.reopens { try Self.reopen(record.id, writing) }
            if call.contact.hasText || call.promise != nil, !call.reopens { try Writing.checkNotShredded(record) }
            if call.promise != nil || call.followUp != nil, isClosed, !call.reopens {
                throw CaseworkError(.caseClosed, "closed.saved")
            }
            try Self.saveContact(call, of: record, writing)
            try Self.saveAgreements(call, of: record.id, writing)
            if let reason = call.closing { try Self.end(record.id, reason, writing) }
            return try CaseReference(of: record.id, writing.transaction.snapshot)
        }
    }

    /// The case, made or changed as the call says.
    private static func record(of call: CallRecord, _ writing: Writing) throws -> Record? {
        typealias Cases = CaseworkSchema.Cases
        let snapshot = writing.transaction.snapshot
        switch call.subject {
        case .withoutCase: return nil
        case .existing(let reference):
            let record = try find(reference, snapshot)
            if !call.fields.isEmpty { try update(record, call.fields, writing) }
            return record
        case .newCase(let number):
            if let contact = try snapshot.fetch(CaseworkSchema.Contacts.collection, call.ids.contact),
                let parent = contact.parent, let record = try snapshot.fetch(Cases.collection, parent)
            {
                if !call.fields.isEmpty { try update(record, call.fields, writing) }
                return record
            }
            let id = try writing.transaction.insert(Cases.collection) { row in
                row[Cases.status] = CaseStatus.open.rawValue
                row[Cases.openedAt] = call.contact.at ?? writing.now
                row[Cases.openedBy] = writing.author.text
                call.fields.write(to: &row)
            }
            try writing.transaction.add(CaseworkSchema.Numbers.collection, parent: id) {
                $0[CaseworkSchema.Numbers.number] = number.digits
            }
            return try writing.transaction.snapshot.fetch(Cases.collection, id)
        }
    }

    private static func update(_ record: Record, _ fields: CaseFields, _ writing: Writing) throws {
        let disputed = Set(try writing.transaction.snapshot.conflicts(record: record.id).map(\.field.number))
        try writing.transaction.update(CaseworkSchema.Cases.collection, record.id) {
            fields.write(to: &$0, current: record, disputed: disputed)
        }
    }

    private static func saveWithoutCase(_ call: CallRecord, _ writing: Writing) throws {
        guard !call.contact.hasText, call.promise == nil else {
            throw CaseworkError(
                .badValue,
                "withoutCaseNoText")
        }
        guard try writing.transaction.snapshot.fetch(CaseworkSchema.Contacts.collection, call.ids.contact) == nil
        else { return }
        _ = try writing.insertContact(call.contact, .withoutCase, id: call.ids.contact, of: nil)
    }

    private static func saveContact(_ call: CallRecord, of record: Record, _ writing: Writing) throws {
        typealias Contacts = CaseworkSchema.Contacts
        var fields = call.contact
        (fields.summary, fields.nextStep) = (nil, nil)
        let isNew = if case .newCase = call.subject { true } else { false }
        if try writing.transaction.snapshot.fetch(Contacts.collection, call.ids.contact) == nil {
            let kind: ContactKind = isNew ? .opening : .repeat
            _ = try writing.insertContact(fields, kind, id: call.ids.contact, of: record.id)
            if !isNew, (fields.channel ?? .phone) != .outbound {
                try writing.endFollowUps(of: record.id, .ringBack, .reached)
            }
        } else {
            fields.at = nil
            try fields.check(now: writing.now)
            try writing.transaction.update(Contacts.collection, call.ids.contact) { fields.write(to: &$0) }
        }
        let texts = [
            (call.contact.summary, NoteKind.summary, "summary", call.ids.summary),
            (call.contact.nextStep, NoteKind.nextStep, "next-step", call.ids.nextStep),
        ]
        for case (let text?, let kind, let name, let id) in texts
        where try writing.transaction.snapshot.fetch(CaseworkSchema.Notes.collection, id) == nil {
            try writing.add(text, kind, named: name, id: id, to: record.id, about: call.ids.contact)
        }
    }

    private static func saveAgreements(_ call: CallRecord, of id: RecordID, _ writing: Writing) throws {
        typealias FollowUps = CaseworkSchema.FollowUps
        let snapshot = writing.transaction.snapshot
        if let promise = call.promise, try snapshot.fetch(CaseworkSchema.Measures.collection, call.ids.promise) == nil {
            try checkNotPast(promise.due, writing)
            _ = try writing.insertMeasure(.promise, .open, on: promise.due, id: call.ids.promise, of: id)
            try writing.add(promise.text, .promise, named: "promise", to: id, about: call.ids.promise)
        }
        if let followUp = call.followUp, try snapshot.fetch(FollowUps.collection, call.ids.followUp) == nil {
            let due = try followUp.day ?? proposal(writing.settings(), writing.today)
            try checkNotPast(due, writing)
            try writing.transaction.insert(FollowUps.collection, id: call.ids.followUp, parent: id) { row in
                row[FollowUps.kind] = followUp.kind.rawValue
                row[FollowUps.due] = due
                row[FollowUps.status] = FollowUpStatus.planned.rawValue
                row[FollowUps.at] = writing.now
                row[FollowUps.by] = writing.author.text
            }
        }
    }

    private static func end(_ id: RecordID, _ reason: ClosingReason, _ writing: Writing) throws {
        typealias Cases = CaseworkSchema.Cases
        try writing.transaction.update(Cases.collection, id) { row in
            row[Cases.status] = CaseStatus.closed.rawValue
            row[Cases.closedAt] = writing.now
            row[Cases.closedBy] = writing.author.text
            row[Cases.closingReason] = reason.rawValue
        }
        let status: FollowUpStatus = reason == .unreachable ? .unreachable : .cancelled
        for kind in FollowUpKind.allCases { try writing.endFollowUps(of: id, kind, status) }
    }
}
