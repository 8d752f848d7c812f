import Casework
import Commands
import JSON
import Merge
import Replica
import Support
import SyncClient
import SyncProtocol
import Workstation

private let formOptions: [Option] = [
    .value("csv", "DIR"),
    .value("html", "FILE"),
    .flag("local"),
]

/// Statistics of a period, and the monthly internal report.
let reportCommands: [Command] = [
    Command(
        "report statistics", isDefault: true,
        options: [
            .value("from", "DAY", required: true),
            .value("to", "DAY", required: true),
            .flag("publish"), .flag("weeks"),
            .integer("suppress", "NUMBER", in: 2...1_000),
            .by,
        ] + formOptions,
        example: """
            lugn report --from 2017-02-01 --to 2017-11-30
            lugn report --from 2017-02-01 --to 2017-02-28 --html february.html --publish
            """
    ) { context in
        let period = try StatisticsPeriod(from: day(context, "from"), through: day(context, "to"))
        if context.flag("weeks"), context.flag("publish") || context.integer("suppress") != nil {
            throw CommandFailure(.wrongUsage, key: "failure.weeksArePublished")
        }
        let workplace = try Workplace(context)
        var statistics: Statistics
        if context.flag("publish") {
            let isJoined = try workplace.replica.membership() != nil
            statistics = try await Workstation.publish(
                period, below: context.integer("suppress") ?? 5, by: context.author(), casework: workplace.casework,
                client: isJoined ? workplace.client() : nil)
        } else if let limit = context.integer("suppress") {
            statistics = try workplace.casework.statistics(period).suppressing(below: limit)
        } else {
            statistics = try workplace.casework.statistics(period)
        }
        if let others = await desks(workplace, context) { statistics.desks.include(others: others) }
        var (document, json) = (statistics.document(language(context)), statistics.json)
        if context.flag("weeks") { try add(weeksOf: period, workplace, &document, &json, language(context)) }
        try put(out: document, json: json, context)
    },
    Command(
        "report published", example: "lugn report published"
    ) { context in
        let publications = try Workplace(context).casework.publications()
        if context.flag("json") {
            let items = publications.map { publication -> JSONValue in
                [
                    "from": .string(publication.from.description), "to": .string(publication.through.description),
                    "hiddenBelow": JSONValue(publication.hiddenBelow),
                    "at": publication.at.map { .string(UTCTime.rfc3339(milliseconds: $0.milliseconds)) } ?? nil,
                    "by": .string(publication.by),
                ]
            }
            return context.output.write(.array(items))
        }
        let say = Say(words: context.words, time: .stockholm)
        var table = say.table("from", "to", "hiddenBelow", "by")
        for publication in publications {
            table.addRow([
                publication.from.description, publication.through.description, String(publication.hiddenBelow),
                publication.by,
            ])
        }
        table.lines().forEach { context.output.print($0) }
    },
    Command(
        "report internal", options: [.value("month", "MONTH", required: true)] + formOptions,
        example: "lugn report internal --month 2017-03"
    ) { context in
        let month = try Month(parsing: context.require("month"))
        let workplace = try Workplace(context)
        var report = try workplace.casework.internalReport(month)
        if let others = await desks(workplace, context) { report.statistics.desks.include(others: others) }
        try put(out: report.document(language(context)), json: report.json, context)
    },
]

/// Contacts by week, behind those by month: small numbers, which are not for publication.
private func add(
    weeksOf period: StatisticsPeriod, _ workplace: Workplace, _ document: inout ReportDocument,
    _ json: inout JSONValue, _ language: ReportLanguage
) throws {
    let weeks = try workplace.casework.contactsByWeek(period)
    document.tables.insert(ReportTable(weeks: weeks, language), at: 1)
    guard case .object(let members) = json else { return }
    json = .object(members + [JSONMember("weeks", weeks.json)])
}

/// How the line's other desks stand, by the server; nil, and said so, where it cannot be asked.
private func desks(_ workplace: Workplace, _ context: CommandContext) async -> DesksResponse? {
    do {
        guard !context.flag("local"), try workplace.replica.membership() != nil else { return nil }
        return try await workplace.client().desks()
    } catch {
        context.output.note(context.words("report.serverNotAsked"))
        return nil
    }
}

private func day(_ context: CommandContext, _ name: String) throws -> CalendarDate {
    guard let day = CalendarDate(try context.require(name)) else {
        throw CommandFailure(.wrongUsage, key: "failure.reportDay", ["option": "--\(name)"])
    }
    return day
}

private func language(_ context: CommandContext) -> ReportLanguage {
    context.value("lang").flatMap { ReportLanguage(rawValue: $0) } ?? .swedish
}

/// Puts the report out in the forms that were asked for; as text, if none was.
private func put(out document: ReportDocument, json: JSONValue, _ context: CommandContext) throws {
    if let folder = context.value("csv") {
        try OutputFolder.make(folder)
        for (name, content) in document.csvFiles {
            let file = try NewFile.replacing("\(folder)/\(name).csv")
            try file.write(content)
            try file.close()
        }
        context.output.note(
            context.words("report.writtenFiles", ["folder": folder, "count": String(document.csvFiles.count)]))
    }
    if let path = context.value("html") {
        let file = try NewFile.replacing(path)
        try file.write(document.html)
        try file.close()
        context.output.note(context.words("report.written", ["file": path]))
    }
    if context.flag("json") {
        context.output.write(json)
    } else if context.value("csv") == nil, context.value("html") == nil {
        write(document, context.output)
    }
}

private func write(_ document: ReportDocument, _ output: Output) {
    let line = document.lineName.map { "\($0): " } ?? ""
    if let notice = document.notice { output.print(notice) }
    output.print(output.styled("\(line)\(document.title), \(document.period)", .bold))
    output.print()
    var figures = Table([.init(""), .init("", .right)])
    for headline in document.headlines {
        figures.addRow([headline.label, ReportCell.figure(headline.figure).plainText])
    }
    figures.lines().dropFirst().forEach { output.print($0) }
    for table in document.tables {
        output.print()
        output.print(output.styled(table.title, .bold))
        write(table, document.language, output)
    }
    output.print()
    for note in document.notes { output.print(note) }
    output.print(document.desks)
    output.print(document.generated)
    if let notice = document.notice { output.print(notice) }
}

private func write(_ table: ReportTable, _ language: ReportLanguage, _ output: Output) {
    guard !table.rows.isEmpty else { return output.print("  -") }
    let isText = table.rows[0].cells.contains { if case .text = $0 { true } else { false } }
    let share = table.shareHeading(language)
    var text = Table(
        [.init(table.rowHeading.label)] + table.columns.map { .init($0.label, isText ? .left : .right) }
            + (share.map { [.init($0, .right)] } ?? []))
    for row in table.rows {
        text.addRow(
            [row.label] + row.cells.map(\.plainText) + (share == nil ? [] : [table.share(row, language) ?? ""]))
    }
    for (index, line) in text.lines(widthColumns: output.widthColumns.map { $0 - 2 }).enumerated() {
        if index == 0, table.columns.count == 1, share == nil { continue }
        output.print("  " + line)
    }
}
