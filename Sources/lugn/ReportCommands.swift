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
    .value("csv", "DIR", "Write a CSV file for each table into this folder."),
    .value("html", "FILE", "Write one page to print or send, with charts."),
    .flag("local", "Do not ask the server how other desks stand."),
]

/// Statistics of a period, and the monthly internal report.
let reportCommands: [Command] = [
    Command(
        "report statistics", summary: "The statistics of a period, as they are published.",
        details: """
            Cases count by the day they were opened, contacts by the day they took place, in the line's time. Every number \
            is counted by itself, and none is changed to make sums agree. Cases opened by mistake are in none of them and \
            told by themselves. A last line says which data may be missing.

            Without --publish a report is for internal use, and says so on every page. With it, numbers from 1 up to below \
            the limit are hidden, and as many more as it takes that none of these can be computed, also not together with \
            what was published before: a line publishes whole calendar months, and unions of what it has published. What \
            is published is recorded in the line, so that the server must be within reach.
            """,
        isDefault: true,
        options: [
            .value("from", "DAY", "The first day, such as 2017-02-01.", required: true),
            .value("to", "DAY", "The last day, which is included.", required: true),
            .flag("publish", "Publish it, as a part of the line's one series."),
            .integer("suppress", "NUMBER", in: 2...1_000, "Hide smaller numbers. With --publish, 5 otherwise."),
            .by,
        ] + formOptions,
        example: """
            lugn report --from 2017-02-01 --to 2017-11-30
            lugn report --from 2017-02-01 --to 2017-02-28 --html february.html --publish
            """
    ) { context in
        let period = try StatisticsPeriod(from: day(context, "from"), through: day(context, "to"))
        let workplace = try Workplace(context)
        var statistics: Statistics
        if context.flag("publish") {
            let isJoined = try workplace.replica.enrolment() != nil
            statistics = try await Workstation.publish(
                period, below: context.integer("suppress") ?? 5, by: context.author(), casework: workplace.casework,
                client: isJoined ? SyncClient(replica: workplace.replica) : nil)
        } else if let limit = context.integer("suppress") {
            statistics = try workplace.casework.statistics(period).suppressing(below: limit)
        } else {
            statistics = try workplace.casework.statistics(period)
        }
        if let others = await desks(workplace, context) { statistics.desks.include(others: others) }
        try put(out: statistics.document(language(context)), json: statistics.json, context)
    },
    Command(
        "report published", summary: "The line's published series.",
        details: "Each period that was published, with the limit below which numbers were hidden, when and by whom.",
        example: "lugn report published"
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
        var table = Table([.init("From"), .init("To"), .init("Hidden below", .right), .init("By")])
        for publication in publications {
            table.addRow([
                publication.from.description, publication.through.description, String(publication.hiddenBelow),
                publication.by,
            ])
        }
        table.lines().forEach { context.output.print($0) }
    },
    Command(
        "report internal", summary: "The team's report of a month.",
        details: """
            Calls and chats, kinds of case, what came of referrals, organisations contacted for support or training, \
            meetings, lessons. It has small numbers and what was noted: it is not for publication, and says so.
            """,
        options: [.value("month", "MONTH", "Such as 2017-03.", required: true)] + formOptions,
        example: "lugn report internal --month 2017-03"
    ) { context in
        let month = try Month(parsing: context.require("month"))
        let workplace = try Workplace(context)
        var report = try workplace.casework.internalReport(month)
        if let others = await desks(workplace, context) { report.statistics.desks.include(others: others) }
        try put(out: report.document(language(context)), json: report.json, context)
    },
]

/// How the line's other desks stand, by the server; nil, and said so, where it cannot be asked.
private func desks(_ workplace: Workplace, _ context: CommandContext) async -> DesksResponse? {
    do {
        guard !context.flag("local"), try workplace.replica.membership() != nil else { return nil }
        return try await workplace.client().desks()
    } catch {
        context.output.note("The server could not be asked about the other desks; the report speaks of this one.")
        return nil
    }
}

private func day(_ context: CommandContext, _ name: String) throws -> CalendarDate {
    guard let day = CalendarDate(try context.require(name)) else {
        throw CommandFailure.wrongUsage("--\(name) is no day of the form 2017-02-01")
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
        context.output.note("Written to \(folder): \(document.csvFiles.count) files.")
    }
    if let path = context.value("html") {
        let file = try NewFile.replacing(path)
        try file.write(document.html)
        try file.close()
        context.output.note("Written to \(path).")
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
