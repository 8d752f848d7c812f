import Casework
import Commands
import JSON

private let readingOptions: [Option] = [
    .flag("dry-run"),
    .choice(
        "encoding", TextEncoding.allCases.map(\.rawValue)),
    .value(
        "date-format", "FORM"
    ),
    .value("map", "FILE"),
    .value(
        "rejects", "FILE"),
    .value("by", "CODE"),
]

private let logOptions: [Option] = [
    .value(
        "log", "NAME"
    ),
    .flag(
        "leave-out-waiting"),
]

private let csvFile = Argument.required(
    "FILE")

/// Taking over what others recorded.
let importCommands: [Command] = [
    Command(
        "import cases", options: readingOptions + logOptions, arguments: [csvFile],
        example: """
            lugn import cases case-log.csv --dry-run
            lugn import cases older.csv --log 2015 --map columns.txt --date-format d/m/yyyy
            """
    ) { context in
        var options = ImportOptions()
        if let log = context.value("log") {
            options.log = log.normalForm
            guard log.contains(where: { !$0.isWhitespace }), log.utf8.count <= 64 else {
                throw CommandFailure(.wrongUsage, key: "failure.logName")
            }
        }
        options.leavesOutWaitingRows = context.flag("leave-out-waiting")
        try importFile(context, options) { casework, author, options, listeners, bytes in
            try CaseImport(casework, by: author, options).run(bytes, listeners: listeners)
        }
    },
    Command(
        "import directory", options: readingOptions, arguments: [csvFile],
        example: "lugn import directory contacts.csv --dry-run"
    ) { context in
        try importFile(context, ImportOptions()) { casework, author, options, listeners, bytes in
            try DirectoryImport(casework, by: author, options).run(bytes, listeners: listeners)
        }
    },
    Command(
        "import json", options: [.by], arguments: [.required("FILE")],
        example: "lugn import json everything.json"
    ) { context in
        let workplace = try Workplace(context)
        let file = try FileBytes(context.require("FILE"))
        let progress = Progress(context.output)
        var job = try JSONImport(workplace.casework, by: Workplace.author(context))
        let report = try job.run(next: file.next) { bad in
            context.output.note("\(bad.collection) \(bad.number): \(context.words(bad.reason))")
        } onProgress: {
            progress.update(bar(file.fraction, rows: $0.added + $0.known + $0.bad))
        }
        progress.finish()
        if report.flagged > 0 {
            context.output.note(context.words("import.flagged", ["count": String(report.flagged)]))
        }
        if context.flag("json") {
            context.output.write([
                "added": JSONValue(report.added), "known": JSONValue(report.known), "bad": JSONValue(report.bad),
                "flagged": JSONValue(report.flagged),
            ])
        } else {
            context.output.print(context.words("import.done", counts(report.added, report.known, report.bad)))
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
    let words = context.words
    options.words = words
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
        if !options.isDryRun, !bad.isKnown {
            context.output.note(words("import.line", ["line": String(bad.line), "what": bad.reason]))
        }
    }
    listeners.onRow = { row in
        guard options.isDryRun, !context.flag("json") else { return }
        context.output.print(words("import.line", ["line": String(row.line), "what": told(row.outcome, words)]))
    }
    listeners.onProgress = { report in
        progress.update(bar(file.fraction, rows: report.added + report.known + report.bad))
    }
    let report = try run(workplace.casework, author, options, listeners, file.importBytes())
    progress.finish()
    try rejects.close()
    tell(report, options, rejects.count > 0 ? rejects.path : nil, context)
    guard report.bad > 0 else { return }
    let key = options.isDryRun ? "failure.rowsWouldBeRefused" : "failure.rowsRefused"
    throw CommandFailure(
        .failed, key: key, ["count": "\(report.bad)", "file": "\(rejects.count > 0 ? rejects.path : path)"])
}

private func bar(_ fraction: Double?, rows: Int) -> String {
    guard let fraction else { return "\(rows)" }
    let width = 30
    let filled = min(width, Int(fraction * Double(width)))
    return "[" + String(repeating: "#", count: filled) + String(repeating: "-", count: width - filled)
        + "] \(Int(fraction * 100)) %, \(rows)"
}

private func told(_ outcome: ImportRowOutcome, _ words: Words) -> String {
    switch outcome {
    case .newCase: words("import.newCase")
    case .contact(let differing) where differing.isEmpty: words("import.contact")
    case .contact(let differing): words("import.contactDiffers", ["what": differing.joined(separator: ", ")])
    case .contactWithoutCase: words("import.contactWithoutCase")
    case .newEntry: words("import.newEntry")
    case .known: words("import.known")
    case .bad(let reason): words("import.bad", ["reason": words(reason)])
    }
}

private func counts(_ added: Int, _ known: Int, _ bad: Int, cases: Int = 0) -> [String: String] {
    ["added": String(added), "known": String(known), "bad": String(bad), "cases": String(cases)]
}

private func tell(_ report: ImportReport, _ options: ImportOptions, _ rejects: String?, _ context: CommandContext) {
    let words = context.words
    func note(_ key: String, _ values: [String: String]) { context.output.note(words(key, values)) }
    if report.encoding != .utf8 { note("import.readAs", ["encoding": report.encoding.rawValue]) }
    if report.dateFormat != "yyyy-mm-dd" { note("import.daysReadAs", ["format": report.dateFormat]) }
    noteColumns(report.columnsLeftOut, context)
    if !report.warnedLines.isEmpty {
        let lines = report.warnedLines.prefix(10).map(String.init).joined(separator: ", ")
        let rest = report.warnedLines.count > 10 ? " +\(report.warnedLines.count - 10)" : ""
        note("import.warnedLines", ["lines": lines + rest])
    }
    if report.knownMended > 0 { note("import.knownMended", ["count": String(report.knownMended)]) }
    if report.differing > 0 { note("import.differing", ["count": String(report.differing)]) }
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
        let hasCases = report.cases != 0 && report.cases != report.added
        let key = (options.isDryRun ? "import.wouldBe" : "import.done") + (hasCases ? "Cases" : "")
        context.output.print(words(key, counts(report.added, report.known, report.bad, cases: report.cases)))
    }
}

/// However many there are, one line.
private func noteColumns(_ titles: [String], _ context: CommandContext) {
    if titles.isEmpty { return }
    let shown = titles.prefix(5).map { String($0.prefix(40)) }.joined(separator: ", ")
    let rest = titles.count > 5 ? " +\(titles.count - 5)" : ""
    let key = titles.count == 1 ? "import.columnLeftOut" : "import.columnsLeftOut"
    context.output.note(
        context.words(key, ["count": String(titles.count), "titles": TerminalText.oneLine(shown) + rest]))
}
