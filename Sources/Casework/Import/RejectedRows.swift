/// How refused rows are written into a file of their own, beside the reasons, so that they can be mended there and imported:
/// the columns of the input, in UTF-8, guarded against spreadsheets.
struct RejectedRows {
    private let separator: UInt8
    private let addedCount: Int
    private let hasCopy: Bool
    /// The first line of the file, without its end.
    let header: [UInt8]

    /// Nothing is written with this one.
    init() { (separator, addedCount, hasCopy, header) = (UInt8(ascii: ","), 0, true, []) }

    init<Column>(_ columns: ImportColumns<Column>, header: [[UInt8]], separator: UInt8) {
        self.separator = separator
        addedCount = columns.addedCount
        hasCopy = Column.occurrence.map { columns.place($0) != nil } ?? true
        let added = ImportColumns<Column>.addedTitles + (hasCopy ? [] : [CaseColumn.copy.name])
        self.header = Self.joined(added.map { Array($0.utf8) } + header.dropFirst(addedCount), separator)
    }

    func line(_ fields: [[UInt8]], line: Int, reason: String) -> [UInt8] {
        let added = [String(line), reason] + (hasCopy ? [] : [""])
        return Self.joined(added.map { Array($0.utf8) } + fields.dropFirst(addedCount), separator)
    }

    private static func joined(_ fields: [[UInt8]], _ separator: UInt8) -> [UInt8] {
        // What has a guard already gets no second one.
        Array(fields.map { CSVLine.field(CSVGuard.unguarded($0), separator: separator) }.joined(separator: [separator]))
    }
}
