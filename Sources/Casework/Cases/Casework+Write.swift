import Merge
import Replica

extension Casework {
    /// Opens a case with its opening contact, in one transaction, and gives it its number.
    ///
    /// Errors: `numbersExhausted`; `ReplicaError`.
    @discardableResult
    public func newCase(
        _ fields: CaseFields, channel: Channel = .phone, by author: AuthorCode, note: String? = nil
    ) throws -> CaseReference {
        let key = try replica.referenceNumberKey()
        return try replica.write { tx in
            try self.insert(
                fields, channel: channel, by: author, note: note, at: try now(tx), NumberSource(tx, key: key), tx)
        }
    }

    /// - Parameters:
    ///   - ids: of the case, its contact and its note, where they are settled beforehand.
    ///   - closedAt: of a case that is closed already when it is taken over; why is not known then.
    @discardableResult
    func insert(
        _ fields: CaseFields, ids: (record: RecordID, contact: RecordID, note: RecordID)? = nil, channel: Channel,
        by author: AuthorCode, note: String?, at: Timestamp, closedAt: Timestamp? = nil, _ numbers: NumberSource,
        _ tx: WriteTransaction
    ) throws -> CaseReference {
        typealias Cases = CaseworkSchema.Cases
        typealias Contacts = CaseworkSchema.Contacts
        let number = try numbers.next()
        let id = try tx.insert(Cases.collection, id: ids?.record) { row in
            row[Cases.number] = number.digits
            row[Cases.status] = (closedAt == nil ? CaseStatus.open : .closed).rawValue
            row[Cases.openedAt] = at
            row[Cases.openedBy] = author.text
            fields.write(to: &row)
            guard let closedAt else { return }
            row[Cases.closedAt] = closedAt
            row[Cases.closedBy] = author.text
        }
        try tx.insert(Contacts.collection, id: ids?.contact, parent: id) { row in
            row[Contacts.kind] = ContactKind.opening.rawValue
            row[Contacts.channel] = channel.rawValue
            row[Contacts.language] = fields.language?.text
            row[Contacts.at] = at
            row[Contacts.by] = author.text
        }
        if let note { try add(note, id: ids?.note, to: id, by: author, at: at, tx) }
        return CaseReference(number)
    }

    /// Adds a note. Errors: `badText`, and those of ``find(_:)``.
    public func addNote(_ reference: CaseReference, _ text: String, by author: AuthorCode) throws {
        try replica.write { tx in
            try add(text, to: try Self.find(reference, tx.snapshot).id, by: author, at: try now(tx), tx)
        }
    }

    static func checkNote(_ text: String) throws(CaseworkError) {
        let isBlank = text.allSatisfy { $0.isWhitespace }
        guard !isBlank, text.utf8.count <= noteBytes else {
            throw CaseworkError(
                .badText,
                "a note has 1 to \(noteBytes) bytes, this one \(isBlank ? "is empty" : "has \(text.utf8.count)"); nothing was saved"
            )
        }
    }

    private func add(
        _ text: String, id: RecordID? = nil, to parent: RecordID, by author: AuthorCode, at: Timestamp,
        _ tx: WriteTransaction
    ) throws {
        try Self.checkNote(text)
        try tx.add(CaseworkSchema.Notes.collection, id: id, parent: parent) { row in
            row[CaseworkSchema.Notes.text] = text
            row[CaseworkSchema.Notes.by] = author.text
            row[CaseworkSchema.Notes.at] = at
        }
    }

    /// Changes what is given, and nothing else.
    ///
    /// - Parameters:
    ///   - channel: of the opening contact. The language is the case's and that contact's.
    ///   - position: of the case as it was looked at; nil for the latest.
    ///
    /// Errors: `badValue` where nothing is given, and those of ``find(_:)``.
    public func edit(
        _ reference: CaseReference, _ fields: CaseFields, channel: Channel? = nil, basedOn position: UInt64? = nil
    ) throws {
        guard !fields.isEmpty || channel != nil else {
            throw CaseworkError(.badValue, "nothing was given to change; the case is as it was")
        }
        try replica.write(basedOn: position) { tx in
            let current = try Self.find(reference, tx.snapshot)
            let disputed = Set(try tx.snapshot.conflicts(record: current.id).map(\.field.number))
            try tx.update(CaseworkSchema.Cases.collection, current.id) {
                fields.write(to: &$0, current: current, disputed: disputed)
            }
            try editOpening(of: current.id, fields, channel, tx)
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

    public func close(_ reference: CaseReference, _ reason: ClosingReason, by author: AuthorCode) throws {
        typealias Cases = CaseworkSchema.Cases
        try setStatus(reference, .closed) { row, now in
            row[Cases.closedAt] = now
            row[Cases.closedBy] = author.text
            row[Cases.closingReason] = reason.rawValue
        }
    }

    /// Opens a closed case again; it keeps its number.
    public func reopen(_ reference: CaseReference, by author: AuthorCode) throws {
        typealias Cases = CaseworkSchema.Cases
        try setStatus(reference, .open) { row, now in
            row[Cases.reopenedAt] = now
            row[Cases.reopenedBy] = author.text
        }
    }

    private func setStatus(
        _ reference: CaseReference, _ status: CaseStatus, _ fill: (inout RowWriter, Timestamp) -> Void
    ) throws {
        typealias Cases = CaseworkSchema.Cases
        try replica.write { tx in
            let current = try Self.find(reference, tx.snapshot)
            guard current[Cases.status] != status.rawValue else {
                throw CaseworkError(.alreadyDone, "the case is \(status.rawValue) already; nothing was changed")
            }
            let now = try now(tx)
            try tx.update(Cases.collection, current.id) { row in
                row[Cases.status] = status.rawValue
                fill(&row, now)
            }
        }
    }

    /// Settles a conflict, at every desk: `takeOther` sets the other value, else the one shown is kept.
    public func settle(_ id: String, takeOther: Bool) throws {
        try replica.write { tx in
            guard let conflict = try tx.snapshot.conflicts().first(where: { $0.id == id }) else {
                throw CaseworkError(
                    .unknownConflict, "there is no such conflict; somebody may have settled it: look at the list again")
            }
            try tx.settle(conflict, takeOther: takeOther)
        }
    }
}
