import Casework
import Commands
import JSON
import Replica

/// What the monthly internal report tells beside calls and cases.
let activityCommands: [Command] = [
    Command(
        "activity add",
        options: [
            .word("kind", ActivityKind.self, required: true),
            .day("on").short("d"), .value("organisation", "NAME"),
            .value("place", "PLACE"), .notPersonalData, .by,
        ], arguments: [.variadic("TEXT", required: false)],
        example:
            "lugn activity add --kind studiebesök --organisation Länsstyrelsen --place Örebro Went through the spring."
    ) { context in
        let workplace = try Workplace(context)
        guard let kind: ActivityKind = try context.choice("kind") else { return }
        let texts = try GivenTexts(
            context,
            [
                "organisation": context.value("organisation"), "place": context.value("place"),
                "text": context.text("TEXT"),
            ])
        let id = try workplace.casework.addActivity(
            kind, on: context.day("on", workplace), organisation: texts["organisation"], place: texts["place"],
            text: texts["text"], by: context.author())
        context.writeID(id, "saved")
    },
    Command(
        "activity list", options: [.day("from"), .day("to")],
        example: "lugn activity list --from 2017-03-01 --to 2017-03-31"
    ) { context in
        let workplace = try Workplace(context)
        let activities = try workplace.casework.activities(
            from: context.day("from", workplace), through: context.day("to", workplace))
        if context.flag("json") { return context.output.write(.array(activities.map(json))) }
        let say = try context.say(workplace)
        var table = say.table("on", "kind", "id", "by", "organisation", "place", "text")
        for activity in activities {
            table.addRow([
                say.day(activity.on), say.word(activity.kind, ActivityKind.self),
                ItemReference(activity.id).description,
                activity.by, activity.organisation ?? "-", activity.place ?? "-", activity.text ?? "-",
            ])
        }
        table.write(to: context, isEmpty: activities.isEmpty, "activity.none")
    },
    Command(
        "activity erase", arguments: [.required("ID")], example: "lugn activity erase 9f3c01ab"
    ) { context in
        try Workplace(context).casework.eraseActivity(context.requiredItem())
        context.confirm("erased")
    },
]

private func json(_ activity: Activity) -> JSONValue {
    [
        "id": idJSON(activity.id), "kind": .string(activity.kind), "on": dayJSON(activity.on),
        "organisation": textJSON(activity.organisation), "place": textJSON(activity.place),
        "text": textJSON(activity.text), "by": .string(activity.by),
    ]
}
