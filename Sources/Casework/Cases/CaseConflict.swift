public import Merge
public import Replica

/// A value that stands beside the one shown, in a case.
public struct CaseConflict: Sendable {
    public var id: String
    /// The case's, also where the field is of something in it. Nil while its number has not arrived, and for what
    /// belongs to no case.
    public var reference: CaseReference?
    /// The name of the collection that the field is of: `cases`, `directory`.
    public var collection: String
    public var field: String
    public var kept: String
    public var other: String
    /// The desks that wrote the two values.
    public var keptBy: DeskTag
    public var otherBy: DeskTag
    /// By the clock of the desk that wrote it.
    public var keptAt: Timestamp
    public var otherAt: Timestamp
    var conflict: Conflict

    init(_ conflict: Conflict, _ reference: CaseReference?) {
        id = conflict.id
        self.reference = reference
        collection = conflict.collection.name
        field = conflict.field.name
        kept = Self.text(conflict.shown, conflict.field.type)
        other = Self.text(conflict.other, conflict.field.type)
        keptBy = conflict.shownStamp.dot.desk
        otherBy = conflict.otherStamp.dot.desk
        keptAt = Timestamp(milliseconds: conflict.shownStamp.time.milliseconds)
        otherAt = Timestamp(milliseconds: conflict.otherStamp.time.milliseconds)
        self.conflict = conflict
    }

    private static func text(_ value: Value, _ type: FieldType) -> String {
        switch value {
        case .null: ""
        case .integer(let number): type == .boolean ? (number != 0 ? "yes" : "no") : String(number)
        case .real(let number): String(number)
        case .text(let text): text
        case .blob(let bytes): "\(bytes.count) bytes"
        case .reference(let id): id.description
        }
    }
}
