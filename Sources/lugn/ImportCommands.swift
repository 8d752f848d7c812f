import Casework
import Commands
import JSON

/// Taking over what others recorded.
let importCommands: [Command] = [
    Command(
        "import cases", summary: "Import a log of cases from a CSV file.",
        details: """
            The first line names the columns, in English or Swedish: date (datum), caller (uppringare), concern (oro), \
            age (ålder), channel (kanal), language (språk), status, closed (avslutad), note (anteckning), by (av). Only the \
            date must be there. Choices are the words of "case new", or Swedish ones such as anhörig. Good rows are \
            kept, bad ones are listed with the reason. Importing a file twice changes nothing.
            """,
        options: [.flag("dry-run", "Only say what would happen."), .by],
        arguments: [.required("FILE", "The CSV file, in UTF-8, with commas or semicolons; - for standard input.")],
        example: "lugn import cases case-log.csv --dry-run"
    ) { context in
        let workplace = try Workplace(context)
        let file = try FileBytes(context.require("FILE"))
        let job = CaseImport(workplace.casework, by: try Workplace.author(context), isDryRun: context.flag("dry-run"))
        let progress = Progress(context.output)
        let report = try job.run(next: file.next) { bad in
            context.output.note("line \(bad.line): \(bad.reason)")
        } onProgress: {
            progress.update("\($0.added + $0.known) rows")
        }
        progress.finish()
        for title in report.columnsLeftOut {
            context.output.note("The column \(title) has no place in a case, and was not taken over.")
        }
        if context.flag("json") {
            context.output.write([
                "added": JSONValue(report.added), "known": JSONValue(report.known), "bad": JSONValue(report.bad),
                "columnsLeftOut": .array(report.columnsLeftOut.map { .string($0) }),
            ])
        } else {
            let verb = context.flag("dry-run") ? "would be added" : "added"
            context.output.print("\(report.added) \(verb), \(report.known) known already, \(report.bad) bad.")
        }
    }
]
