import Casework
import Commands
import JSON
import Replica

private let yes = Option.flag("yes", "Really. Nothing brings it back.")

/// What goes for good: by hand, and by rule.
let retentionCommands: [Command] = [
    Command(
        "case shred", summary: "Erase all free text of a case, at every desk and for good.",
        details: """
            What is recorded of the case for statistics stays. Text that another desk writes without knowing of it is \
            erased too, when it arrives.
            """, options: [.by], arguments: [.number], example: "lugn case shred \"482 915-3\""
    ) { context in
        let workplace = try Workplace(context)
        let count = try workplace.casework.shred(context.reference(), by: context.author())
        if context.flag("json") { context.output.write(["erasedTexts": JSONValue(count)]) }
        context.output.note(context.words("retention.shredded", ["count": String(count)]))
    },
    Command(
        "case erase-note", summary: "Erase one text of a case, at every desk and for good.",
        details: "For what ought not to have been written, such as a name.",
        arguments: [.number, .required("ID", "The text, as \"case show\" shows it.")],
        example: "lugn case erase-note \"482 915-3\" 9f3c01ab"
    ) { context in
        try Workplace(context).casework.eraseNote(context.reference(), context.requiredItem())
        context.confirm("erased")
    },
    Command(
        "case erase", summary: "Erase a case with all that belongs to it, at every desk and for good.",
        details: "It is missing from all statistics then. To keep those: lugn case shred.", options: [yes],
        arguments: [.number], example: "lugn case erase \"482 915-3\" --yes"
    ) { context in
        let workplace = try Workplace(context)
        let reference = try context.reference()
        let details = try workplace.casework.show(reference)
        try confirmed(
            context,
            "this erases a case with \(details.contacts.count) contacts and \(details.notes.count) texts, everywhere and for good"
        )
        try workplace.casework.erase(reference)
        context.confirm("erased")
    },
    Command(
        "retention preview", summary: "List what the retention rules say is to go, and change nothing.",
        example: "lugn retention preview"
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
        let settings = try workplace.casework.settings()
        context.output.note(
            say("retention.rule", ["months": String(settings.retentionMonths)])
                + (settings.erasureMonths.map { say("retention.ruleErase", ["months": String($0)]) }
                    ?? say("retention.ruleNever")))
    },
    Command(
        "retention apply", summary: "Do what the retention rules say, at every desk and for good.",
        options: [yes, .by], example: "lugn retention apply --yes"
    ) { context in
        let workplace = try Workplace(context)
        let items = try workplace.casework.retentionPreview()
        let erased = items.count { $0.action == .erase }
        if !items.isEmpty {
            try confirmed(
                context,
                "this shreds the text of \(items.count - erased) cases and erases \(erased) cases, everywhere and for good"
            )
        }
        let progress = Progress(context.output)
        let result = try workplace.casework.applyRetention(by: context.author()) {
            progress.update("\($0) of \(items.count) cases")
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

private func confirmed(_ context: CommandContext, _ message: String) throws {
    guard context.flag("yes") else {
        throw CommandFailure(
            .refused, message, safe: "Nothing was changed", action: "If that is meant, say so with --yes")
    }
}

private func json(_ item: RetentionItem) -> JSONValue {
    [
        "number": numberJSON(item.reference), "action": .string(item.action.rawValue),
        "closedOn": dayJSON(item.closedOn), "texts": JSONValue(item.noteCount),
    ]
}
