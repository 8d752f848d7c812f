import Casework
import Commands
import JSON

private let readingOptions: [Option] = [
    .flag("dry-run", "Only say what would happen, row by row."),
    .choice(
        "encoding", TextEncoding.allCases.map(\.rawValue),
        "How the file is written; found out otherwise, where only one makes sense."),
    .value(
        "date-format", "FORM",
        "How its days are written, such as yyyy-mm-dd, d/m/yyyy, d mmm yyyy or excel; found out otherwise, where all rows agree."
    ),
    .value("map", "FILE", "What its columns and words mean, where it uses other ones. One a line: theirs = ours."),
    .value(
        "rejects", "FILE",
        "Where refused rows go; otherwise FILE.rejects.csv beside the input. It is replaced each time."),
    .value("by", "CODE", "Who wrote the rows that do not say it. Otherwise S0, which is nobody."),
]

private let logOptions: [Option] = [
    .value(
        "log", "NAME",
        "The log that the file is part of, for cases are numbered anew in each; main otherwise. Asked for when it matters."
    ),
    .flag(
        "leave-out-waiting", "Take over cases of which an earlier import refused rows that are not in this file."),
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
            organisation, outcome (utfall), county (län), follow-up (uppföljning), follow-up status (uppföljningsstatus), \
            heard of (hittade linjen), research (efterforskning), assessment (bedömning), review (granskad). Only the date \
            must be there. Times are those of the line, whatever the computer's zone.

            Each row is a contact. Rows with the same "case" are contacts of one case: the first in time opens it and says \
            what it is, or the one whose contact is "opening"; a contact that is "withoutCase" belongs to none; without that \
            column each row is a case. Choices are the words of "case new", or Swedish ones such as anhörig.

            Good rows are kept, and refused ones go to a file with the reason; mend them there and import that file. A case \
            of which one row is refused waits as a whole. Nothing is guessed: what can be read in two ways is asked for. \
            Importing a file twice changes nothing, at another desk too. In a file for --map, a line is \
            "their column = date", "their column = -" to leave it out, or "concern: their word = religious". Exit code 1 \
            where a row was refused.
            """,
        options: readingOptions + logOptions, arguments: [csvFile],
        example: """
            lugn import cases case-log.csv --dry-run
            lugn import cases older.csv --log 2015 --map columns.txt --date-format d/m/yyyy
            """
    ) { context in
        var options = ImportOptions()
        if let log = context.value("log") {
            options.log = log.normalForm
            guard log.contains(where: { !$0.isWhitespace }), log.utf8.count <= 64 else {
                throw CommandFailure.wrongUsage("the log's name has 1 to 64 bytes", action: "Name it, such as 2015")
            }
        }
        options.leavesOutWaitingRows = context.flag("leave-out-waiting")
        try importFile(context, options) { casework, author, options, listeners, bytes in
            try CaseImport(casework, by: author, options).run(bytes, listeners: listeners)
        }
    },
    Command(
        "import directory", summary: "Import a list of contacts into the referral directory.",
        details: """
            The first line names the columns, in English or Swedish: name (namn), kind (typ), area (kommun, region), \
            county (län), offers (erbjuder), ages (åldrar: 13-25, 18+, under 18, alla), plan (har plan), contact name (kontaktperson), phone (telefon), email (e-post), source (källa), verified \
            (verifierad), by (av). Only the name must be there. Good rows are kept, bad ones go to a file with the reason. \
            Importing a file twice changes nothing; a row that says anything else than before is an entry of its own.
            """,
        options: readingOptions, arguments: [csvFile], example: "lugn import directory contacts.csv --dry-run"
    ) { context in
        try importFile(context, ImportOptions()) { casework, author, options, listeners, bytes in
            try DirectoryImport(casework, by: author, options).run(bytes, listeners: listeners)
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
    _ context: CommandContext, _ given: ImportOptions,
    _ run: (Casework, AuthorCode, ImportOptions, ImportListeners, ImportBytes) throws -> ImportReport
) throws {
    let workplace = try Workplace(context)
    let path = try context.require("FILE")
    // Not whoever sits here: another desk that imports the same file would write something else.
    let author = try AuthorCode(context.value("by") ?? "S0")
    var options = given
    options.isDryRun = context.flag("dry-run")
    options.encoding = context.value("encoding").flatMap { TextEncoding(rawValue: $0) }
    options.dateFormat = try context.value("date-format").map { try DateFormat(parsing: $0) }
    if let map = context.value("map") {
        options.mapping = try ImportMapping(parsing: TextEncoding.text(readFile(map, limit: 1 << 20)))
    }
    let file = try FileBytes(path)
    let rejects = RejectsFile(input: path, given: context.value("rejects"))
    let writesRejects = !options.isDryRun || context.value("rejects") != nil
    let progress = Progress(context.output)
    var listeners = ImportListeners()
    listeners.onBadRow = { bad in
        if writesRejects { try rejects.append(bad) }
        if !options.isDryRun, !bad.isKnown { context.output.note("line \(bad.line): \(bad.reason)") }
    }
    listeners.onRow = { row in
        guard options.isDryRun, !context.flag("json") else { return }
        context.output.print("line \(row.line): \(words(row.outcome))")
    }
    listeners.onProgress = { report in
        progress.update(bar(file.fraction, rows: report.added + report.known + report.bad))
    }
    let report = try run(workplace.casework, author, options, listeners, file.importBytes())
    progress.finish()
    try rejects.close()
    tell(report, options, rejects.count > 0 ? rejects.path : nil, context)
    guard report.bad > 0 else { return }
    throw CommandFailure(
        "rows \(options.isDryRun ? "would be" : "were") refused: \(report.bad)",
        safe: options.isDryRun ? "Nothing was changed" : "The others are kept",
        action: rejects.count > 0 ? "Mend them in \(rejects.path), and import that file" : "Mend them in the file")
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
    if report.encoding != .utf8 { context.output.note("The file was read as \(report.encoding.rawValue).") }
    if report.dateFormat != "yyyy-mm-dd" { context.output.note("Its days were read as \(report.dateFormat).") }
    noteColumns(report.columnsLeftOut, context)
    if !report.warnedLines.isEmpty {
        let lines = report.warnedLines.prefix(10).map(String.init).joined(separator: ", ")
        let rest = report.warnedLines.count > 10 ? " and \(report.warnedLines.count - 10) more" : ""
        context.output.note(
            "What looks like a name, an address or an opinion stands in notes of these lines: \(lines)\(rest). Read them; lugn case erase-note takes one away."
        )
    }
    if report.knownMended > 0 {
        context.output.note(
            "\(report.knownMended) of the mended rows say what a row here says already, and were taken for the same. If one of them is another contact, write 1 into its column \"copy\"."
        )
    }
    if report.differing > 0 {
        context.output.note(
            "\(report.differing) rows say something else of their case than its first row; the cases were left as they are."
        )
    }
    if context.flag("json") {
        context.output.write([
            "added": JSONValue(report.added), "cases": JSONValue(report.cases), "known": JSONValue(report.known),
            "bad": JSONValue(report.bad), "differing": JSONValue(report.differing),
            "columnsLeftOut": .array(report.columnsLeftOut.map { .string($0) }),
            "encoding": .string(report.encoding.rawValue), "dateFormat": .string(report.dateFormat),
            "warnedLines": .array(report.warnedLines.map { JSONValue($0) }),
            "rejects": rejects.map { .string($0) } ?? nil,
        ])
    } else {
        let verb = options.isDryRun ? "would be added" : "added"
        let cases = report.cases == 0 || report.cases == report.added ? "" : " (\(report.cases) of them cases)"
        context.output.print("\(report.added) \(verb)\(cases), \(report.known) known already, \(report.bad) bad.")
    }
}

/// However many there are, one line.
private func noteColumns(_ titles: [String], _ context: CommandContext) {
    if titles.isEmpty { return }
    let shown = titles.prefix(5).map { String($0.prefix(40)) }.joined(separator: ", ")
    let rest = titles.count > 5 ? " and \(titles.count - 5) more" : ""
    let start =
        titles.count == 1
        ? "One column has no place here, and was" : "\(titles.count) columns have no place here, and were"
    context.output.note("\(start) not taken over: \(TerminalText.oneLine(shown))\(rest).")
}
