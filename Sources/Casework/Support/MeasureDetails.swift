public import Merge
public import Replica

/// That something was done in a case: a report of concern, an assessment, a review. Nothing else of it is recorded.
public struct MeasureDetails: Sendable {
    public var id: RecordID
    /// ``MeasureKind``, of those that are no promise.
    public var kind: String
    public var on: CalendarDate?
    public var at: Timestamp?
    public var by: String

    init(_ record: Record) {
        typealias Measures = CaseworkSchema.Measures
        id = record.id
        kind = record[Measures.kind] ?? ""
        on = record[Measures.day]
        at = record[Measures.at]
        by = record[Measures.by] ?? ""
    }
}
