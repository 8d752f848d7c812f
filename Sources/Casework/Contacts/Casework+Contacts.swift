public import Merge
public import Replica

/// What a repeat contact has brought about beside itself.
public struct ContactResult: Sendable {
    public var id: RecordID
    /// The case was closed, and has been opened again.
    public var isReopened = false
    /// The case was closed, and still is.
    public var isStillClosed = false
    /// Agreed calls of the caller that this one was.
    public var metRingBacks = 0
}

extension Casework {
    /// Records that the caller of a case got in touch again, or was reached.
    ///
    /// A call or chat that comes in meets the agreement to ring back, if there is one. A case that is closed stays so
    /// unless it is to be opened again; it keeps its number either way.
    ///
    /// Errors: `badValue`, `shredded` where a text is given, those of texts and of ``show(_:)``.
    @discardableResult
    public func addContact(
        _ reference: CaseReference, _ fields: ContactFields, reopening: Bool = false, by author: AuthorCode
    ) throws -> ContactResult {
        try change(by: author) { writing in
            let record = try Self.find(reference, writing.transaction.snapshot)
            let isClosed = record[CaseworkSchema.Cases.status] == CaseStatus.closed.rawValue
            let reopens = isClosed && reopening
            if fields.hasText, !reopens { try Writing.checkNotShredded(record) }
            if reopens { try Self.reopen(record.id, writing) }
            var result = ContactResult(id: try writing.insertContact(fields, .repeat, of: record.id))
            result.isReopened = reopens
            result.isStillClosed = isClosed && !reopens
            if (fields.channel ?? .phone) != .outbound {
                result.metRingBacks = try writing.endFollowUps(of: record.id, .ringBack, .reached)
            }
            return result
        }
    }

    /// Records a contact that opened no case, such as a question that was answered on the spot.
    ///
    /// It has no text: there would be no case with which it is shredded.
    ///
    /// Errors: `badValue`.
    @discardableResult
    public func addContactWithoutCase(_ fields: ContactFields, by author: AuthorCode) throws -> RecordID {
        guard !fields.hasText else {
            throw CaseworkError(
                .badValue,
                "withoutCaseNoText")
        }
        return try change(by: author) { try $0.insertContact(fields, .withoutCase, of: nil) }
    }

    /// Contacts that opened no case, of some days, in order.
    public func contactsWithoutCase(
        from: CalendarDate? = nil, through: CalendarDate? = nil
    ) throws -> [ContactDetails] {
        try replica.read { snapshot in
            let time = try LineSettings.time(snapshot)
            let start = from.map { time.moment($0, minute: 0) } ?? Timestamp(milliseconds: .min)
            let end = through.map { time.moment($0, minute: 1_440) } ?? Timestamp(milliseconds: .max)
            return try snapshot.records(
                CaseworkSchema.Contacts.collection,
                where: "parent IS NULL AND at >= ? AND at < ? ORDER BY at, id", [start.fieldValue, end.fieldValue]
            ).map { ContactDetails($0) }
        }
    }

    /// Erases a contact that opened no case, and ought not to have been recorded.
    ///
    /// Errors: `unknownItem`, `ambiguousItem`.
    public func eraseContactWithoutCase(_ item: ItemReference) throws {
        typealias Contacts = CaseworkSchema.Contacts
        try replica.write { tx in
            let contacts = try tx.snapshot.records(Contacts.collection, where: "parent IS NULL")
            try tx.erase(Contacts.collection, ItemReference.pick(item, of: contacts, "contactWithoutCase").id)
        }
    }

    /// Adds to what is known of a contact, such as its length and summary when the call has ended.
    ///
    /// - Parameter item: nil for the latest contact of the case.
    ///
    /// Errors: `badValue`, `unknownItem`, `shredded` where a text is given, those of texts and of ``show(_:)``.
    public func editContact(
        _ reference: CaseReference, _ item: ItemReference? = nil, _ fields: ContactFields, by author: AuthorCode
    ) throws {
        typealias Contacts = CaseworkSchema.Contacts
        guard !fields.isEmpty else {
            throw CaseworkError(.badValue, "contact.nothingGiven")
        }
        try change(by: author) { writing in
            let record = try Self.find(reference, writing.transaction.snapshot)
            if fields.hasText { try Writing.checkNotShredded(record) }
            try fields.check(now: writing.now)
            let contacts = try writing.transaction.snapshot.records(
                Contacts.collection, where: "parent = ? ORDER BY at, id", [.reference(record.id)])
            let contact = try ItemReference.pick(
                item, of: item == nil ? contacts.suffix(1) : contacts, "contactOfCase")
            try writing.transaction.update(Contacts.collection, contact.id) { row in
                fields.write(to: &row)
                // By another channel, or at another time, the line may have been open.
                if fields.at != nil || fields.channel != nil {
                    let channel = fields.channel ?? contact[Contacts.channel].flatMap { Channel(rawValue: $0) }
                    let at = fields.at ?? contact[Contacts.at] ?? writing.now
                    row[Contacts.outsideHours] = try writing.isOutsideHours(at, by: channel)
                }
            }
            try writing.addTexts(of: fields, to: record.id, about: contact.id)
        }
    }
}

extension Writing {
    /// - Parameters:
    ///   - id: where it is settled beforehand.
    ///   - isTimeKnown: false for a day without a time, of which nobody knows whether the line was open.
    func insertContact(
        _ fields: ContactFields, _ kind: ContactKind, id: RecordID? = nil, of parent: RecordID?,
        isTimeKnown: Bool = true
    ) throws -> RecordID {
        typealias Contacts = CaseworkSchema.Contacts
        try fields.check(now: now)
        let at = fields.at ?? now
        let isOutside = isTimeKnown ? try isOutsideHours(at, by: fields.channel ?? .phone) : nil
        let contact = try transaction.insert(Contacts.collection, id: id, parent: parent) { row in
            row[Contacts.kind] = kind.rawValue
            row[Contacts.at] = at
            row[Contacts.by] = author.text
            row[Contacts.channel] = Channel.phone.rawValue
            fields.write(to: &row)
            if let isOutside { row[Contacts.outsideHours] = isOutside }
        }
        if let parent { try addTexts(of: fields, to: parent, about: contact) }
        return contact
    }

    func isOutsideHours(_ moment: Timestamp, by channel: Channel?) throws -> Bool {
        try settings().openingHours.isOutside(moment, by: channel)
    }

    func addTexts(of fields: ContactFields, to parent: RecordID, about contact: RecordID) throws {
        if let summary = fields.summary {
            try add(summary, .summary, named: "summary", to: parent, about: contact)
        }
        if let nextStep = fields.nextStep {
            try add(nextStep, .nextStep, named: "next-step", to: parent, about: contact)
        }
    }
}
