import Casework
import Commands
import JSON
import Replica

/// What the monthly internal report tells beside calls and cases.
let activityCommands: [Command] = [
    Command(
        "activity add", summary: "Record a meeting, a visit, a lecture, a lesson learned, an organisation contacted …",
        options: [
            .word("kind", ActivityKind.self, "What it was.", required: true),
            .day("on", "When; today otherwise.").short("d"), .value("organisation", "NAME", "With whom."),
            .value("place", "PLACE", "Where."), .notPersonalData, .by,
        ], arguments: [.variadic("TEXT", "What of it.", required: false)],
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
        "activity list", summary: "List what was recorded for the internal report.",
        options: [.day("from", "From this day on."), .day("to", "Up to this day.")],
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
        "activity erase", summary: "Erase what ought not to have been written, at every desk.",
        arguments: [.required("ID", "As \"activity list\" shows it.")], example: "lugn activity erase 9f3c01ab"
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
