import Casework
import JSON
import LocalPage
import Sealing

/// Taking over what others recorded: first it is said what would happen, then it happens.
extension APICall {
    /// Rows whose reasons are shown; all of them stand in the file of refused rows.
    private static let shownReasons = 50

    func importAnswer() throws -> JSONValue {
        guard isWrite, parts.count == 2 else { throw Problem.notFound }
        try requireLead()
        guard let bytes = try Base64.bytes(text("data")) else { throw Problem.badRequest }
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
