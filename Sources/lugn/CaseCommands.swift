import Casework
import Commands
import JSON
import Merge
import Replica
import Support

private let channelOption = Option.word("channel", Channel.self).short(
    "k")

private let caseOptions: [Option] = [
    .word("caller", Caller.self).short("c"),
    .words("concern", "CONCERN", Concern.self).short("o"),
    .word("age", AgeBand.self).short("a"),
    .yesOrNo("child"), .language,
    .word("heard-of", HeardOf.self),
    .word("research", ResearchOffer.self),
    .day("research-on"),
]

/// Opening, reading and writing cases.
let caseCommands: [Command] = [
    Command(
        "case new",
        options: caseOptions + [channelOption] + contactOptions + [
            .value("note", "TEXT").short("n"), .notPersonalData, .by,
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
    Command("case show", arguments: [.number], example: "lugn case show \"482 915-3\"") {
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
        "case list",
        options: [
            .word("status", CaseStatus.self), .word("caller", Caller.self),
            .words("concern", "CONCERN", Concern.self),
            .word("age", AgeBand.self), .yesOrNo("child"),
            .yesOrNo("reviewed"),
            .word("heard-of", HeardOf.self), .word("research", ResearchOffer.self),
            .day("from"), .day("to"),
            .integer("limit", "N", in: 1...1_000_000),
        ], arguments: [.optional("NUMBER", joins: Argument.areOneNumber)],
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
        "case note",
        options: [
            .word("kind", NoteKind.self, only: [.note, .summary, .nextStep]),
            .notPersonalData, .by,
        ], arguments: [.number, .variadic("TEXT", required: false)],
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
        "case edit",
        options: caseOptions + [
            .word("channel", Channel.self).short("k"),
            .list(
                "clear", "WHAT", choices: CaseFields.Clearable.allCases.map(\.rawValue)),
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
        throw CommandFailure(.wrongUsage, key: "failure.researchOn")
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
            throw CommandFailure(.wrongUsage, key: "failure.noNumber")
        }
        return digits
    }
    return filter
}
