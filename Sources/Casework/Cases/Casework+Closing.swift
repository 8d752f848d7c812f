import Merge
import Replica

/// What is left of a case when it is closed.
public struct ClosingResult: Sendable {
    /// Promises that are open still, and stay so: they were given.
    public var openPromises: [PromiseDetails]
    /// Follow-ups that were planned, and have ended with the case.
    public var endedFollowUps: [FollowUpDetails]
    /// A call back was agreed since the case was last closed, whatever became of it: there is a slip of paper with the
    /// caller's number, which goes into the shredder.
    public var remindsToShredSlip: Bool
    /// The case concerns a child, and nobody has assessed what it needs.
    public var lacksAssessment: Bool
}

extension Casework {
    /// Closes a case.
    ///
    /// Its planned follow-ups end: nobody calls any more. Its open promises stay, and are told.
    ///
    /// Errors: `alreadyDone`, and those of ``show(_:)``.
    @discardableResult
    public func close(
        _ reference: CaseReference, _ reason: ClosingReason, by author: AuthorCode
    ) throws -> ClosingResult {
        typealias Cases = CaseworkSchema.Cases
        return try change(by: author) { writing in
            let snapshot = writing.transaction.snapshot
            let record = try Self.find(reference, snapshot)
            guard record[Cases.status] != CaseStatus.closed.rawValue else {
                throw CaseworkError(.alreadyDone, "closedAlready")
            }
            let promises = try Self.promises(of: record.id, snapshot).filter {
                $0.status == MeasureStatus.open.rawValue
            }
            let followUps = try Self.followUps(of: record, writing.settings(), snapshot)
            let lacksAssessment =
                try CaseDetails.concernsChild(record)
                && !Self.measures(of: record.id, snapshot).contains { $0.kind == MeasureKind.assessment.rawValue }
            let lastClosed = record[Cases.closedAt]?.milliseconds ?? .min
            try writing.transaction.update(Cases.collection, record.id) { row in
                row[Cases.status] = CaseStatus.closed.rawValue
                row[Cases.closedAt] = writing.now
                row[Cases.closedBy] = author.text
                row[Cases.closingReason] = reason.rawValue
            }
            let status: FollowUpStatus = reason == .unreachable ? .unreachable : .cancelled
            for kind in FollowUpKind.allCases { try writing.endFollowUps(of: record.id, kind, status) }
            return ClosingResult(
                openPromises: promises, endedFollowUps: followUps.filter(\.isPlanned),
                remindsToShredSlip: followUps.contains {
                    $0.kind == FollowUpKind.call.rawValue
                        && ($0.isPlanned || ($0.at?.milliseconds ?? .max) > lastClosed)
                }, lacksAssessment: lacksAssessment)
        }
    }

    /// Opens a closed case again; it keeps its number. Where its text was shredded, new text may be added from then on.
    ///
    /// Errors: `alreadyDone`, and those of ``show(_:)``.
    public func reopen(_ reference: CaseReference, by author: AuthorCode) throws {
        try change(by: author) { writing in
            let record = try Self.find(reference, writing.transaction.snapshot)
            guard record[CaseworkSchema.Cases.status] != CaseStatus.open.rawValue || Self.isShredded(record) else {
                throw CaseworkError(.alreadyDone, "openAlready")
            }
            try Self.reopen(record.id, writing)
        }
    }

    static func reopen(_ id: RecordID, _ writing: Writing) throws {
        typealias Cases = CaseworkSchema.Cases
        try writing.transaction.update(Cases.collection, id) { row in
            row[Cases.status] = CaseStatus.open.rawValue
            row[Cases.reopenedAt] = writing.now
            row[Cases.reopenedBy] = writing.author.text
        }
    }
}
