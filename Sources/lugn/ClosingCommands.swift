import Casework
import Commands
import JSON
import Replica

/// Closing, reopening, and what is recorded once.
let closingCommands: [Command] = [
    Command(
        "case close", summary: "Close a case.",
        details: "What is open still is told: promises stay open, and planned follow-ups end with the case.",
        options: [.word("reason", ClosingReason.self, "Why; finished otherwise."), .by],
        arguments: [.number], example: "lugn case close \"482 915-3\" --reason finished"
    ) { context in
        let workplace = try Workplace(context)
        let result = try workplace.casework.close(
            context.reference(), context.choice("reason") ?? .finished, by: context.author())
        if context.flag("json") {
            context.output.write([
                "openPromises": .array(result.openPromises.map { promiseJSON($0) }),
                "endedFollowUps": .array(result.endedFollowUps.map { followUpJSON($0) }),
            ])
        }
        tell(result, try context.say(workplace), context)
    },
    Command(
        "case reopen", summary: "Open a closed case again; it keeps its number.", options: [.by],
        arguments: [.number], example: "lugn case reopen \"482 915-3\""
    ) { context in
        let workplace = try Workplace(context)
        try workplace.casework.reopen(context.reference(), by: context.author())
        context.confirm("case.openAgain")
    },
    Command(
        "case concern-report", summary: "Record that a report of concern was made to social services, and when.",
        details: """
            A report of concern (orosanmälan) is made when there is reason to suspect that a child is being harmed, or may be. \
            Who works with children at a municipality or authority must make one (socialtjänstlagen); anybody may. Nothing \
            of it is recorded but that it was made, and when.
            """, options: [.day("on", "When; today otherwise.").short("d"), .by],
        arguments: [.number], example: "lugn case concern-report \"482 915-3\" --on 2017-03-14"
    ) { context in
        try add(.concernReport, context)
    },
    Command(
        "case assess", summary: "Record that somebody has assessed what the child of a case needs, and when.",
        details: """
            A case that concerns a child is assessed with care: is it safe, who cares for it, what does it need from others, \
            is a report of concern to be made? Only that it was done is recorded; the list of today asks for it until then.
            """, options: [.day("on", "When; today otherwise.").short("d"), .by], arguments: [.number],
        example: "lugn case assess \"482 915-3\""
    ) { context in
        try add(.assessment, context)
    },
    Command(
        "case review", summary: "Record that a lead has reviewed a case for its quality.",
        details: "No text is needed. What has not been reviewed: lugn case list --status closed --reviewed no",
        options: [.day("on", "When; today otherwise.").short("d"), .by], arguments: [.number],
        example: "lugn case review \"482 915-3\" --by L1"
    ) { context in
        try add(.review, context)
    },
    Command(
        "case take-back", summary: "Take back a report of concern, assessment or review that was recorded by mistake.",
        arguments: [.number, .required("ID", "Which, as \"case show\" shows it.")],
        example: "lugn case take-back \"482 915-3\" 9f3c01ab"
    ) { context in
        try Workplace(context).casework.takeBackMeasure(context.reference(), context.requiredItem())
        context.confirm("takenBack")
    },
]

private func add(_ kind: MeasureKind, _ context: CommandContext) throws {
    let workplace = try Workplace(context)
    let id = try workplace.casework.addMeasure(
        context.reference(), kind, on: context.day("on", workplace), by: context.author())
    context.writeID(id, "saved")
}

/// What is left of a case that was closed.
func tell(_ result: ClosingResult, _ say: Say, _ context: CommandContext) {
    context.output.note(say("closed.done"))
    for promise in result.openPromises {
        context.output.note(
            say("closed.promise", ["day": say.day(promise.due), "text": promise.text ?? say("case.textShredded")]))
    }
    for followUp in result.endedFollowUps {
        context.output.note(say("closed.followUp", ["day": say.day(followUp.due)]))
    }
    if result.lacksAssessment { context.output.note(say("closed.notAssessed")) }
    if result.remindsToShredSlip { context.output.note(say("closed.slip")) }
}
