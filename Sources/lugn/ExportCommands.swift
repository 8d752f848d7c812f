import Casework
import Commands
import JSON

/// Taking everything out, in forms that other programs and later years can read.
let exportCommands: [Command] = [
    Command(
        "export json", arguments: [.required("FILE")],
        example: "lugn export json everything.json"
    ) { context in
        let workplace = try Workplace(context)
        let file = try NewFile.replacing(context.require("FILE"))
        let progress = Progress(context.output)
        let report = try workplace.casework.exportJSON(
            onProgress: { progress.update("\($0)") }, write: file.write)
        progress.finish()
        try file.close()
        tell(report, context)
    },
    Command(
        "export csv",
        options: [
            .choice(
                "separator", CSVSeparator.allCases.map(\.rawValue))
        ],
        arguments: [.required("DIR")],
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
            progress.update("\($0)")
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
        context.output.note(context.words("export.unreadable", ["count": String(report.unreadable)]))
    }
    if context.flag("json") {
        context.output.write(["records": JSONValue(report.records), "unreadable": JSONValue(report.unreadable)])
    } else {
        context.output.print(context.words("export.done", ["count": String(report.records)]))
    }
}
