import Replica

/// One row of a case log, understood.
struct ImportRow {
    let date: ImportDate
    let fields: CaseFields
    let channel: Channel
    let author: AuthorCode?
    let note: String?
    /// Nil for an open case. A log that does not say when a case was closed gives it the row's date.
    let closedAt: Timestamp?
    /// What the row says, cell by cell; what its ids are made from.
    let cells: [String]

    /// Errors: `badValue`, `badText`, with the reason in words that name the column and never what stands in it.
    init(_ cells: [String], _ columns: ImportColumns) throws(CaseworkError) {
        guard let date = columns.value(.date, cells).flatMap({ ImportDate($0) }) else {
            throw CaseworkError(.badValue, "the date is missing, or none of the form 2017-02-01 or 2017-02-01 13:45")
        }
        self.date = date
        self.cells = cells
        var fields = CaseFields()
        if let cell = columns.value(.caller, cells) {
            fields.caller = try ImportWords.choice(cell, ImportWords.callers)
        }
        if let cell = columns.value(.concern, cells) { fields.concerns = try ImportWords.concerns(cell) }
        if let cell = columns.value(.age, cells) { fields.age = try ImportWords.age(cell) }
        if let cell = columns.value(.language, cells) { fields.language = try LanguageTag(cell) }
        self.fields = fields
        var channel: Channel?
        if let cell = columns.value(.channel, cells) {
            channel = try ImportWords.choice(cell, ImportWords.channels)
        }
        self.channel = channel ?? .phone
        author = if let cell = columns.value(.by, cells) { try AuthorCode(cell) } else { nil }
        note = columns.value(.note, cells)
        if let note { try Casework.checkNote(note) }
        closedAt = try Self.closing(cells, columns, opened: date)
    }

    private static func closing(
        _ cells: [String], _ columns: ImportColumns, opened: ImportDate
    ) throws(CaseworkError) -> Timestamp? {
        var status: CaseStatus?
        if let cell = columns.value(.status, cells) { status = try ImportWords.choice(cell, ImportWords.statuses) }
        guard let cell = columns.value(.closed, cells) else { return status == .closed ? opened.moment : nil }
        guard let closed = ImportDate(cell), closed.day >= opened.day, status != .open else {
            throw CaseworkError(
                .badValue,
                "the day it was closed is none of the form 2017-02-01, before it was opened, or of an open case")
        }
        return closed.moment
    }
}
