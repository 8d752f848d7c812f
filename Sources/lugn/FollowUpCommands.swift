import Casework
import Commands
import JSON
import Replica

/// Agreements to speak again.
let followUpCommands: [Command] = [
    Command(
        "followup add", summary: "Record the agreement to speak again, and get the day.",
        details: """
            Without --on it is the first working day, one to two weeks ahead, on which the line is open. The number to \
            call is on a slip of paper, never here. With --ring-back it is the caller who rings, on that day.
            """,
        options: [
            .day("on", "The agreed day."), .flag("ring-back", "The caller, who wants to stay anonymous, rings back."),
            .by,
        ], arguments: [.number],
        example: "lugn followup add \"482 915-3\"\nlugn followup add \"482 915-3\" --ring-back --on fri"
    ) { context in
        let workplace = try Workplace(context)
        let isRingBack = context.flag("ring-back")
        let day = try workplace.casework.addFollowUp(
            context.reference(), isRingBack ? .ringBack : .call, on: context.day("on", workplace),
            by: context.author())
        if context.flag("json") { return context.output.write(["due": dayJSON(day)]) }
        context.output.print(day.description)
        context.output.note(isRingBack ? "The caller rings back on that day." : "To be called on that day.")
    },
    Command(
        "followup attempt", summary: "Record that the helpline has called: with no answer, or with one.",
        details: """
            Attempts without an answer are at least one working day apart, and there are three, four for a child. When \
            the caller is reached, what else is given is recorded of the contact, and the follow-up has ended.
            """,
        options: [
            .choice("result", AttemptResult.allCases.map(\.rawValue), "Whether the caller answered.", required: true),
            .flag("anyway", "Also record a call that was made too early, or after the last one."),
            .value("language", "CODE", "The language of the conversation, such as sv or ar."),
        ] + contactOptions + [.notPersonalData, .by],
        arguments: [.number, .item("follow-up")],
        example: """
            lugn followup attempt "482 915-3" --result noAnswer
            lugn followup attempt "482 915-3" --result reached --minutes 15 --summary "They have met the school."
            """
    ) { context in
        let workplace = try Workplace(context)
        let fields = try followUpContact(context)
        if context.value("result") == AttemptResult.reached.rawValue {
            try workplace.casework.addAnsweredAttempt(context.reference(), context.item(), fields, by: context.author())
            return context.confirm("Saved: the caller was reached.")
        }
        let reference = try context.reference()
        let followUp = try workplace.casework.addUnansweredAttempt(
            reference, context.item(), anyway: context.flag("anyway"), by: context.author())
        if context.flag("json") { context.output.write(followUpJSON(followUp)) }
        for line in sentences(followUp, reference) { context.output.note(line) }
    },
    Command(
        "followup move", summary: "Move the agreed day.", options: [.day("on", "The new day.", required: true), .by],
        arguments: [.number, .item("follow-up")], example: "lugn followup move \"482 915-3\" --on 2017-03-27"
    ) { context in
        let workplace = try Workplace(context)
        let day = try context.requiredDay("on", workplace)
        try workplace.casework.moveFollowUp(context.reference(), context.item(), to: day, by: context.author())
        context.confirm("Moved to \(day).")
    },
    Command(
        "followup cancel", summary: "Give an agreement to speak again up.", options: [.by],
        arguments: [.number, .item("follow-up")], example: "lugn followup cancel \"482 915-3\""
    ) { context in
        let workplace = try Workplace(context)
        try workplace.casework.cancelFollowUp(context.reference(), context.item(), by: context.author())
        context.confirm("Cancelled.")
    },
    Command(
        "followup list", summary: "List who is to be called or rings back, the most urgent first.",
        example: "lugn followup list"
    ) { context in
        let followUps = try Workplace(context).casework.plannedFollowUps()
        if context.flag("json") {
            return context.output.write(.array(followUps.map { followUpJSON($0, withCase: true) }))
        }
        var table = Table("DUE", "CASE", "ID", "KIND", "NEXT")
        for followUp in followUps {
            table.addRow([
                followUp.due?.description ?? "-", numberText(followUp.reference),
                ItemReference(followUp.id).description, followUp.kind, followUp.next.map(stepText) ?? "-",
            ])
        }
        table.write(to: context, isEmpty: followUps.isEmpty, "No follow-ups are planned.")
    },
]

private func followUpContact(_ context: CommandContext) throws -> ContactFields {
    let texts = try GivenTexts(context, ["summary": context.value("summary"), "next-step": context.value("next-step")])
    let fields = ContactFields(
        language: try context.value("language").map { try LanguageTag($0) },
        interpreting: try context.choice("interpreting"), request: try context.choice("request"),
        minutes: context.integer("minutes"), at: try context.moment("at"),
        summary: texts["summary"], nextStep: texts["next-step"])
    guard context.value("result") == AttemptResult.reached.rawValue || fields.isEmpty else {
        throw CommandFailure.wrongUsage(
            "only a caller who was reached has a contact to say something of",
            action: "See lugn followup attempt --help")
    }
    return fields
}

private func sentences(_ followUp: FollowUpDetails, _ reference: CaseReference) -> [String] {
    switch followUp.next {
    case .call(let number, let count, let day, let isExtra):
        [
            "Saved: no answer. Attempt \(number) of \(count) is on \(day) or later\(isExtra ? ", one more for a child" : "")."
        ]
    case .proposeClosing:
        [
            "Saved: no answer, \(followUp.attempts.count) times now. Proposed: lugn case close \"\(reference)\" --reason unreachable",
            "Then shred the slip of paper with the caller's number.",
        ]
    case .awaitRingBack, nil: ["Saved: no answer."]
    }
}

func stepText(_ step: FollowUpStep) -> String {
    switch step {
    case .call(let number, let count, let day, let isExtra):
        "attempt \(number) of \(count) from \(day)\(isExtra ? ", one more for a child" : "")"
    case .awaitRingBack(let day, let closing): "rings back on \(day); closing is proposed on \(closing)"
    case .proposeClosing: "nobody answered: close the case, shred the slip"
    }
}

func followUpJSON(_ followUp: FollowUpDetails, withCase: Bool = false) -> JSONValue {
    var members: [JSONMember] = withCase ? [JSONMember("number", numberJSON(followUp.reference))] : []
    let attempts = followUp.attempts.map { attempt -> JSONValue in
        ["result": .string(attempt.result), "at": timeJSON(attempt.at), "by": .string(attempt.by)]
    }
    members += [
        JSONMember("id", idJSON(followUp.id)), JSONMember("kind", .string(followUp.kind)),
        JSONMember("due", dayJSON(followUp.due)), JSONMember("status", .string(followUp.status)),
        JSONMember("attempts", .array(attempts)), JSONMember("next", followUp.next.map(stepJSON) ?? nil),
        JSONMember("endedAt", timeJSON(followUp.endedAt)), JSONMember("endedBy", textJSON(followUp.endedBy)),
        JSONMember("at", timeJSON(followUp.at)), JSONMember("by", .string(followUp.by)),
    ]
    return .object(members)
}

private func stepJSON(_ step: FollowUpStep) -> JSONValue {
    switch step {
    case .call(let number, let count, let day, let isExtra):
        [
            "step": "call", "attempt": JSONValue(number), "of": JSONValue(count), "from": dayJSON(day),
            "extraForChild": .bool(isExtra),
        ]
    case .awaitRingBack(let day, let closing):
        ["step": "ringBack", "on": dayJSON(day), "closingFrom": dayJSON(closing)]
    case .proposeClosing: ["step": "proposeClosing"]
    }
}
