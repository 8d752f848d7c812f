public import Merge
public import Replica

/// A call or chat.
public struct ContactDetails: Sendable {
    public var id: RecordID
    /// ``ContactKind``
    public var kind: String
    /// ``Channel``
    public var channel: String?
    public var language: String?
    /// ``Interpreting``
    public var interpreting: String?
    /// ``Request``
    public var request: String?
    public var minutes: Int?
    /// Nil where nobody knows.
    public var isOutsideHours: Bool?
    public var at: Timestamp
    public var by: String

    init(_ record: Record) {
        typealias Contacts = CaseworkSchema.Contacts
        id = record.id
        kind = record[Contacts.kind] ?? ""
        channel = record[Contacts.channel]
        language = record[Contacts.language]
        interpreting = record[Contacts.interpreting]
        request = record[Contacts.request]
        minutes = record[Contacts.minutes].map { Int(clamping: $0) }
        isOutsideHours = record[Contacts.outsideHours]
        at = record[Contacts.at] ?? Timestamp(milliseconds: 0)
        by = record[Contacts.by] ?? ""
    }
}
