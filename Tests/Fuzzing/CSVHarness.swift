import Casework

/// The import of a case log, as a dry run over a workstation's file: every row is taken or reported, the line that is
/// named is a line of the file, and no report holds what stands in a cell.
struct CSVHarness: Sendable {
    /// Nothing but a file's content says this.
    private static let marker = "ZQX7"

    private let folder: ScratchFolder
    private let casework: Casework
    private let author: AuthorCode

    init() throws {
        folder = try ScratchFolder()
        casework = try Casework(path: folder.path + "/replica.db")
        author = try AuthorCode("S9")
    }

    @Sendable func run(_ bytes: [UInt8]) throws {
        var offset = 0
        var bad: [CaseImport.BadRow] = []
        let records = Self.records(bytes)
        let lines = bytes.reduce(1) { $0 + ($1 == UInt8(ascii: "\n") ? 1 : 0) }
        do {
            let report = try CaseImport(casework, by: author, isDryRun: true).run {
                guard offset < bytes.count else { return nil }
                defer { offset += 1 }
                return bytes[offset]
            } onBadRow: {
                bad.append($0)
            }
            try hold(report.bad == bad.count, "bad rows are counted differently than they are reported")
            try hold(
                report.added + report.known + report.bad == (records ?? 0) - 1, "a row was neither taken nor reported")
            try hold(report.known == 0, "a row is known that was never imported")
        } catch let error as CaseworkError {
            try hold(error.code == .badFile, "a file is refused for another reason than being none")
            if offset == bytes.count, error.message.contains("never ends") {
                try hold(records == nil, "a quote that ends is said not to")
            }
        }
        for row in bad {
            try hold((2...max(2, lines)).contains(row.line), "a report names a line that the file does not have")
            try hold(!row.reason.contains(Self.marker), "a report holds what stands in a cell")
        }
    }

    /// How many records that are not empty the bytes hold, counted by themselves; nil where a quote never ends.
    private static func records(_ bytes: [UInt8]) -> Int? {
        var count = 0
        var separator: UInt8?
        var place = 0
        var isFirstLine = true
        while place < bytes.count {
            var fields = 1
            var field: [UInt8] = []
            var isOver = false
            let isFirst = isFirstLine
            while place < bytes.count, !isOver {
                let byte = bytes[place]
                place += 1
                switch byte {
                case UInt8(ascii: "\"") where field.isEmpty || isFirst && field == [0xEF, 0xBB, 0xBF]:
                    field = []
                    guard quoted(bytes, &place, &field) else { return nil }
                case UInt8(ascii: "\n"):
                    if field.last == UInt8(ascii: "\r") { field.removeLast() }
                    isFirstLine = false
                    isOver = true
                case UInt8(ascii: ","), UInt8(ascii: ";"):
                    separator = separator ?? byte
                    if separator == byte {
                        fields += 1
                        field = []
                    } else {
                        field.append(byte)
                    }
                default: field.append(byte)
                }
            }
            if fields > 1 || !field.isEmpty { count += 1 }
        }
        return count
    }

    /// Takes a quoted field's content; false if its quote never ends.
    private static func quoted(_ bytes: [UInt8], _ place: inout Int, _ field: inout [UInt8]) -> Bool {
        while place < bytes.count {
            let byte = bytes[place]
            place += 1
            if byte == UInt8(ascii: "\"") {
                guard place < bytes.count, bytes[place] == byte else { return true }
                place += 1
            }
            field.append(byte)
        }
        return false
    }
}
