public import Merge
public import Replica

extension Casework {
    /// Records that a report of concern was made, a child's needs were assessed, or a lead has reviewed the case.
    ///
    /// - Parameters:
    ///   - kind: anything but a promise.
    ///   - day: on which; nil for today.
    ///
    /// Errors: `badValue` for a day to come, or the assessment of a case that concerns no child; those of ``show(_:)``.
    @discardableResult
    public func addMeasure(
        _ reference: CaseReference, _ kind: MeasureKind, on day: CalendarDate? = nil, by author: AuthorCode
    ) throws -> RecordID {
        precondition(kind != .promise, "a promise has a text: addPromise")
        return try change(by: author) { writing in
            let record = try Self.find(reference, writing.transaction.snapshot)
            guard day ?? writing.today <= writing.today else {
                throw CaseworkError(.badValue, "measure.future")
            }
            guard kind != .assessment || CaseDetails.concernsChild(record) else {
                throw CaseworkError(
                    .badValue,
                    "measure.noChild"
                )
            }
            return try writing.insertMeasure(kind, .made, on: day ?? writing.today, of: record.id)
        }
    }

    /// Takes back what was recorded by mistake, and is no promise: those are dropped.
    ///
    /// Errors: `unknownItem`, `ambiguousItem`, and those of ``show(_:)``.
    public func takeBackMeasure(_ reference: CaseReference, _ item: ItemReference) throws {
        typealias Measures = CaseworkSchema.Measures
        try replica.write { tx in
            let record = try Self.find(reference, tx.snapshot)
            let measures = try tx.snapshot.records(
                Measures.collection, where: "parent = ? AND kind <> ?",
                [.reference(record.id), .text(MeasureKind.promise.rawValue)])
            try tx.erase(
                Measures.collection,
                ItemReference.pick(item, of: measures, "report, assessment or review of this case").id)
        }
    }

    /// All that is no promise, by day.
    static func measures(of id: RecordID, _ snapshot: borrowing Snapshot) throws -> [MeasureDetails] {
        try snapshot.records(
            CaseworkSchema.Measures.collection, where: "parent = ? AND kind <> ? ORDER BY day, id",
            [.reference(id), .text(MeasureKind.promise.rawValue)]
        ).map { MeasureDetails($0) }
    }
}

extension Writing {
    /// Always with the same fields, whatever it is: which were written can be seen from outside.
    func insertMeasure(
        _ kind: MeasureKind, _ status: MeasureStatus, on day: CalendarDate, id: RecordID? = nil, of parent: RecordID
    ) throws -> RecordID {
        try Self.insertMeasure(
            kind, status, on: day, id: id, of: parent, at: now, by: author.text, transaction)
    }

    static func insertMeasure(
        _ kind: MeasureKind, _ status: MeasureStatus, on day: CalendarDate, id: RecordID?, of parent: RecordID,
        at moment: Timestamp, by author: String, _ transaction: WriteTransaction
    ) throws -> RecordID {
        typealias Measures = CaseworkSchema.Measures
        return try transaction.insert(Measures.collection, id: id, parent: parent) { row in
            row[Measures.kind] = kind.rawValue
            row[Measures.day] = day
            row[Measures.status] = status.rawValue
            row[Measures.at] = moment
            row[Measures.by] = author
        }
    }
}
