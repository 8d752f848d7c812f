import Merge
public import Replica
import SQLite

extension Casework {
    /// Opens a case with its opening contact, in one transaction, and gives it its number.
    ///
    /// Errors: `numbersExhausted`; those of ``addNote(_:_:by:)``; `ReplicaError`.
    @discardableResult
    public func newCase(
        _ fields: CaseFields, channel: Channel = .phone, by author: AuthorCode, note: String? = nil
    ) throws -> CaseReference {
        try newCase(fields, contact: ContactFields(channel: channel), note: note.map { MarkedText($0) }, by: author)
    }

    /// As above, with all that is known of the opening contact.
    @discardableResult
    public func newCase(
        _ fields: CaseFields, contact: ContactFields, note: MarkedText? = nil, by author: AuthorCode
    ) throws -> CaseReference {
        let key = try replica.referenceNumberKey()
        return try change(by: author) { writing in
            try self.insert(
                fields, contact: contact, note: note, at: contact.at ?? writing.now,
                NumberSource(writing.transaction, key: key), writing)
        }
    }

    /// - Parameters:
    ///   - ids: of the case, its contact and its note, where they are settled beforehand.
    ///   - at: when the case was opened; its contact's time too, unless that has one of its own.
    ///   - isTimeKnown: false for a day without a time of day.
    ///   - closedAt: of a case that is closed already when it is taken over; why is not known then.
    ///
    /// Errors: those of texts, also for a text that is taken over.
    @discardableResult
    func insert(
        _ fields: CaseFields, ids: (record: RecordID, contact: RecordID, note: RecordID)? = nil,
        contact: ContactFields, note: MarkedText?, at: Timestamp, isTimeKnown: Bool = true,
        closedAt: Timestamp? = nil, _ numbers: NumberSource, _ writing: Writing
    ) throws -> CaseReference {
        typealias Cases = CaseworkSchema.Cases
        let author = writing.author
        let id = try writing.transaction.insert(Cases.collection, id: ids?.record) { row in
            row[Cases.status] = (closedAt == nil ? CaseStatus.open : .closed).rawValue
            row[Cases.openedAt] = at
            row[Cases.openedBy] = author.text
            fields.write(to: &row)
            guard let closedAt else { return }
            row[Cases.closedAt] = closedAt
            row[Cases.closedBy] = author.text
        }
        let number = try numbers.give(to: id)
        try Self.agreeResearch(fields, of: id, writing)
        var contact = contact
        contact.at = contact.at ?? at
        contact.language = contact.language ?? fields.language
        _ = try writing.insertContact(contact, .opening, id: ids?.contact, of: id, isTimeKnown: isTimeKnown)
        if let note {
            try writing.add(note, .note, named: contact.hasText ? "note" : nil, id: ids?.note, to: id, at: at)
        }
        return CaseReference(number)
    }

    /// Adds a note. Errors: `badText`, `personalData`, `shredded`, and those of ``show(_:)``.
    public func addNote(_ reference: CaseReference, _ text: String, by author: AuthorCode) throws {
        try addNote(reference, MarkedText(text), by: author)
    }

    /// Adds a text to a case.
    ///
    /// - Parameter kind: one that stands by itself. Promises and referrals have texts of their own.
    ///
    /// Errors: as above, and `badValue` for a mark on nothing.
    public func addNote(
        _ reference: CaseReference, _ text: MarkedText, kind: NoteKind = .note, by author: AuthorCode
    ) throws {
        try change(by: author) { writing in
            _ = try writing.add(text, kind, to: writing.caseForText(reference).id)
        }
    }

    static func checkNote(_ text: String) throws(CaseworkError) {
        guard !text.hasLostCharacter else { throw CaseworkError.lostCharacter }
        let isBlank = text.allSatisfy { $0.isWhitespace }
        guard !isBlank, text.utf8.count <= noteBytes else {
            throw CaseworkError(
                .badText, isBlank ? "note.empty" : "note.tooLong",
                ["limit": "\(noteBytes)", "count": "\(text.utf8.count)"]
            )
        }
    }

