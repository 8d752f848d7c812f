import Casework
import Commands
import JSON
import Replica

/// What is to be done.
let todayCommands: [Command] = [
    Command(
        "today", summary: "What is to be done today, overdue first.",
        details: """
            Follow-up calls, promises, callers who may ring back, cases that are proposed for closing, entries of the \
            directory to verify, and numbers that two cases share.
            """, example: "lugn today"
    ) { context in
        let workplace = try Workplace(context)
        try workplace.casework.sweepShredded()
        let items = try workplace.casework.today()
        if context.flag("json") { return context.output.write(.array(items.map(json))) }
        var table = Table("DUE", "WHAT", "CASE", "ABOUT")
        for item in items {
            let day = item.due?.description ?? "-"
            table.addRow([
                item.isOverdue ? "\(day) late" : day, word(item.kind), item.reference?.description ?? "-", about(item),
            ])
        }
        table.write(to: context, isEmpty: items.isEmpty, "Nothing is to be done today.")
    }
]

private func word(_ kind: TodayItem.Kind) -> String {
    switch kind {
    case .followUp: "call"
    case .promise: "promise"
    case .ringBack: "rings back"
    case .proposeClosing: "close?"
    case .assess: "assess"
    case .quiet: "quiet"
    case .conflict: "settle"
    case .remind: "mail"
    case .verify: "verify"
    case .duplicateNumber: "same number"
    }
}

private func about(_ item: TodayItem) -> String {
    switch item.kind {
    case .followUp:
        guard let (number, count) = item.attempt else { return "" }
        return "attempt \(number) of \(count)" + (item.isExtraForChild ? ", one more for a child" : "")
    case .promise: return item.text ?? "(shredded)"
    case .ringBack: return "agreed with the caller"
    case .proposeClosing:
        return item.remindsToShredSlip ? "nobody answered: close it, shred the slip" : "has not rung back: close it"
    case .assess: return "a child is concerned: assess what it needs"
    case .quiet: return "nothing is planned: close it, or plan something"
    case .conflict: return item.conflict?.field ?? ""
    case .remind: return item.text ?? ""
    case .verify: return "\(ItemReference(item.id)) \(item.text ?? "")"
    case .duplicateNumber: return "two cases share this number: ask the caller, and tell the lead"
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
    ]
}
