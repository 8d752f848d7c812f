import Casework
import Commands
import JSON
import Replica

/// Agreements to speak again.
let followUpCommands: [Command] = [
    Command(
        "followup add",
        options: [
            .day("on").short("d"),
            .flag("ring-back"),
            .by,
        ], arguments: [.number],
        example: "lugn followup add \"482 915-3\"\nlugn followup add \"482 915-3\" --ring-back --on fri"
    ) { context in
        let workplace = try Workplace(context)
        let isRingBack = context.flag("ring-back")
        let day = try workplace.casework.addFollowUp(
            context.reference(), isRingBack ? .ringBack : .call, on: context.day("on", workplace),
            by: context.author())
        if context.flag("json") {
            context.output.write(["due": dayJSON(day)])
        } else {
            context.output.print(day.description)
        }
        context.output.note(context.words(isRingBack ? "followUp.ringsBackOn" : "followUp.callOn"))
        try context.warnIfClosed(day, workplace)
        // Somebody may have agreed on one before.
        let planned = try workplace.casework.show(context.reference()).followUps.filter(\.isPlanned)
        if planned.count > 1 {
            context.output.note(context.words("followUp.several", ["count": String(planned.count)]))
        }
    },
    Command(
        "followup attempt",
        options: [
            .word("result", AttemptResult.self, required: true),
            .flag("anyway"),
            .language,
        ] + contactOptions + [.notPersonalData, .by],
        arguments: [.number, .item],
        example: """
            lugn followup attempt "482 915-3" --result noAnswer
            lugn followup attempt "482 915-3" --result reached --minutes 15 --summary "They have met the school."
            """
    ) { context in
        let workplace = try Workplace(context)
        let fields = try followUpContact(context)
        if context.value("result") == AttemptResult.reached.rawValue {
            try workplace.casework.addAnsweredAttempt(context.reference(), context.item(), fields, by: context.author())
            return context.confirm("followUp.reachedDone")
        }
        let reference = try context.reference()
        let followUp = try workplace.casework.addUnansweredAttempt(
            reference, context.item(), anyway: context.flag("anyway"), by: context.author())
        if context.flag("json") { context.output.write(followUpJSON(followUp)) }
        for line in sentences(followUp, reference, try context.say(workplace)) { context.output.note(line) }
    },
    Command(
        "followup take-back", options: [.by], arguments: [.number, .item],
        example: "lugn followup take-back \"482 915-3\""
    ) { context in
        let workplace = try Workplace(context)
        let followUp = try workplace.casework.takeBackAttempt(
            context.reference(), context.item(), by: context.author())
        if context.flag("json") { context.output.write(followUpJSON(followUp)) }
        let say = try context.say(workplace)
        let next = followUp.next.map { stepText($0, say) } ?? say.word(followUp.status, FollowUpStatus.self)
        context.output.note(say("followUp.takenBack", ["next": next]))
    },
    Command(
        "followup move", options: [.day("on", required: true).short("d"), .by],
        arguments: [.number, .item], example: "lugn followup move \"482 915-3\" --on 2017-03-27"
    ) { context in
        let workplace = try Workplace(context)
        let day = try context.requiredDay("on", workplace)
        try workplace.casework.moveFollowUp(context.reference(), context.item(), to: day, by: context.author())
        context.confirm("followUp.moved", ["day": day.description])
        try context.warnIfClosed(day, workplace)
    },
    Command(
        "followup cancel", options: [.by],
        arguments: [.number, .item], example: "lugn followup cancel \"482 915-3\""
    ) { context in
        let workplace = try Workplace(context)
        try workplace.casework.cancelFollowUp(context.reference(), context.item(), by: context.author())
        context.confirm("followUp.cancelledDone")
    },
    Command(
        "followup list", example: "lugn followup list"
    ) { context in
        let workplace = try Workplace(context)
        let followUps = try workplace.casework.plannedFollowUps()
        if context.flag("json") {
            return context.output.write(.array(followUps.map { followUpJSON($0, withCase: true) }))
        }
        let say = try context.say(workplace)
        var table = say.table("due", "case", "id", "kind", "next")
        for followUp in followUps {
            table.addRow([
                say.day(followUp.due), numberText(followUp.reference, say), ItemReference(followUp.id).description,
                say.word(followUp.kind, FollowUpKind.self), followUp.next.map { stepText($0, say) } ?? "-",
            ])
        }
        table.write(to: context, isEmpty: followUps.isEmpty, "followUp.none")
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
        throw CommandFailure(.wrongUsage, key: "failure.notReached")
    }
    return fields
}

private func sentences(_ followUp: FollowUpDetails, _ reference: CaseReference, _ say: Say) -> [String] {
    switch followUp.next {
    case .call(let number, let count, let day, let isExtra):
        [
            say(
                isExtra ? "followUp.noAnswerExtra" : "followUp.noAnswer",
                ["number": String(number), "count": String(count), "day": day.description])
        ]
    case .proposeClosing:
        [
            say(
                "followUp.noAnswerLast",
                ["count": String(followUp.attempts.count), "number": reference.description]),
            say("followUp.thenSlip"),
        ]
    case .awaitRingBack, nil: [say("saved")]
    }
}

func stepText(_ step: FollowUpStep, _ say: Say) -> String {
    switch step {
    case .call(let number, let count, let day, let isExtra):
        say(
            isExtra ? "step.callExtra" : "step.call",
            ["number": String(number), "count": String(count), "day": day.description])
    case .awaitRingBack(let day, let closing):
        say("step.ringBack", ["day": day.description, "closing": closing.description])
    case .proposeClosing: say("step.close")
    }
}

func followUpJSON(_ followUp: FollowUpDetails, withCase: Bool = false) -> JSONValue {
    var members: [JSONMember] = withCase ? [JSONMember("number", numberJSON(followUp.reference))] : []
    let attempts = followUp.attempts.map { attempt -> JSONValue in
        [
            "id": idJSON(attempt.id), "result": .string(attempt.result), "at": timeJSON(attempt.at),
            "by": .string(attempt.by),
        ]
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
