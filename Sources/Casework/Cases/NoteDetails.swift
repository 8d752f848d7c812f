public import Merge
public import Replica

/// A text of a case.
public struct NoteDetails: Sendable {
    public var id: RecordID
    public var text: String
    /// ``NoteKind``
    public var kind: String
    /// What in the case it is about; nil: the case as a whole.
    public var about: RecordID?
    /// What was marked in it as no personal data, as it was recorded.
    public var exemptions: [String]
    public var by: String
    public var at: Timestamp

    /// Texts that were written in one go have one time: first what was said, then what was agreed on.
    var order: (Int64, Int, RecordID) {
        let place = NoteKind(rawValue: kind).flatMap { NoteKind.allCases.firstIndex(of: $0) }
        return (at.milliseconds, place ?? NoteKind.allCases.count, id)
    }

    init(_ record: Record) {
        typealias Notes = CaseworkSchema.Notes
        id = record.id
        text = record[Notes.text] ?? ""
        kind = record[Notes.kind] ?? NoteKind.note.rawValue
        about = record[Notes.about]
        exemptions = (record[Notes.exemptions] ?? "").split(separator: "\n").map(String.init)
        by = record[Notes.by] ?? ""
        at = record[Notes.at] ?? Timestamp(milliseconds: 0)
    }
}
