public import Merge
public import Replica

/// What a retention rule says is to go.
public struct RetentionItem: Sendable {
    public enum Action: String, Sendable {
        /// The free text; the classification stays.
        case shred
        /// The whole case.
        case erase
    }

    public var id: RecordID
    /// Nil while the case's number has not arrived.
    public var reference: CaseReference?
    public var action: Action
    public var closedOn: CalendarDate
    /// Since when it is to go.
    public var dueAt: Timestamp
    /// How many texts there are.
    public var noteCount: Int
}
