import Casework
import Commands
import JSON
import Merge
import Replica
import Support

private let channelOption = Option.word("channel", Channel.self, "How the contact came about; phone otherwise.").short(
    "k")

private let caseOptions: [Option] = [
    .word("caller", Caller.self, "Who got in touch.").short("c"),
    .words("concern", "CONCERN", Concern.self, "What the worry is about.").short("o"),
    .word("age", AgeBand.self, "The age of the person concerned, also in years: 17.").short("a"),
    .yesOrNo("child", "Whether a child made contact."), .language,
    .word("heard-of", HeardOf.self, "How the caller heard of the line."),
    .word("research", ResearchOffer.self, "What was answered when research was offered."),
    .day("research-on", "The day of the call about it; needed where the caller rings back."),
]

/// Opening, reading and writing cases.
let caseCommands: [Command] = [
    Command(
        "case new", summary: "Open a case, and get its reference number.",
        details: """
            The number is there at once, online or not, before the call ends. What is known only when it ends is added \
            then: lugn contact edit. Research is offered in every new case: what the caller answers decides the proposed way \
            of a referral, and a yes is an agreement to speak again, on the day given, or the one that is proposed.

            Choices may be typed in Swedish too: --caller anhörig, --age 17, --language somaliska.
            """,
        options: caseOptions + [channelOption] + contactOptions + [
            .value("note", "TEXT", "A first note.").short("n"), .notPersonalData, .by,
        ],
        example: """
            lugn case new --caller relative --concern religious --age 18-21 --channel phone --language sv
            lugn case new --caller anhörig --concern höger --age 17 --research "ringer tillbaka" --research-on fredag
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
        let fields = try fields(context, workplace)
        let reference = try workplace.casework.newCase(
            fields, contact: contactFields(context, texts), note: texts["note"], by: context.author())
        if context.flag("json") {
            context.output.write(["number": .string(reference.number.description)])
        } else {
            context.output.print(reference.number.description)
        }
        try tellAgreed(fields, reference, workplace, context)
    },
    Command("case show", summary: "Show a case.", arguments: [.number], example: "lugn case show \"482 915-3\"") {
        context in
        let workplace = try Workplace(context)
        let details = try workplace.casework.show(context.reference())
        if context.flag("json") {
            context.output.write(caseJSON(details))
        } else {
            let say = try context.say(workplace, telling: !details.conflicts.isEmpty)
            caseText(details, say).forEach { context.output.print($0) }
            if let last = try workplace.replica.lastSync() {
                context.output.note(say("case.asOf", ["time": say.time(Timestamp(milliseconds: last))]))
            } else {
                context.output.note(say("case.asOfNever"))
            }
        }
    },
    Command(
        "case list", summary: "List cases, the latest first.",
        options: [
            .word("status", CaseStatus.self, "Only these."), .word("caller", Caller.self, "Only these."),
            .words("concern", "CONCERN", Concern.self, "Only those with all of these."),
            .word("age", AgeBand.self, "Only these."), .yesOrNo("child", "Whether the case concerns a child."),
            .yesOrNo("reviewed", "Whether a lead has reviewed it, and since it was last closed, if it is."),
            .word("heard-of", HeardOf.self, "Only these."), .word("research", ResearchOffer.self, "Only these."),
            .day("from", "Opened on this day or later."), .day("to", "Opened on this day or before."),
            .integer("limit", "N", in: 1...1_000_000, "At most so many; 100 otherwise."),
        ], arguments: [.optional("NUMBER", "A reference number, or its beginning.", joins: Argument.areOneNumber)],
        example: "lugn case list --status open\nlugn case list --status closed --reviewed no\nlugn case list 482"
    ) { context in
        let workplace = try Workplace(context)
        let cases = try workplace.casework.list(filter(context, workplace))
        if context.flag("json") { return context.output.write(.array(cases.map(caseJSON))) }
        let say = try context.say(workplace)
        var table = say.table("number", "status", "caller", "concern", "age", "opened")
        for details in cases {
            table.addRow([
                numberText(details.reference, say), say.word(details.status, CaseStatus.self),
                say.word(details.caller, Caller.self),
                details.concerns.map { say.word($0.rawValue, Concern.self) }.joined(separator: ", "),
                say.word(details.age, AgeBand.self), say.time(details.openedAt),
            ])
        }
        context.output.write(table)
    },
    Command(
        "case note", summary: "Add a note to a case.",
        details:
            "The text is what follows the number; or standard input, also as -. Notes are never changed afterwards.",
        options: [
            .word("kind", NoteKind.self, "What it is; a note otherwise.", only: [.note, .summary, .nextStep]),
            .notPersonalData, .by,
        ], arguments: [.number, .variadic("TEXT", "The note.", required: false)],
        example: "lugn case note \"482 915-3\" Talked for an hour, will ring back on Friday."
    ) { context in
        let workplace = try Workplace(context)
        let reference = try context.reference()
        try workplace.casework.addNote(
            reference, GivenTexts.argument(context), kind: context.choice("kind") ?? .note, by: context.author())
        context.confirm("saved")
        if try workplace.casework.show(reference).status == CaseStatus.closed.rawValue {
            context.output.note(context.words("warn.closedCase"))
        }
    },
    Command(
        "case edit", summary: "Change what is recorded of a case.",
        details: "Only what is given is changed. The channel is that of the opening contact.",
        options: caseOptions + [
            .word("channel", Channel.self, "How the opening contact came about.").short("k"),
            .list(
                "clear", "WHAT", choices: CaseFields.Clearable.allCases.map(\.rawValue), "Set back to not recorded."),
            .by,
        ], arguments: [.number],
        example: "lugn case edit \"482 915-3\" --age 22-25\nlugn case edit \"482 915-3\" --clear caller"
    ) { context in
        let workplace = try Workplace(context)
        var changes = try fields(context, workplace)
        changes.cleared = Set(try context.list("clear").map { try CaseFields.Clearable(word: $0) })
        let reference = try context.reference()
        try workplace.casework.edit(
            reference, changes, channel: context.value("channel").map { try Channel(word: $0) }, by: context.author())
        context.confirm("saved")
        try tellAgreed(changes, reference, workplace, context)
    },
]

/// What follows from the answer to the offer of research.
private func tellAgreed(
    _ fields: CaseFields, _ reference: CaseReference, _ workplace: Workplace, _ context: CommandContext
) throws {
    guard let answer = fields.research, answer.offer != .no else { return }
    let kind: FollowUpKind = answer.offer == .weCall ? .call : .ringBack
    let followUps = try workplace.casework.show(reference).followUps
    guard let day = followUps.last(where: { $0.isPlanned && $0.kind == kind.rawValue })?.due else { return }
    let say = try context.say(workplace)
    context.output.note(say(kind == .call ? "research.callOn" : "research.ringsBackOn", ["day": say.fullDay(day)]))
    try context.warnIfClosed(day, workplace)
}

private func fields(_ context: CommandContext, _ workplace: Workplace) throws -> CaseFields {
    let on = try context.day("research-on", workplace)
    let offer = try context.choice("research", ResearchOffer.self)
    guard offer != nil || on == nil else {
        throw CommandFailure.wrongUsage("--research-on goes with --research", action: "See lugn case new --help")
    }
    let concerns = try context.list("concern").map { try Concern(word: $0) }
    return CaseFields(
        caller: try context.choice("caller"),
        concerns: concerns.isEmpty ? nil : Set(concerns),
        age: try context.choice("age"), language: try context.value("language").map { try LanguageTag($0) },
        childMadeContact: context.value("child").map { $0 == "yes" }, heardOf: try context.choice("heard-of"),
        research: offer.map { ResearchAnswer($0, on: on) })
}

private func filter(_ context: CommandContext, _ workplace: Workplace) throws -> CaseFilter {
    var filter = CaseFilter(status: try context.choice("status"), limit: context.integer("limit") ?? 100)
    filter.caller = try context.choice("caller")
    filter.concerns = Set(try context.list("concern").map { try Concern(word: $0) })
    filter.age = try context.choice("age")
    filter.concernsChild = context.value("child").map { $0 == "yes" }
    filter.heardOf = try context.choice("heard-of")
    filter.researchOffer = try context.choice("research")
    filter.isReviewed = context.value("reviewed").map { $0 == "yes" }
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
