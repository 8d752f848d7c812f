import Casework
import Commands
import JSON
import Replica

/// What was promised to callers.
let promiseCommands: [Command] = [
    Command(
        "promise add", options: [.day("due", required: true).short("d"), .notPersonalData, .by],
        arguments: [.number, .variadic("TEXT", required: false)],
        example: "lugn promise add \"482 915-3\" --due fri Find out who helps in the municipality."
    ) { context in
        let workplace = try Workplace(context)
        let due = try context.requiredDay("due", workplace)
        let id = try workplace.casework.addPromise(
            context.reference(), GivenTexts.argument(context), due: due, by: context.author())
        context.writeID(id, "promise.by", ["day": due.description])
        try context.warnIfClosed(due, workplace)
    },
    Command(
        "promise keep", options: [.day("on").short("d"), .by], arguments: [.number, .item],
        example: "lugn promise keep \"482 915-3\""
    ) { context in
        let workplace = try Workplace(context)
        try workplace.casework.keepPromise(
            context.reference(), context.item(), on: context.day("on", workplace), by: context.author())
        context.confirm("promise.keptDone")
    },
    Command(
        "promise drop", options: [.by],
        arguments: [.number, .item], example: "lugn promise drop \"482 915-3\""
    ) { context in
        let workplace = try Workplace(context)
        try workplace.casework.dropPromise(context.reference(), context.item(), by: context.author())
        context.confirm("promise.droppedDone")
    },
    Command(
        "promise move", options: [.day("due", required: true).short("d"), .by], arguments: [.number, .item],
        example: "lugn promise move \"482 915-3\" --due +7"
    ) { context in
        let workplace = try Workplace(context)
        let due = try context.requiredDay("due", workplace)
        try workplace.casework.movePromise(context.reference(), context.item(), to: due, by: context.author())
        context.confirm("promise.by", ["day": due.description])
        try context.warnIfClosed(due, workplace)
    },
    Command(
        "promise list", example: "lugn promise list"
    ) { context in
        let workplace = try Workplace(context)
        let promises = try workplace.casework.openPromises()
        if context.flag("json") {
            return context.output.write(.array(promises.map { promiseJSON($0, withCase: true) }))
        }
        let say = try context.say(workplace)
        var table = say.table("due", "case", "id", "by", "promise")
        for promise in promises {
            table.addRow([
                say.day(promise.due), numberText(promise.reference, say), ItemReference(promise.id).description,
                promise.by, promise.text ?? say("case.textShredded"),
            ])
        }
        table.write(to: context, isEmpty: promises.isEmpty, "promise.none")
    },
]

func promiseJSON(_ promise: PromiseDetails, withCase: Bool = false) -> JSONValue {
    var members: [JSONMember] = withCase ? [JSONMember("number", numberJSON(promise.reference))] : []
    members += [
        JSONMember("id", idJSON(promise.id)), JSONMember("text", textJSON(promise.text)),
        JSONMember("due", dayJSON(promise.due)), JSONMember("status", .string(promise.status)),
        JSONMember("keptOn", dayJSON(promise.keptOn)), JSONMember("keptBy", textJSON(promise.keptBy)),
        JSONMember("at", timeJSON(promise.at)), JSONMember("by", .string(promise.by)),
    ]
    return .object(members)
}