    /// Changes what is given, and nothing else.
    ///
    /// - Parameters:
    ///   - channel: of the opening contact. The language is the case's and that contact's.
    ///   - basis: the case as it was looked at; nil for what stands now.
    ///   - author: who agreed on a day for research; needed only for that.
    ///
    /// Errors: `badValue` where nothing is given, and those of ``find(_:)``.
    public func edit(
        _ reference: CaseReference, _ fields: CaseFields, channel: Channel? = nil, basedOn basis: EditBasis? = nil,
        by author: AuthorCode? = nil
    ) throws {
        guard !fields.isEmpty || channel != nil else {
            throw CaseworkError(.badValue, "case.nothingGiven")
        }
        try replica.write(basedOn: basis) { tx in
            let current = try Self.find(reference, tx.snapshot)
            let disputed = Set(try tx.snapshot.conflicts(record: current.id).map(\.field.number))
            try tx.update(CaseworkSchema.Cases.collection, current.id) {
                fields.write(to: &$0, current: current, disputed: disputed)
            }
            try editOpening(of: current.id, fields, channel, tx)
            if fields.research != nil {
                guard let author else {
                    throw CaseworkError(.badValue, "case.noAuthor")
                }
                try Self.agreeResearch(fields, of: current.id, Writing(tx, by: author, at: try now(tx)))
            }
        }
    }

    private func editOpening(
        of id: RecordID, _ fields: CaseFields, _ channel: Channel?, _ tx: WriteTransaction
    ) throws {
        typealias Contacts = CaseworkSchema.Contacts
        let opening = try tx.snapshot.records(
            Contacts.collection, where: "parent = ? AND kind = ?",
            [.reference(id), .text(ContactKind.opening.rawValue)])
        for contact in opening {
            try tx.update(Contacts.collection, contact.id) { row in
                if let channel { row[Contacts.channel] = channel.rawValue }
                if let language = fields.language { row[Contacts.language] = language.text }
                if fields.cleared.contains(.language) { row[Contacts.language] = nil }
            }
        }
    }

    /// A yes to research is an agreement to speak again.
    private static func agreeResearch(_ fields: CaseFields, of id: RecordID, _ writing: Writing) throws {
        guard let answer = fields.research else { return }
        try answer.check()
        if let kind = answer.offer.followUp { try agree(kind, on: answer.on, of: id, writing) }
    }

    /// Settles a conflict, at every desk: `takeOther` sets the other value, else the one shown is kept.
    public func settle(_ id: String, takeOther: Bool) throws {
        try replica.write { tx in
            guard let conflict = try tx.snapshot.conflicts().first(where: { $0.id == id }) else {
                throw CaseworkError(
                    .unknownConflict, "unknownConflict")
            }
            try tx.settle(conflict, takeOther: takeOther)
        }
    }

    /// Decides a conflict that was settled here the other way round, as long as nobody has written there since.
    ///
    /// - Parameters:
    ///   - conflict: as it was before it was settled.
    ///   - tookOther: how it was settled.
    ///
    /// Errors: `unknownConflict`.
    public func reverse(_ conflict: CaseConflict, tookOther: Bool) throws {
        let old = conflict.conflict
        try replica.write { tx in
            let stands = tookOther ? old.other : old.shown
            let now = try tx.snapshot.query(
                "SELECT \(old.field.name) IS ? FROM \(old.collection.name) WHERE id = ?",
                [stands, .reference(old.record)]
            ) { $0.integer(0) != 0 }
            guard now.first == true, try tx.snapshot.conflicts(record: old.record).isEmpty else {
                throw CaseworkError(
                    .unknownConflict, "somebody has written there since; nothing was changed: look at it again")
            }
            try tx.update(old.collection, old.record) { $0.set(old.field, tookOther ? old.shown : old.other) }
        }
    }
}
