import Casework
import Commands
import JSON
import Replica

/// What the monthly internal report tells beside calls and cases.
let activityCommands: [Command] = [
    Command(
        "activity add", summary: "Record a meeting, a lesson learned, or an organisation contacted.",
        options: [
            .choice("kind", ActivityKind.allCases.map(\.rawValue), "What it was.", required: true),
            .day("on", "When; today otherwise."), .value("organisation", "NAME", "With whom."), .notPersonalData, .by,
        ], arguments: [.variadic("TEXT", "What of it.", required: false)],
        example: "lugn activity add --kind meeting --organisation Länsstyrelsen Went through the spring."
    ) { context in
        let workplace = try Workplace(context)
        guard let kind: ActivityKind = try context.choice("kind") else { return }
        let texts = try GivenTexts(
            context, ["organisation": context.value("organisation"), "text": context.text("TEXT")])
        let id = try workplace.casework.addActivity(
            kind, on: context.day("on", workplace), organisation: texts["organisation"], text: texts["text"],
            by: context.author())
        context.writeID(id, "Saved.")
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
        var table = Table("ON", "KIND", "ID", "BY", "ORGANISATION", "TEXT")
        for activity in activities {
            table.addRow([
                activity.on?.description ?? "-", activity.kind, ItemReference(activity.id).description, activity.by,
                activity.organisation ?? "-", activity.text ?? "-",
            ])
        }
        table.write(to: context, isEmpty: activities.isEmpty, "Nothing was recorded.")
    },
    Command(
        "activity erase", summary: "Erase what ought not to have been written, at every desk.",
        arguments: [.required("ID", "As \"activity list\" shows it.")], example: "lugn activity erase 9f3c01ab"
    ) { context in
        try Workplace(context).casework.eraseActivity(context.requiredItem())
        context.confirm("Erased.")
    },
]

private func json(_ activity: Activity) -> JSONValue {
    [
        "id": idJSON(activity.id), "kind": .string(activity.kind), "on": dayJSON(activity.on),
        "organisation": textJSON(activity.organisation), "text": textJSON(activity.text), "by": .string(activity.by),
    ]
}
