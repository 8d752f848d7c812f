import Casework
import Commands
import JSON
import Replica
import Support

/// Looking for a case by what is remembered of it.
let findCommands: [Command] = [
    Command(
        "find",
        options: [
            .flag("open"), .flag("child"), .word("concern", Concern.self).short("o"), .value("month", "MONTH"),
            .value("written-by", "CODE"), .flag("waiting"),
        ], arguments: [.variadic("WORD", required: false)],
        example: "lugn find skola bror\nlugn find 482 915-3\nlugn find --open --month 2017-03 orolig"
    ) { context in
        let workplace = try Workplace(context)
        let words = context.list("WORD") == ["-"] ? try typed() : context.list("WORD")
        let result = try workplace.casework.find(words.joined(separator: " "), filter(context))
        if context.flag("json") { return context.output.write(json(result)) }
        let say = try context.say(workplace)
        switch result.number {
        case .found(let reference):
            return caseText(try workplace.casework.show(reference), say).forEach { context.output.print($0) }
        case .mistyped: return context.output.note(say("find.mistyped"))
        case .unknown: return context.output.note(say("find.unknown"))
        case nil: break
        }
        for hit in result.cases { context.output.print(text(hit, say, context.output)) }
        for entry in result.contacts {
            let id = ItemReference(entry.id)
            context.output.print("\(say("collection.directory")) \(id): \(entry.name) \(entry.area.text ?? "")")
        }
        if result.cases.isEmpty, result.contacts.isEmpty { context.output.note(say("find.nothing")) }
    }
]

/// What is looked for, from standard input: it need not stand in a shell's history.
private func typed() throws -> [String] {
    (try InputLine.next() ?? "").split(whereSeparator: \.isWhitespace).map(String.init)
}

private func filter(_ context: CommandContext) throws -> FindFilter {
    var filter = FindFilter()
    filter.isOpen = context.flag("open")
    filter.concernsChild = context.flag("child")
    filter.concern = try context.choice("concern")
    filter.month = try context.value("month").map { try Month(parsing: $0) }
    filter.author = try context.value("written-by").map { try AuthorCode($0) }
    filter.followUpDue = context.flag("waiting")
    return filter
}

/// `482 915-3  open  S3 2017-03-15 10:02: … worried about a brother …`, with what matched in bold.
private func text(_ hit: FindResult.CaseHit, _ say: Say, _ output: Output) -> String {
    let status = say.word((hit.isOpen ? CaseStatus.open : .closed).rawValue, CaseStatus.self)
    let child = hit.concernsChild ? " (\(say("case.child")))" : ""
    guard let excerpt = hit.excerpt, let at = hit.at else {
        let opened = hit.openedAt.map { say.time(Timestamp(milliseconds: $0)) } ?? "-"
        return "\(hit.reference)  \(status)\(child)  \(opened)"
    }
    let place = excerpt.replacing("\n", with: " ").split(separator: "\u{2}", omittingEmptySubsequences: false)
    let marked = place.dropFirst().map { part -> String in
        let pieces = part.split(separator: "\u{3}", maxSplits: 1, omittingEmptySubsequences: false)
        return output.styled(String(pieces[0]), .bold) + (pieces.count > 1 ? String(pieces[1]) : "")
    }
    let shown = (place.first.map(String.init) ?? "") + marked.joined()
    return "\(hit.reference)  \(status)\(child)  \(hit.by ?? "-") \(say.time(Timestamp(milliseconds: at))): \(shown)"
}

private func json(_ result: FindResult) -> JSONValue {
    let number: JSONValue =
        switch result.number {
        case .found(let reference): numberJSON(reference)
        case .mistyped, .unknown, nil: nil
        }
    let cases = result.cases.map { hit -> JSONValue in
        [
            "number": numberJSON(hit.reference), "open": .bool(hit.isOpen), "concernsChild": .bool(hit.concernsChild),
            "excerpt": textJSON(hit.excerpt?.filter { $0 != "\u{2}" && $0 != "\u{3}" }), "by": textJSON(hit.by),
            "at": timeJSON(hit.at.map { Timestamp(milliseconds: $0) }),
            "openedAt": timeJSON(hit.openedAt.map { Timestamp(milliseconds: $0) }),
        ]
    }
    return [
        "number": number, "cases": .array(cases),
        "directory": .array(result.contacts.map { ["id": idJSON($0.id), "name": .string($0.name)] }),
    ]
}
