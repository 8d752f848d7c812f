import Casework
import Commands
import JSON
import Replica
import SyncClient

/// What somebody wrote or erased with a key of before, when they should not have been able to any more.
let lateCommands: [Command] = [
    Command("late", isDefault: true, example: "lugn late") { context in
        let workplace = try Workplace(context)
        let items = try workplace.casework.lateItems()
        if context.flag("json") { return context.output.write(.array(items.map(json))) }
        let say = try context.say(workplace)
        if items.isEmpty { return context.output.print(say("late.none")) }
        for item in items { text(item, say).forEach { context.output.print($0) } }
        context.output.note(say("late.how"))
    },
    Command("late keep", arguments: [.required("ID")], example: "lugn late keep 9f3c01ab") { context in
        let workplace = try Workplace(context)
        let item = try workplace.casework.lateItem(context.requiredItem())
        guard item.change.kind == .erasure else { throw CommandFailure(.refused, key: "failure.lateNotErased") }
        try await Lead(workplace.client()).keep(item.change.record)
        let count = try workplace.casework.restore(item)
        if context.flag("json") { return context.output.write(["records": JSONValue(count)]) }
        context.confirm("late.kept", ["count": String(count)])
    },
    Command(
        "late accept", options: [.flag("yes")], arguments: [.required("ID")],
        example: "lugn late accept 9f3c01ab --yes"
    ) { context in
        let workplace = try Workplace(context)
        let item = try workplace.casework.lateItem(context.requiredItem())
        if item.change.heldCount > 0, !context.flag("yes") {
            throw CommandFailure(.refused, key: "failure.confirmLate", ["count": "\(item.change.heldCount)"])
        }
        try workplace.casework.accept(item)
        context.confirm("late.accepted")
    },
]

private func text(_ item: LateItem, _ say: Say) -> [String] {
    let change = item.change
    let what = change.collection.map { say.words.label("collection", $0.name) } ?? say("unsent.unknown")
    let place = item.reference.map { say("unsent.case", ["number": $0.description]) } ?? ""
    let met = say.time(Timestamp(milliseconds: change.metAt))
    var lines = [say("late." + word(change.kind), ["id": item.id.description, "what": what + place, "time": met])]
    if let at = change.destroyedAt {
        lines.append(
            "    "
                + say("late.held", ["count": String(change.heldCount), "day": say.time(Timestamp(milliseconds: at))]))
    } else if change.heldCount > 0 {
        lines.append("    " + say("late.isKept", ["count": String(change.heldCount)]))
    }
    lines += item.before.map {
        "    " + say("late.before", ["field": say.words.label("field", $0.field), "text": $0.text])
    }
    return lines
}

private func json(_ item: LateItem) -> JSONValue {
    let change = item.change
    return [
        "id": .string(item.id.description), "kind": .string(word(change.kind)),
        "collection": textJSON(change.collection?.name), "number": numberJSON(item.reference),
        "metAt": timeJSON(Timestamp(milliseconds: change.metAt)), "held": JSONValue(change.heldCount),
        "isKept": .bool(change.isKept),
        "destroyedAt": timeJSON(change.destroyedAt.map { Timestamp(milliseconds: $0) }),
        "before": .object(item.before.map { JSONMember($0.field, .string($0.text)) }),
    ]
}

private func word(_ kind: LateChange.Kind) -> String {
    switch kind {
    case .set: "set"
    case .note: "note"
    case .erasure: "erasure"
    }
}
