import Casework
import JSON
import LocalPage

/// Taking over what others recorded: first it is said what would happen, then it happens.
extension APICall {
    /// Rows whose reasons are shown; all of them stand in the file of refused rows.
    private static let shownReasons = 50

    func importAnswer() throws -> JSONValue {
        guard isWrite, parts.count == 2 else { throw Problem.notFound }
        try requireLead()
        guard let bytes = try Base64.decode(text("data")) else { throw Problem.badRequest }
        var options = ImportOptions()
        options.isDryRun = body["isTrial"]?.bool ?? true
        options.log = body["log"]?.string.flatMap { $0.isEmpty ? nil : $0 }
        options.dateFormat = try body["dateFormat"]?.string.flatMap { $0.isEmpty ? nil : try DateFormat(parsing: $0) }
        var refused: [ImportBadRow] = []
        var listeners = ImportListeners()
        listeners.onBadRow = { refused.append($0) }
        // Nobody, as the command has it: another desk that imports the same file writes the same.
        let nobody = try AuthorCode("S0")
        let report: ImportReport
        switch parts[1] {
        case "cases":
            report = try CaseImport(casework, by: nobody, options).run(ImportBytes(bytes), listeners: listeners)
        case "directory":
            report = try DirectoryImport(casework, by: nobody, options).run(ImportBytes(bytes), listeners: listeners)
        default: throw Problem.notFound
        }
        return importJSON(report, refused)
    }

    private func importJSON(_ report: ImportReport, _ refused: [ImportBadRow]) -> JSONValue {
        let file = ([refused.first?.header].compactMap { $0 } + refused.map(\.bytes))
            .map { String(decoding: $0, as: UTF8.self) + "\n" }.joined()
        return [
            "added": JSONValue(report.added), "cases": JSONValue(report.cases), "known": JSONValue(report.known),
            "bad": JSONValue(report.bad), "encoding": .string(report.encoding.rawValue),
            "dateFormat": .string(report.dateFormat),
            "columnsLeftOut": .array(report.columnsLeftOut.map { .string($0) }),
            "warnedLines": .array(report.warnedLines.map { JSONValue($0) }),
            "reasons": .array(
                refused.filter { !$0.isKnown }.prefix(Self.shownReasons).map { row in
                    ["line": JSONValue(row.line), "reason": .string(row.reason)]
                }), "refused": .string(file),
        ]
    }
}

/// RFC 4648, section 4.
enum Base64 {
    private static let values: [UInt8: UInt32] = {
        let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        return Dictionary(uniqueKeysWithValues: letters.enumerated().map { ($1, UInt32($0)) })
    }()

    /// Nil for what is no such text.
    static func decode(_ text: String) -> [UInt8]? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count / 4 * 3)
        var word: UInt32 = 0
        var bits = 0
        var padding = 0
        for letter in text.utf8 {
            if letter == UInt8(ascii: "=") {
                padding += 1
                continue
            }
            guard padding == 0, let value = values[letter] else { return nil }
            word = word << 6 | value
            bits += 6
            if bits >= 8 {
                bits -= 8
                bytes.append(UInt8(truncatingIfNeeded: word >> bits))
                word &= (1 << UInt32(bits)) - 1
            }
        }
        guard padding <= 2, text.utf8.count % 4 == 0, word == 0 else { return nil }
        return bytes
    }
}
