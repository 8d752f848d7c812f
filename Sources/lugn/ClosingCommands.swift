import Casework
import Commands
import JSON
import Replica

/// Closing, reopening, and what is recorded once.
let closingCommands: [Command] = [
    Command(
        "case close", options: [.word("reason", ClosingReason.self), .by],
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
        "case reopen", options: [.by],
        arguments: [.number], example: "lugn case reopen \"482 915-3\""
    ) { context in
        let workplace = try Workplace(context)
        try workplace.casework.reopen(context.reference(), by: context.author())
        context.confirm("case.openAgain")
    },
    Command(
        "case concern-report", options: [.day("on").short("d"), .by],
        arguments: [.number], example: "lugn case concern-report \"482 915-3\" --on 2017-03-14"
    ) { context in
        try add(.concernReport, context)
    },
    Command(
        "case assess", options: [.day("on").short("d"), .by], arguments: [.number],
        example: "lugn case assess \"482 915-3\""
    ) { context in
        try add(.assessment, context)
    },
    Command(
        "case review", options: [.day("on").short("d"), .by], arguments: [.number],
        example: "lugn case review \"482 915-3\" --by L1"
    ) { context in
        try add(.review, context)
    },
    Command(
        "case take-back", arguments: [.number, .required("ID")],
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
