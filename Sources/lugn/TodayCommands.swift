import Casework
import Commands
import JSON
import Replica

/// What is to be done.
let todayCommands: [Command] = [
    Command(
        "today", example: "lugn today"
    ) { context in
        let workplace = try Workplace(context)
        try workplace.casework.sweepShredded()
        let items = try workplace.casework.today()
        let say = try context.say(workplace, telling: items.contains { $0.kind == .conflict })
        let numbers = try ListedConflicts(workplace).remember(items.compactMap(\.conflict).map(\.id))
        if context.flag("json") { return context.output.write(.array(items.map(json))) }
        var table = say.table("due", "what", "case", "about")
        for item in items {
            table.addRow([
                item.isOverdue ? say("today.late", ["day": say.day(item.due)]) : say.day(item.due),
                say("today.\(item.kind.rawValue)"), item.reference?.description ?? "-", about(item, numbers, say),
            ])
        }
        table.write(to: context, isEmpty: items.isEmpty, "today.nothing")
    }
]

private func about(_ item: TodayItem, _ numbers: [String: Int], _ say: Say) -> String {
    switch item.kind {
    case .followUp:
        guard let (number, count) = item.attempt else { return "" }
        let attempt = say("today.attempt", ["number": String(number), "count": String(count)])
        return attempt + (item.isExtraForChild ? ", " + say("today.extraForChild") : "")
    case .promise: return item.text ?? say("case.textShredded")
    case .proposeClosing: return say(item.remindsToShredSlip ? "today.closeSlip" : "today.closeSilent")
    case .conflict:
        guard let conflict = item.conflict else { return "" }
        let number = numbers[conflict.id].map { "\($0): " } ?? ""
        return number + conflictText(conflict, say)
    case .remind: return item.text ?? ""
    case .verify: return "\(ItemReference(item.id)) \(item.text ?? "")"
    case .ringBack, .assess, .quiet, .duplicateNumber: return say("today.\(item.kind.rawValue).about")
    }
}

private func json(_ item: TodayItem) -> JSONValue {
    [
        "kind": .string(item.kind.rawValue), "id": idJSON(item.id),
        "number": item.reference.map { .string($0.description) } ?? nil, "due": dayJSON(item.due),
        "overdue": .bool(item.isOverdue), "concernsChild": .bool(item.concernsChild),
        "attempt": item.attempt.map { JSONValue($0.number) } ?? nil,
        "attempts": item.attempt.map { JSONValue($0.of) } ?? nil, "extraForChild": .bool(item.isExtraForChild),
        "shredSlip": .bool(item.remindsToShredSlip), "text": textJSON(item.text),
        "conflict": item.conflict.map { conflictJSON($0) } ?? nil,
    ]
}
