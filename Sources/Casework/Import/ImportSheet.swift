import Replica
import Support

/// The rows of a file, read from its beginning: its first line is understood when this is made, and each call gives one row
/// with its cells as text.
struct ImportSheet<Column: ImportRole> {
    struct Row {
        /// On which it begins.
        let line: Int
        /// As they stand in the file, in UTF-8.
        let fields: [[UInt8]]
        /// As they are kept: composed, with no guard against formulas. Empty where the bytes are no text.
        let cells: [String]
        /// Why the row cannot be taken as a whole, whatever it says.
        let fault: Message?
        /// Whether it is sure which cell is which.
        let isAligned: Bool
    }

    let columns: ImportColumns<Column>
    /// The first line's, for the file of refused rows.
    let header: [[UInt8]]
    private var reader: CSVReader
    private let encoding: TextEncoding

    var separator: UInt8 { reader.separator ?? UInt8(ascii: ",") }

    /// Errors: `badFile` for a file without the columns that are needed; see ``CSVReader/record()``.
    init(_ bytes: ImportBytes, _ layout: ImportLayout, _ mapping: ImportMapping) throws {
        var decoded = try DecodedBytes(layout.encoding, isBigEndian: layout.isBigEndian, bytes.begin())
        reader = CSVReader { try decoded.next() }
        encoding = layout.encoding
        guard let record = try reader.record() else {
            throw CaseworkError(.badFile, "file.empty")
        }
        header = record.fields
        let titles = try record.fields.map { field -> String in
            guard let title = String(validating: field, as: UTF8.self), !title.hasLostCharacter else {
                throw CaseworkError(
                    .badFile,
                    "file.firstLine", ["encoding": "\(layout.encoding.rawValue)"]
                )
            }
            return CSVGuard.unguarded(title.normalForm)
        }
        columns = try ImportColumns(titles, mapping)
    }

    /// What å, ä, ö, é and their capitals become where a program takes UTF-8 for Windows-1252, and writes UTF-8 again.
    private static var garbled: [String] { ["Ã¥", "Ã¤", "Ã¶", "Ã…", "Ã„", "Ã–", "Ã©"] }

    /// Nil at the end. Errors: those of ``CSVReader/record()``.
    mutating func next() throws -> Row? {
        guard let record = try reader.record() else { return nil }
        var cells: [String] = []
        var fault: Message?
        for (place, field) in record.fields.enumerated() {
            guard let text = String(validating: field, as: UTF8.self) else {
                fault =
                    fault
                    ?? .words("import.cellEncoding", ["cell": "\(place + 1)", "encoding": "\(encoding.rawValue)"])
                cells.append("")
                continue
            }
            if text.hasLostCharacter {
                fault = fault ?? .words("import.cellLost", ["cell": "\(place + 1)"])
            }
            if fault == nil, Self.garbled.contains(where: { text.contains($0) }) {
                fault = .words("import.cellGarbled", ["cell": "\(place + 1)"])
            }
            cells.append(CSVGuard.unguarded(text.normalForm))
        }
        var isAligned = true
        if record.isMalformed {
            fault = .words("import.quote")
            isAligned = false
        } else if record.fields.dropFirst(columns.count).contains(where: { !$0.allSatisfy { $0 == 0x20 } }) {
            fault = .words(
                "import.moreCells", ["count": "\(record.fields.count)", "columns": "\(columns.count)"])
            isAligned = false
        }
        return Row(line: record.line, fields: record.fields, cells: cells, fault: fault, isAligned: isAligned)
    }
}

/// How a file is written: what is found out before its rows are understood.
struct ImportLayout {
    let encoding: TextEncoding
    let isBigEndian: Bool
    var dateFormat = DateFormat.iso
    /// On which the file is imported.
    let today: CalendarDate
    let clock: LineTime

    var days: ImportDay { ImportDay(format: dateFormat, clock: clock, today: today) }

    /// Reads the file as often as it takes. Errors: `badFile` where something cannot be told for sure.
    init<Column: ImportRole>(
        _ bytes: ImportBytes, _ options: ImportOptions, _: Column.Type, for casework: Casework
    ) throws {
        today = try casework.currentDay()
        clock = try casework.settings().time
        let found = try bytes.encoding(options.encoding)
        encoding = found.encoding
        isBigEndian = found.isBigEndian
        if let given = options.dateFormat {
            dateFormat = given
            return
        }
        // Also for the errors that a file as a whole can have.
        var sheet = try ImportSheet<Column>(bytes, self, options.mapping)
        var detector = DateFormatDetector(days: ImportDay.first...today.adding(days: 366))
        while let row = try sheet.next() {
            guard row.isAligned else { continue }
            for column in Column.days {
                if let cell = sheet.columns.value(column, row.cells) { detector.feed(cell, line: row.line) }
            }
        }
        dateFormat = try detector.format()
    }
}
