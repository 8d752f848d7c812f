import Casework
import Commands
import JSON

private let readingOptions: [Option] = [
    .flag("dry-run", "Only say what would happen, row by row."),
    .choice("encoding", TextEncoding.allCases.map(\.rawValue), "How the file is written; found out otherwise."),
    .value("map", "FILE", "What its columns and words mean, where it uses other ones. One a line: theirs = ours."),
    .value("rejects", "FILE", "Where bad rows go; otherwise FILE.rejects.csv beside the input."), .by,
]

private let csvFile = Argument.required(
    "FILE", "The CSV file, with commas, semicolons or tabs; - for standard input.")

/// Taking over what others recorded.
let importCommands: [Command] = [
    Command(
        "import cases", summary: "Import a log of cases from a CSV file.",
        details: """
            The first line names the columns, in English or Swedish: date (datum), time (tid), case (ärende), contact \
            (kontakt), channel (kanal), language (språk), interpreter (tolk), request (önskemål), minutes (minuter), outside \
            hours (utanför öppettid), caller (uppringare), concern (oro), age (ålder), child (barn), status, closed \
            (avslutad), reason (orsak), note (anteckning), by (av), report of concern (orosanmälan), referral (hänvisning), \
            organisation, outcome (utfall), follow-up (uppföljning), follow-up status (uppföljningsstatus). Only the date \
            must be there.

            Each row is a contact. Rows with the same "case" are contacts of one case, and the first of them says what it \
            is; a contact that is "withoutCase" belongs to none; without that column each row is a case. Choices are the \
            words of "case new", or Swedish ones such as anhörig.

            Good rows are kept, bad ones go to a file with the reason. Importing a file twice changes nothing. In a file for \
            --map, a line is "their column = date", "their column = -" to leave it out, or "concern: their word = religious".
            """,
        options: readingOptions, arguments: [csvFile],
        example: "lugn import cases case-log.csv --dry-run\nlugn import cases case-log.csv --map columns.txt"
    ) { context in
        try importFile(context) { casework, author, options, listeners, next in
            try CaseImport(casework, by: author, options).run(listeners: listeners, next: next)
        }
    },
    Command(
        "import directory", summary: "Import a list of contacts into the referral directory.",
        details: """
            The first line names the columns, in English or Swedish: name (namn), kind (typ), area (kommun, region), offers \
            (erbjuder), ages (åldrar), contact name (kontaktperson), phone (telefon), email (e-post), source (källa), verified \
            (verifierad), by (av). Only the name must be there. Good rows are kept, bad ones go to a file with the reason. \
            Importing a file twice changes nothing; a row that says anything else than before is an entry of its own.
            """,
        options: readingOptions, arguments: [csvFile], example: "lugn import directory contacts.csv --dry-run"
    ) { context in
        try importFile(context) { casework, author, options, listeners, next in
            try DirectoryImport(casework, by: author, options).run(listeners: listeners, next: next)
        }
    },
    Command(
        "import json", summary: "Import what \"export json\" wrote.",
        details: """
            Adds the records that are not here, as they were. What is here is left as it is, and what was erased stays so: \
            importing a file twice changes nothing.
            """,
        options: [.by], arguments: [.required("FILE", "The export; - for standard input.")],
        example: "lugn import json everything.json"
    ) { context in
        let workplace = try Workplace(context)
        let file = try FileBytes(context.require("FILE"))
        let progress = Progress(context.output)
        var job = try JSONImport(workplace.casework, by: Workplace.author(context))
        let report = try job.run(next: file.next) { bad in
            context.output.note("\(bad.collection), record \(bad.number): \(bad.reason)")
        } onProgress: {
            progress.update(bar(file.fraction, rows: $0.added + $0.known + $0.bad))
        }
        progress.finish()
        if report.flagged > 0 {
            context.output.note(
                "\(report.flagged) of the texts have what may point to a person, and nobody here has marked it.")
        }
        if context.flag("json") {
            context.output.write([
                "added": JSONValue(report.added), "known": JSONValue(report.known), "bad": JSONValue(report.bad),
                "flagged": JSONValue(report.flagged),
            ])
        } else {
            context.output.print("\(report.added) added, \(report.known) known already, \(report.bad) bad.")
        }
    },
]

