public import Merge
public import Replica

extension Casework {
    /// Records what was promised, and by when.
    ///
    /// Errors: `badValue` for a day that is past; `caseClosed`, `shredded`, those of texts and of ``show(_:)``.
    @discardableResult
    public func addPromise(
        _ reference: CaseReference, _ text: MarkedText, due: CalendarDate, by author: AuthorCode
    ) throws -> RecordID {
        return try change(by: author) { writing in
            let record = try writing.openCase(reference)
            try Writing.checkNotShredded(record)
            try Self.checkNotPast(due, writing)
            let id = try writing.insertMeasure(.promise, .open, on: due, of: record.id)
            try writing.add(text, .promise, to: record.id, about: id)
            return id
        }
    }

    /// Records that a promise was kept.
    ///
    /// - Parameters:
    ///   - item: nil for the only open promise of the case.
    ///   - day: nil for today.
    ///
    /// Errors: `badValue`, `unknownItem`, `ambiguousItem`, and those of ``show(_:)``.
    public func keepPromise(
        _ reference: CaseReference, _ item: ItemReference? = nil, on day: CalendarDate? = nil, by author: AuthorCode
    ) throws {
        try endPromise(reference, item, .kept, on: day, by: author)
    }

    /// Records that a promise is not needed any more. As ``keepPromise(_:_:on:by:)``.
    public func dropPromise(_ reference: CaseReference, _ item: ItemReference? = nil, by author: AuthorCode) throws {
        try endPromise(reference, item, .dropped, on: nil, by: author)
    }

    private func endPromise(
        _ reference: CaseReference, _ item: ItemReference?, _ status: MeasureStatus, on day: CalendarDate?,
        by author: AuthorCode
    ) throws {
        typealias Measures = CaseworkSchema.Measures
        try change(by: author) { writing in
            let promise = try Self.openPromise(item, of: reference, writing)
            guard day ?? writing.today <= writing.today else {
                throw CaseworkError(.badValue, "promise.future")
            }
            try writing.transaction.update(Measures.collection, promise.id) { row in
                row[Measures.status] = status.rawValue
                row[Measures.keptOn] = status == .kept ? day ?? writing.today : nil
                row[Measures.keptBy] = author.text
            }
        }
    }

    /// Puts a promise off, or brings it forward. As ``keepPromise(_:_:on:by:)``.
    public func movePromise(
        _ reference: CaseReference, _ item: ItemReference? = nil, to due: CalendarDate, by author: AuthorCode
    ) throws {
        typealias Measures = CaseworkSchema.Measures
        try change(by: author) { writing in
            let promise = try Self.openPromise(item, of: reference, writing)
            try Self.checkNotPast(due, writing)
            try writing.transaction.update(Measures.collection, promise.id) { $0[Measures.day] = due }
        }
    }

    private static func openPromise(
        _ item: ItemReference?, of reference: CaseReference, _ writing: Writing
    ) throws -> Record {
        typealias Measures = CaseworkSchema.Measures
        let snapshot = writing.transaction.snapshot
        let open = try snapshot.records(
            Measures.collection, where: "parent = ? AND status = ? ORDER BY day, id",
            [.reference(try find(reference, snapshot).id), .text(MeasureStatus.open.rawValue)])
        return try ItemReference.pick(item, of: open, "openPromise")
    }

    static func checkNotPast(_ day: CalendarDate, _ writing: Writing) throws {
        guard day >= writing.today else {
            throw CaseworkError(.badValue, "promise.past")
        }
    }

    /// All open promises, the most urgent first.
    public func openPromises() throws -> [PromiseDetails] {
        typealias Measures = CaseworkSchema.Measures
        return try replica.read { snapshot in
            let records = try snapshot.records(
                Measures.collection, where: "status = ? ORDER BY day, id", [.text(MeasureStatus.open.rawValue)])
            return try records.map { record in
                PromiseDetails(
                    record, try Self.reference(of: record, snapshot), text: try Self.text(about: record.id, snapshot))
            }
        }
    }

    static func promises(of id: RecordID, _ snapshot: borrowing Snapshot) throws -> [PromiseDetails] {
        try snapshot.records(
            CaseworkSchema.Measures.collection, where: "parent = ? AND kind = ? ORDER BY day, id",
            [.reference(id), .text(MeasureKind.promise.rawValue)]
        ).map { PromiseDetails($0, nil, text: try text(about: $0.id, snapshot)) }
    }

    /// The number of the case that a record belongs to.
    static func reference(of record: Record, _ snapshot: borrowing Snapshot) throws -> CaseReference? {
        guard let parent = record.parent else { return nil }
        return try CaseReference(of: parent, snapshot)
    }

    /// What was first written about something; nil where nothing was, or it is shredded.
    static func text(about id: RecordID, _ snapshot: borrowing Snapshot) throws -> String? {
        typealias Notes = CaseworkSchema.Notes
        return try snapshot.records(Notes.collection, where: "about = ? ORDER BY at, id LIMIT 1", [.reference(id)])
            .first?[Notes.text]
    }
}
