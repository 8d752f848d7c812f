import Casework
import Commands
import JSON
import Replica
import Support
import SyncClient

private let yes = Option.flag("yes")

/// What goes for good: by hand, and by rule.
let retentionCommands: [Command] = [
    Command(
        "case shred", options: [.by], arguments: [.number], example: "lugn case shred \"482 915-3\""
    ) { context in
        let workplace = try Workplace(context)
        let count = try workplace.casework.shred(context.reference(), by: context.author())
        if context.flag("json") { context.output.write(["erasedTexts": JSONValue(count)]) }
        context.output.note(context.words("retention.shredded", ["count": String(count)]))
    },
    Command(
        "case erase-note", arguments: [.number, .required("ID")],
        example: "lugn case erase-note \"482 915-3\" 9f3c01ab"
    ) { context in
        try Workplace(context).casework.eraseNote(context.reference(), context.requiredItem())
        context.confirm("erased")
    },
    Command(
        "case erase", options: [yes],
        arguments: [.number], example: "lugn case erase \"482 915-3\" --yes"
    ) { context in
        let workplace = try Workplace(context)
        let reference = try context.reference()
        let details = try workplace.casework.show(reference)
        try confirmed(
            context, "failure.confirmErase",
            ["contacts": "\(details.contacts.count)", "texts": "\(details.notes.count)"]
        )
        try workplace.casework.erase(reference)
        context.confirm("erased")
    },
    Command(
        "retention preview", example: "lugn retention preview"
    ) { context in
        let workplace = try Workplace(context)
        let items = try workplace.casework.retentionPreview()
        if context.flag("json") { return context.output.write(.array(items.map(json))) }
        let say = try context.say(workplace)
        var table = say.table("closed", "case", "what", "texts")
        for item in items {
            table.addRow([
                say.day(item.closedOn), numberText(item.reference, say), say("retention.\(item.action.rawValue)"),
                String(item.noteCount),
            ])
        }
        table.write(to: context, isEmpty: items.isEmpty, "retention.none")
        let rules = try workplace.casework.retentionRules()
        context.output.note(
            say("retention.rule", ["months": String(rules.shreddingMonths)])
                + (rules.erasureMonths.map { say("retention.ruleErase", ["months": String($0)]) }
                    ?? say("retention.ruleNever")))
    },
    Command(
        "retention set",
        options: [
            .integer("retention-months", "N", in: LineSettings.months), .value("erasure-months", "N"),
        ], example: "lugn retention set --retention-months 24 --erasure-months never"
    ) { context in
        let workplace = try Workplace(context)
        let rules = try rules(context, workplace.casework.retentionRules())
        try await Lead(workplace.client()).setRules(rules.encoded())
        context.confirm("saved")
    },
    Command(
        "retention apply", options: [yes, .by], example: "lugn retention apply --yes"
    ) { context in
        let workplace = try Workplace(context)
        let items = try workplace.casework.retentionPreview()
        let erased = items.count { $0.action == .erase }
        if !items.isEmpty {
            try confirmed(
                context, "failure.confirmRetention", ["shredded": "\(items.count - erased)", "erased": "\(erased)"]
            )
        }
        let progress = Progress(context.output)
        let result = try workplace.casework.applyRetention(by: context.author()) {
            progress.update("\($0) / \(items.count)")
        }
        progress.finish()
        if context.flag("json") {
            return context.output.write([
                "shredded": JSONValue(result.shredded), "erased": JSONValue(result.erased),
            ])
        }
        context.output.print(
            context.words(
                "retention.done", ["shredded": String(result.shredded), "erased": String(result.erased)]))
    },
]

/// Those that are settled, with what was given in their place.
private func rules(_ context: CommandContext, _ settled: RetentionRules) throws -> RetentionRules {
    var rules = settled
    if let months = context.integer("retention-months") { rules.shreddingMonths = months }
    if let text = context.value("erasure-months") {
        let months = text == "never" ? nil : Int(text)
        guard text == "never" || months.map(LineSettings.months.contains) ?? false else {
            throw CommandFailure(.wrongUsage, key: "failure.erasureMonths")
        }
        rules.erasureMonths = months
    }
    guard context.integer("retention-months") != nil || context.value("erasure-months") != nil else {
        throw CaseworkError(.badValue, "settings.nothingGiven")
    }
    return rules
}

private func confirmed(_ context: CommandContext, _ key: String, _ values: [String: Message]) throws {
    guard context.flag("yes") else { throw CommandFailure(.refused, key: key, values) }
}

private func json(_ item: RetentionItem) -> JSONValue {
    [
        "number": numberJSON(item.reference), "action": .string(item.action.rawValue),
        "closedOn": dayJSON(item.closedOn), "texts": JSONValue(item.noteCount),
    ]
}
