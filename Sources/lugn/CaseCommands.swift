import Casework
import Commands
import JSON
import Merge
import Replica
import Support

private let channelOption = Option.choice(
    "channel", Channel.allCases.map(\.rawValue), "How the contact came about; phone otherwise.")

private let caseOptions: [Option] = [
    .choice("caller", Caller.allCases.map(\.rawValue), "Who got in touch."),
    .list("concern", "CONCERN", choices: Concern.allCases.map(\.rawValue), "What the worry is about."),
    .choice("age", AgeBand.allCases.map(\.rawValue), "The age of the person concerned."),
    .choice("child", ["yes", "no"], "Whether a child made contact."),
    .value("language", "CODE", "The language of the conversation, such as sv or ar."),
]

/// Opening, reading and writing cases.
let caseCommands: [Command] = [
    Command(
        "case new", summary: "Open a case, and get its reference number.",
        details: """
            The number is there at once, online or not, before the call ends. What is known only when it ends is added \
            then: lugn contact edit.
            """,
        options: caseOptions + [channelOption] + contactOptions + [
            .value("note", "TEXT", "A first note."), .notPersonalData, .by,
        ],
        example: """
            lugn case new --caller relative --concern religious --age 18-21 --channel phone --language sv
            lugn case new --caller external --request knowledge --minutes 20 --summary "Asked how to talk about it."
            """
    ) { context in
        let workplace = try Workplace(context)
        let texts = try GivenTexts(
            context,
            [
                "summary": context.value("summary"), "next-step": context.value("next-step"),
                "note": context.value("note"),
            ])
        let reference = try workplace.casework.newCase(
            fields(context), contact: contactFields(context, texts), note: texts["note"], by: context.author())
        if context.flag("json") {
            context.output.write(["number": .string(reference.number.description)])
        } else {
            context.output.print(reference.number.description)
        }
    },
    Command("case show", summary: "Show a case.", arguments: [.number], example: "lugn case show \"482 915-3\"") {
        context in
        let workplace = try Workplace(context)
        let details = try workplace.casework.show(context.reference())
        if context.flag("json") {
            context.output.write(caseJSON(details))
        } else {
            caseText(details).forEach { context.output.print($0) }
            if let last = try workplace.replica.lastSync() {
                context.output.note(
                    "As of this desk, synced \(LineTime.stockholm.text(Timestamp(milliseconds: last))).")
            } else {
                context.output.note("As of this desk, which has never synced.")
            }
        }
    },
    Command(
        "case list", summary: "List cases, the latest first.",
        options: [
            .choice("status", CaseStatus.allCases.map(\.rawValue), "Only these."),
            .choice("caller", Caller.allCases.map(\.rawValue), "Only these."),
            .list("concern", "CONCERN", choices: Concern.allCases.map(\.rawValue), "Only those with all of these."),
            .choice("age", AgeBand.allCases.map(\.rawValue), "Only these."),
            .choice("child", ["yes", "no"], "Whether the case concerns a child."),
            .day("from", "Opened on this day or later."), .day("to", "Opened on this day or before."),
            .integer("limit", "N", in: 1...1_000_000, "At most so many; 100 otherwise."),
        ], arguments: [.optional("NUMBER", "A reference number, or its beginning.")],
        example: "lugn case list --status open\nlugn case list 482"
    ) { context in
        let workplace = try Workplace(context)
        let cases = try workplace.casework.list(filter(context, workplace))
        if context.flag("json") { return context.output.write(.array(cases.map(caseJSON))) }
        var table = Table("NUMBER", "STATUS", "CALLER", "CONCERN", "AGE", "OPENED")
        for details in cases {
            table.addRow([
                numberText(details.reference), details.status, details.caller ?? "-",
                details.concerns.map(\.rawValue).joined(separator: ","), details.age ?? "-",
                details.openedAt.map { LineTime.stockholm.text($0) } ?? "-",
            ])
        }
        context.output.write(table)
    },
    Command(
        "case note", summary: "Add a note to a case.",
        details: "The text is what follows the number, or standard input. Notes are never changed afterwards.",
        options: [
            .choice("kind", [NoteKind.note, .summary, .nextStep].map(\.rawValue), "What it is; a note otherwise."),
            .notPersonalData, .by,
        ], arguments: [.number, .variadic("TEXT", "The note.", required: false)],
        example: "lugn case note \"482 915-3\" Talked for an hour, will ring back on Friday."
    ) { context in
        let workplace = try Workplace(context)
        try workplace.casework.addNote(
            context.reference(), GivenTexts.argument(context), kind: context.choice("kind") ?? .note,
            by: context.author())
        context.confirm("Saved.")
    },
    Command(
        "case edit", summary: "Change what is recorded of a case.",
        details: "Only what is given is changed. The channel is that of the opening contact.",
        options: caseOptions + [
            .choice("channel", Channel.allCases.map(\.rawValue), "How the opening contact came about."),
            .list(
                "clear", "WHAT", choices: CaseFields.Clearable.allCases.map(\.rawValue), "Set back to not recorded."),
        ], arguments: [.number],
        example: "lugn case edit \"482 915-3\" --age 22-25\nlugn case edit \"482 915-3\" --clear caller"
    ) { context in
        let workplace = try Workplace(context)
        var changes = try fields(context)
        changes.cleared = Set(try context.list("clear").map { try CaseFields.Clearable(word: $0) })
        try workplace.casework.edit(
            context.reference(), changes,
            channel: context.value("channel").map { try Channel(word: $0) })
        context.output.note("Saved.")
    },
]

private func fields(_ context: CommandContext) throws -> CaseFields {
    let concerns = try context.list("concern").map { try Concern(word: $0) }
    return CaseFields(
        caller: try context.choice("caller"),
        concerns: concerns.isEmpty ? nil : Set(concerns),
        age: try context.choice("age"), language: try context.value("language").map { try LanguageTag($0) },
        childMadeContact: context.value("child").map { $0 == "yes" })
}

private func filter(_ context: CommandContext, _ workplace: Workplace) throws -> CaseFilter {
    var filter = CaseFilter(status: try context.choice("status"), limit: context.integer("limit") ?? 100)
    filter.caller = try context.choice("caller")
    filter.concerns = Set(try context.list("concern").map { try Concern(word: $0) })
    filter.age = try context.choice("age")
    filter.concernsChild = context.value("child").map { $0 == "yes" }
    filter.openedFrom = try context.day("from", workplace)
    filter.openedThrough = try context.day("to", workplace)
    filter.numberPrefix = try context.value("NUMBER").map { text in
        let digits = text.filter { ("0"..."9").contains($0) }
        guard !digits.isEmpty else {
            throw CommandFailure.wrongUsage("this is no reference number", action: "It looks like 482 915-3")
        }
        return digits
    }
    return filter
}
