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
                fields, channel: channel, by: author, note: note, at: try now(tx), NumberSource(tx, key: key), tx
            )
            .reference
        }
    }

    func insert(
        _ fields: CaseFields, id: RecordID? = nil, channel: Channel, by author: AuthorCode, note: String?,
        at: Timestamp,
        _ numbers: NumberSource, _ tx: WriteTransaction
    ) throws -> (id: RecordID, reference: CaseReference) {
        typealias Cases = CaseworkSchema.Cases
        typealias Contacts = CaseworkSchema.Contacts
        let number = try numbers.next()
        let id = try tx.insert(Cases.collection, id: id) { row in
            row[Cases.number] = number.digits
            row[Cases.status] = CaseStatus.open.rawValue
            row[Cases.openedAt] = at
            row[Cases.openedBy] = author.text
            fields.write(to: &row)
        }
        try tx.insert(Contacts.collection, parent: id) { row in
            row[Contacts.kind] = ContactKind.opening.rawValue
            row[Contacts.channel] = channel.rawValue
            row[Contacts.language] = fields.language?.text
            row[Contacts.at] = at
            row[Contacts.by] = author.text
        }
        if let note { try add(note, to: id, by: author, at: at, tx) }
        return (id, CaseReference(number))
    }

    /// Adds a note. Errors: `badText`, and those of ``find(_:)``.
    public func addNote(_ reference: CaseReference, _ text: String, by author: AuthorCode) throws {
        try replica.write { tx in
            try add(text, to: try Self.find(reference, tx.snapshot).id, by: author, at: try now(tx), tx)
        }
    }

    private func add(
        _ text: String, to id: RecordID, by author: AuthorCode, at: Timestamp, _ tx: WriteTransaction
    ) throws {
        let isBlank = text.allSatisfy { $0.isWhitespace }
        guard !isBlank, text.utf8.count <= Self.noteBytes else {
            throw CaseworkError(
                .badText,
                "a note has 1 to \(Self.noteBytes) bytes, this one \(isBlank ? "is empty" : "has \(text.utf8.count)"); nothing was saved"
            )
        }
        try tx.add(CaseworkSchema.Notes.collection, parent: id) { row in
            row[CaseworkSchema.Notes.text] = text
            row[CaseworkSchema.Notes.by] = author.text
            row[CaseworkSchema.Notes.at] = at
        }
    }

    /// Changes what is given, and nothing else.
    ///
    /// - Parameter position: of the case as it was looked at; nil for the latest.
    public func edit(_ reference: CaseReference, _ fields: CaseFields, basedOn position: UInt64? = nil) throws {
        guard !fields.isEmpty else {
            throw CaseworkError(.badValue, "nothing was given to change; the case is as it was")
        }
        try replica.write(basedOn: position) { tx in
            let current = try Self.find(reference, tx.snapshot)
            try tx.update(CaseworkSchema.Cases.collection, current.id) { fields.write(to: &$0, current: current) }
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
