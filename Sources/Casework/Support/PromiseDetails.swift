public import Merge
public import Replica

/// What the helpline has promised.
public struct PromiseDetails: Sendable {
    public var id: RecordID
    /// The case's; nil while its number has not arrived.
    public var reference: CaseReference?
    /// What was promised; nil when it was shredded.
    public var text: String?
    public var due: CalendarDate?
    /// ``MeasureStatus``
    public var status: String
    public var keptOn: CalendarDate?
    public var keptBy: String?
    public var at: Timestamp?
    public var by: String

    init(_ record: Record, _ reference: CaseReference?, text: String?) {
        typealias Measures = CaseworkSchema.Measures
        id = record.id
        self.reference = reference
        self.text = text
        due = record[Measures.day]
        status = record[Measures.status] ?? MeasureStatus.open.rawValue
        keptOn = record[Measures.keptOn]
        keptBy = record[Measures.keptBy]
        at = record[Measures.at]
        by = record[Measures.by] ?? ""
    }
}
