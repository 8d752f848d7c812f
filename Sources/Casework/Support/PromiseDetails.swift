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
    /// ``PromiseStatus``
    public var status: String
    public var keptOn: CalendarDate?
    public var keptBy: String?
    public var at: Timestamp?
    public var by: String

    init(_ record: Record, _ reference: CaseReference?, text: String?) {
        typealias Promises = CaseworkSchema.Promises
        id = record.id
        self.reference = reference
        self.text = text
        due = record[Promises.due]
        status = record[Promises.status] ?? PromiseStatus.open.rawValue
        keptOn = record[Promises.keptOn]
        keptBy = record[Promises.keptBy]
        at = record[Promises.at]
        by = record[Promises.by] ?? ""
    }
}
