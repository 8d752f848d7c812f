import Casework
import Commands
import JSON
import Merge

/// Values that were written without having seen each other, and how people decide.
let conflictCommands: [Command] = [
    Command(
        "conflicts list", summary: "List what two desks wrote without having seen each other.", isDefault: true,
        example: "lugn conflicts"
    ) { context in
        let workplace = try Workplace(context)
        let conflicts = try workplace.casework.conflicts()
        if context.flag("json") { return context.output.write(.array(conflicts.map(conflictJSON))) }
        for conflict in conflicts { text(conflict).forEach { context.output.print($0) } }
        for reference in try workplace.casework.duplicates() {
            context.output.print("Two cases share this number: \(reference)")
        }
        if conflicts.isEmpty { context.output.note("Nothing to decide.") }
    },
    Command(
        "conflicts show", summary: "Show one of them.", arguments: [.required("ID", "As the list shows it.")],
        example: "lugn conflicts show ID"
    ) { context in
        let workplace = try Workplace(context)
        let id = try context.require("ID")
        guard let conflict = try workplace.casework.conflicts().first(where: { $0.id == id }) else {
            throw CommandFailure(
                "there is no such conflict", safe: "Nothing was changed", action: "Look at the list: lugn conflicts")
        }
        if context.flag("json") { return context.output.write(conflictJSON(conflict)) }
        text(conflict).forEach { context.output.print($0) }
    },
    Command(
        "conflicts keep", summary: "Decide for the value that is shown, at every desk.",
        arguments: [.required("ID", "As the list shows it.")], example: "lugn conflicts keep ID"
    ) { context in
        try Workplace(context).casework.settle(context.require("ID"), takeOther: false)
        context.output.note("Settled.")
    },
    Command(
        "conflicts take", summary: "Decide for the other value, at every desk.",
        arguments: [.required("ID", "As the list shows it.")], example: "lugn conflicts take ID"
    ) { context in
        try Workplace(context).casework.settle(context.require("ID"), takeOther: true)
        context.output.note("Settled.")
    },
]

func conflictJSON(_ conflict: CaseConflict) -> JSONValue {
    [
        "id": .string(conflict.id), "number": numberJSON(conflict.reference),
        "collection": .string(conflict.collection), "field": .string(conflict.field), "kept": .string(conflict.kept),
        "other": .string(conflict.other),
        "keptBy": .string(conflict.keptBy.description), "otherBy": .string(conflict.otherBy.description),
    ]
}

private func text(_ conflict: CaseConflict) -> [String] {
    [
        "\(place(conflict)) \(conflict.field): shown \(conflict.kept), also \(conflict.other)",
        "  lugn conflicts keep \(conflict.id)", "  lugn conflicts take \(conflict.id)",
    ]
}

/// The case, or what of the line it is.
private func place(_ conflict: CaseConflict) -> String {
    let ofLine = ["directory", "settings", "opening_hours"].contains(conflict.collection)
    return ofLine ? conflict.collection : numberText(conflict.reference)
}
