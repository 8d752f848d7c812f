import Casework
import Commands
import JSON

/// Taking everything out, in forms that other programs and later years can read.
let exportCommands: [Command] = [
    Command(
        "export json", summary: "Export everything as one JSON document, which can be imported again.",
        details: """
            All records and texts, as they are now; counsellors by their codes. It is as confidential as the data. What \
            waits for a decision, who has written what when, and what was erased are not in it.
            """,
        arguments: [.required("FILE", "The file to write; one that is there is replaced when all is written.")],
        example: "lugn export json everything.json"
    ) { context in
        let workplace = try Workplace(context)
        let file = try NewFile.replacing(context.require("FILE"))
        let progress = Progress(context.output)
        let report = try workplace.casework.exportJSON(
            onProgress: { progress.update("\($0) records") }, write: file.write)
        progress.finish()
        try file.close()
        tell(report, context)
    },
    Command(
        "export csv", summary: "Export everything as CSV files, one for each kind of record.",
        details: """
            In UTF-8, with commas, or semicolons for a Swedish Excel. It is as confidential as the data. What a spreadsheet \
            would take for a formula has an apostrophe before it; an import takes it off again.
            """,
        options: [
            .choice(
                "separator", CSVSeparator.allCases.map(\.rawValue), "What stands between the cells; a comma otherwise.")
        ],
        arguments: [.required("DIR", "The folder to write into; files that are there are replaced.")],
        example: "lugn export csv everything\nlugn export csv everything --separator semicolon"
    ) { context in
        let workplace = try Workplace(context)
        let folder = try context.require("DIR")
        try OutputFolder.make(folder)
        let progress = Progress(context.output)
        var files: [String: NewFile] = [:]
        let report = try workplace.casework.exportCSV(
            separator: context.value("separator").flatMap { CSVSeparator(rawValue: $0) } ?? .comma
        ) {
            progress.update("\($0) records")
        } write: { name, text in
            let file = try files[name] ?? NewFile.replacing("\(folder)/\(name).csv")
            // The mark tells Excel that it is UTF-8.
            if files[name] == nil { try file.write([0xEF, 0xBB, 0xBF]) }
            files[name] = file
            try file.write(text)
        }
        progress.finish()
        // Only when all of it has been written does any of it take its place.
        for file in files.values { try file.close() }
        tell(report, context)
    },
]

private func tell(_ report: ExportReport, _ context: CommandContext) {
    if report.unreadable > 0 {
        context.output.note(
            "\(report.unreadable) values are not in it: a newer version, or another key, is needed to read them.")
    }
    if context.flag("json") {
        context.output.write(["records": JSONValue(report.records), "unreadable": JSONValue(report.unreadable)])
    } else {
        context.output.print("\(report.records) records exported.")
    }
}
