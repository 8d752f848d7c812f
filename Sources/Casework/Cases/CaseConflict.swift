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
    /// The desks that wrote the two values, by their own word.
    public var keptBy: DeskTag
    public var otherBy: DeskTag
    /// What people call them; nil where it was written before the desk had joined the line.
    public var keptByName: String?
    public var otherByName: String?
    /// By the clock of the desk that wrote it.
    public var keptAt: Timestamp
    public var otherAt: Timestamp
    var conflict: Conflict

    init(_ conflict: Conflict, _ reference: CaseReference?, _ membership: Membership?) {
        id = conflict.id
        self.reference = reference
        collection = conflict.collection.name
        field = conflict.field.name
        kept = Self.text(conflict.shown, conflict.field.type)
        other = Self.text(conflict.other, conflict.field.type)
        keptBy = conflict.shownStamp.dot.desk
        otherBy = conflict.otherStamp.dot.desk
        keptByName = Self.name(keptBy, membership)
        otherByName = Self.name(otherBy, membership)
        keptAt = Timestamp(milliseconds: conflict.shownStamp.time.milliseconds)
        otherAt = Timestamp(milliseconds: conflict.otherStamp.time.milliseconds)
        self.conflict = conflict
    }

    private static func name(_ desk: DeskTag, _ membership: Membership?) -> String? {
        let names = membership?.names(of: desk) ?? []
        return names.isEmpty ? nil : names.joined(separator: " / ")
    }

    static func text(_ value: Value, _ type: FieldType) -> String {
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
