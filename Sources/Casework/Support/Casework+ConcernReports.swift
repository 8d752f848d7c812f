public import Replica

/// That a report of concern was made to social services, and when; nothing else of it is recorded.
public struct ConcernReportDetails: Sendable {
    public var madeOn: CalendarDate?
    public var by: String
}

extension Casework {
    /// Records that a report of concern was made.
    ///
    /// - Parameter day: nil for today.
    ///
    /// Errors: `badValue` for a day to come, and those of ``show(_:)``.
    public func addConcernReport(
        _ reference: CaseReference, on day: CalendarDate? = nil, by author: AuthorCode
    ) throws {
        typealias Reports = CaseworkSchema.ConcernReports
        try change(by: author) { writing in
            let record = try Self.find(reference, writing.transaction.snapshot)
            guard day ?? writing.today <= writing.today else {
                throw CaseworkError(.badValue, "the day is in the future; nothing was saved")
            }
            try writing.transaction.add(Reports.collection, parent: record.id) { row in
                row[Reports.madeOn] = day ?? writing.today
                row[Reports.at] = writing.now
                row[Reports.by] = author.text
            }
        }
    }
}