private func importFile(
    _ context: CommandContext,
    _ run: (Casework, AuthorCode, ImportOptions, ImportListeners, @escaping () throws -> UInt8?) throws -> ImportReport
) throws {
    let workplace = try Workplace(context)
    let path = try context.require("FILE")
    let author = try Workplace.author(context)
    var options = ImportOptions()
    options.isDryRun = context.flag("dry-run")
    if let map = context.value("map") {
        options.mapping = try ImportMapping(parsing: String(decoding: readFile(map, limit: 1 << 20), as: UTF8.self))
    }
    let file = try FileBytes(path)
    if let named = context.value("encoding") {
        options.encoding = TextEncoding(rawValue: named) ?? .utf8
    } else {
        options.encoding = try file.detectEncoding()
        if options.encoding != .utf8 {
            context.output.note(
                "The file is read as \(options.encoding.rawValue), which it seems to be; --encoding says otherwise.")
        }
    }
    let rejects = RejectsFile(input: path, given: context.value("rejects"))
    let progress = Progress(context.output)
    var listeners = ImportListeners()
    listeners.onBadRow = { bad in
        if !options.isDryRun || context.value("rejects") != nil { try rejects.append(bad) }
        if !options.isDryRun { context.output.note("line \(bad.line): \(bad.reason)") }
    }
    listeners.onRow = { row in
        guard options.isDryRun, !context.flag("json") else { return }
        context.output.print("line \(row.line): \(words(row.outcome))")
    }
    listeners.onProgress = { report in
        progress.update(bar(file.fraction, rows: report.added + report.known + report.bad))
    }
    let report = try run(workplace.casework, author, options, listeners, file.next)
    progress.finish()
    try rejects.close()
    tell(report, options, rejects.path, context)
}

private func bar(_ fraction: Double?, rows: Int) -> String {
    guard let fraction else { return "\(rows) rows" }
    let width = 30
    let filled = min(width, Int(fraction * Double(width)))
    return "[" + String(repeating: "#", count: filled) + String(repeating: "-", count: width - filled)
        + "] \(Int(fraction * 100)) %, \(rows) rows"
}

private func words(_ outcome: ImportRowOutcome) -> String {
    switch outcome {
    case .newCase: "a new case"
    case .contact(let differing):
        differing.isEmpty
            ? "a further contact of its case"
            : "a further contact of its case, which stays as it is: the row has another \(differing.joined(separator: ", "))"
    case .contactWithoutCase: "a contact without a case"
    case .newEntry: "a new entry"
    case .known: "known already"
    case .bad(let reason): "BAD: \(reason)"
    }
}

private func tell(_ report: ImportReport, _ options: ImportOptions, _ rejects: String?, _ context: CommandContext) {
    for title in report.columnsLeftOut {
        context.output.note("The column \(title) has no place here, and was not taken over.")
    }
    if report.differing > 0 {
        context.output.note(
            "\(report.differing) rows say something else of their case than its first row; the cases were left as they are."
        )
    }
    if let rejects {
        context.output.note("Bad rows are in \(rejects): correct them there, import that file, and remove it.")
    }
    if context.flag("json") {
        context.output.write([
            "added": JSONValue(report.added), "cases": JSONValue(report.cases), "known": JSONValue(report.known),
            "bad": JSONValue(report.bad), "differing": JSONValue(report.differing),
            "columnsLeftOut": .array(report.columnsLeftOut.map { .string($0) }),
            "encoding": .string(options.encoding.rawValue), "rejects": rejects.map { .string($0) } ?? nil,
        ])
    } else {
        let verb = options.isDryRun ? "would be added" : "added"
        let cases = report.cases == 0 || report.cases == report.added ? "" : " (\(report.cases) of them cases)"
        context.output.print("\(report.added) \(verb)\(cases), \(report.known) known already, \(report.bad) bad.")
    }
}
