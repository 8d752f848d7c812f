import Casework
import Commands
import JSON
import Replica

/// Closing, reopening, and what is recorded once.
let closingCommands: [Command] = [
    Command(
        "case close", summary: "Close a case.",
        details: "What is open still is told: promises stay open, and planned follow-ups end with the case.",
        options: [.choice("reason", ClosingReason.allCases.map(\.rawValue), "Why; finished otherwise."), .by],
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
        context.output.note("Closed.")
        for promise in result.openPromises {
            context.output.note(
                "Still promised by \(promise.due?.description ?? "no day"): \(promise.text ?? "(shredded)")")
        }
        for followUp in result.endedFollowUps {
            context.output.note("Ended with it: the follow-up on \(followUp.due?.description ?? "no day").")
        }
        if result.remindsToShredSlip {
            context.output.note("Shred the slip of paper with the caller's number.")
        }
    },
    Command(
        "case reopen", summary: "Open a closed case again; it keeps its number.", options: [.by],
        arguments: [.number], example: "lugn case reopen \"482 915-3\""
    ) { context in
        let workplace = try Workplace(context)
        try workplace.casework.reopen(context.reference(), by: context.author())
        context.confirm("Open again.")
    },
    Command(
        "case concern-report", summary: "Record that a report of concern was made to social services, and when.",
        details: "Nothing else of it is recorded.", options: [.day("on", "When; today otherwise."), .by],
        arguments: [.number], example: "lugn case concern-report \"482 915-3\" --on 2017-03-14"
    ) { context in
        let workplace = try Workplace(context)
        try workplace.casework.addMeasure(
            context.reference(), .concernReport, on: context.day("on", workplace), by: context.author())
        context.confirm("Saved.")
    },
]
