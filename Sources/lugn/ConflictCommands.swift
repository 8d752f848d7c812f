import Casework
import Commands
import JSON
import Merge
import Replica

private let numberArgument = Argument.required("N")

/// Values that were written without having seen each other, and how people decide.
let conflictCommands: [Command] = [
    Command(
        "conflicts list",
        isDefault: true, example: "lugn conflicts"
    ) { context in
        let workplace = try Workplace(context)
        let say = try context.say(workplace, telling: true)
        let conflicts = try workplace.casework.conflicts()
        let numbers = try ListedConflicts(workplace).remember(conflicts.map(\.id))
        if context.flag("json") { return context.output.write(.array(conflicts.map(conflictJSON))) }
        for conflict in conflicts {
            context.output.print(
                "\(numbers[conflict.id] ?? 0). \(place(conflict, say)): \(conflictText(conflict, say))")
        }
        for reference in try workplace.casework.duplicates() {
            context.output.print(say("conflicts.sameNumber", ["number": reference.description]))
        }
        context.output.note(say(conflicts.isEmpty ? "conflicts.none" : "conflicts.how"))
    },
    Command(
        "conflicts show", arguments: [numberArgument], example: "lugn conflicts show 1"
    ) { context in
        let workplace = try Workplace(context)
        let conflict = try find(context, workplace)
        if context.flag("json") { return context.output.write(conflictJSON(conflict)) }
        let say = try context.say(workplace, telling: true)
        context.output.print("\(place(conflict, say)): \(conflictText(conflict, say))")
    },
    Command(
        "conflicts keep", arguments: [numberArgument],
        example: "lugn conflicts keep 1"
    ) { context in try settle(context, takeOther: false) },
    Command(
        "conflicts take", arguments: [numberArgument],
        example: "lugn conflicts take 1"
    ) { context in try settle(context, takeOther: true) },
]

private func find(_ context: CommandContext, _ workplace: Workplace) throws -> CaseConflict {
    let id = try ListedConflicts(workplace).id(context.require("N"))
    guard let conflict = try workplace.casework.conflicts().first(where: { $0.id == id }) else {
        throw CommandFailure(.failed, key: "failure.noConflict")
    }
    return conflict
}

private func settle(_ context: CommandContext, takeOther: Bool) throws {
    let workplace = try Workplace(context)
    let conflict = try find(context, workplace)
    let say = try context.say(workplace, telling: true)
    try workplace.casework.settle(conflict.id, takeOther: takeOther)
    context.confirm(
        "conflicts.settled",
        [
            "place": place(conflict, say), "field": say.words.label("field", conflict.field),
            "value": valueText(takeOther ? conflict.other : conflict.kept, conflict, say),
        ])
}

func conflictJSON(_ conflict: CaseConflict) -> JSONValue {
    [
        "id": .string(conflict.id), "number": numberJSON(conflict.reference),
        "collection": .string(conflict.collection), "field": .string(conflict.field), "kept": .string(conflict.kept),
        "other": .string(conflict.other),
        "keptBy": .string(conflict.keptBy.description), "otherBy": .string(conflict.otherBy.description),
        "keptByName": textJSON(conflict.keptByName), "otherByName": textJSON(conflict.otherByName),
        "keptAt": timeJSON(conflict.keptAt), "otherAt": timeJSON(conflict.otherAt),
    ]
}

/// `age: 18–21 (this desk, 2017-03-15 10:02) or over 25 (Desk 2, 2017-03-15 10:05)`.
func conflictText(_ conflict: CaseConflict, _ say: Say) -> String {
    say(
        "conflicts.text",
        [
            "field": say.words.label("field", conflict.field), "kept": valueText(conflict.kept, conflict, say),
            "keptBy": deskText(conflict.keptBy, conflict.keptByName, say), "keptAt": say.time(conflict.keptAt),
            "other": valueText(conflict.other, conflict, say),
            "otherBy": deskText(conflict.otherBy, conflict.otherByName, say),
            "otherAt": say.time(conflict.otherAt),
        ])
}

private func deskText(_ desk: DeskTag, _ name: String?, _ say: Say) -> String {
    if desk == say.here { return say("conflicts.thisDesk") }
    return name ?? say("conflicts.desk", ["id": desk.description])
}

private func valueText(_ text: String, _ conflict: CaseConflict, _ say: Say) -> String {
    if text.isEmpty { return say("notRecorded") }
    if text == "yes" || text == "no" { return say(text) }
    return topic(conflict).map { say.words.label($0, text) } ?? text
}

/// Under which the words of a field with choices stand.
private func topic(_ conflict: CaseConflict) -> String? {
    switch (conflict.collection, conflict.field) {
    case ("cases", "status"): CaseStatus.wordsTopic
    case ("cases", "caller"): Caller.wordsTopic
    case ("cases", "age"): AgeBand.wordsTopic
    case ("cases", "closing_reason"): ClosingReason.wordsTopic
    case ("cases", "heard_of"): HeardOf.wordsTopic
    case ("cases", "research_offer"): ResearchOffer.wordsTopic
    case (_, "language"): "language"
    case ("contacts", "kind"): ContactKind.wordsTopic
    case ("contacts", "channel"): Channel.wordsTopic
    case ("contacts", "request"): Request.wordsTopic
    case ("contacts", "interpreting"): Interpreting.wordsTopic
    case ("measures", "status"): MeasureStatus.wordsTopic
    case ("referrals", "way"): ReferralWay.wordsTopic
    case ("referrals", "outcome"): ReferralOutcome.wordsTopic
    case ("follow_ups", "kind"): FollowUpKind.wordsTopic
    case ("follow_ups", "status"): FollowUpStatus.wordsTopic
    case ("directory", "kind"): OrganisationKind.wordsTopic
    case ("directory", "source"): DirectorySource.wordsTopic
    default: nil
    }
}

/// The case, or what of the line it is.
private func place(_ conflict: CaseConflict, _ say: Say) -> String {
    let ofLine = ["directory", "settings", "opening_hours"].contains(conflict.collection)
    return ofLine ? say.words.label("collection", conflict.collection) : numberText(conflict.reference, say)
}
