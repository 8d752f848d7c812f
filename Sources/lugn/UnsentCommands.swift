import Casework
import Commands
import JSON
import Replica
import Support
import SyncClient
import SyncProtocol
import Trust

/// What removed workstations had not sent: a lead reads it, and takes it in or drops it.
let unsentCommands: [Command] = [
    Command("devices unsent", arguments: [.optional("DEVICE")], example: "lugn devices unsent \"Desk 3\"") { context in
        let workplace = try Workplace(context)
        let lead = Lead(try workplace.client())
        let items = try await lead.unsentWork()
        guard context.value("DEVICE") != nil else { return try list(items, context, workplace) }
        let work = try await lead.unsentWork(of: device(context, workplace, items))
        try show(workplace.casework.readUnsent(work.pages), context, workplace)
        try ReadWork(workplace).remember(work)
    },
    Command("devices take-in", arguments: [.required("DEVICE")], example: "lugn devices take-in \"Desk 3\"") {
        context in
        let workplace = try Workplace(context)
        let lead = Lead(try workplace.client())
        let work = try await lead.unsentWork(of: device(context, workplace, lead.unsentWork()))
        guard try ReadWork(workplace).isRead(work) else { throw CommandFailure(.refused, key: "failure.notRead") }
        let count = try await lead.takeIn(work)
        if context.flag("json") { return context.output.write(["records": JSONValue(count)]) }
        context.confirm("unsent.takenIn", ["count": String(count)])
    },
    Command(
        "devices discard-unsent", options: [.flag("yes")], arguments: [.required("DEVICE")],
        example: "lugn devices discard-unsent \"Desk 3\" --yes"
    ) { context in
        let workplace = try Workplace(context)
        let lead = Lead(try workplace.client())
        let items = try await lead.unsentWork()
        let device = try device(context, workplace, items)
        guard context.flag("yes") else { throw CommandFailure(.refused, key: "failure.confirmDiscard") }
        for item in items where item.device == device {
            try await lead.discardUnsent(of: device, attempt: item.attempt)
        }
        context.confirm("unsent.discarded")
    },
]

private func list(_ items: [UnsentList.Item], _ context: CommandContext, _ workplace: Workplace) throws {
    let membership = try workplace.replica.membership()
    func name(_ item: UnsentList.Item) -> String? { membership?.name(of: item.device) }
    if context.flag("json") {
        return context.output.write(
            .array(
                items.map { item in
                    [
                        "device": .string(item.device.description), "name": textJSON(name(item)),
                        "bytes": JSONValue(item.bytes), "isWhole": .bool(item.isWhole),
                        "since": .string(UTCTime.rfc3339(milliseconds: item.milliseconds)),
                    ]
                }))
    }
    let say = try context.say(workplace)
    var table = say.table("id", "name", "since", "unsent")
    for item in items {
        table.addRow([
            String(item.device.description.prefix(8)), name(item) ?? "-",
            say.time(Timestamp(milliseconds: item.milliseconds)),
            say(item.isWhole ? "unsent.bytes" : "unsent.partly", ["bytes": String(item.bytes)]),
        ])
    }
    table.write(to: context, isEmpty: items.isEmpty, "unsent.none")
}

private func show(_ items: [UnsentItem], _ context: CommandContext, _ workplace: Workplace) throws {
    if context.flag("json") {
        return context.output.write(
            .array(
                items.map { item in
                    [
                        "kind": .string(kindWord(item.kind)), "collection": textJSON(item.collection),
                        "number": numberJSON(item.reference), "at": timeJSON(item.at),
                        "values": .object(item.values.map { JSONMember($0.field, .string($0.text)) }),
                    ]
                }))
    }
    let say = try context.say(workplace)
    for item in items {
        let place = item.reference.map { say("unsent.case", ["number": $0.description]) } ?? ""
        let what = item.collection.map { say.words.label("collection", $0) } ?? say("unsent.unknown")
        context.output.print("\(say.time(item.at))  \(say("unsent." + kindWord(item.kind)))\(what)\(place)")
        for value in item.values { context.output.print("    \(say.words.label("field", value.field)): \(value.text)") }
    }
    if items.isEmpty { context.output.print(say("unsent.nothing")) }
}

private func kindWord(_ kind: UnsentChange.Kind) -> String {
    switch kind {
    case .set: "set"
    case .note: "note"
    case .erasure: "erasure"
    }
}

/// By name, or by the unique beginning of an id, among those that something is there of.
private func device(
    _ context: CommandContext, _ workplace: Workplace, _ items: [UnsentList.Item]
) throws -> DeviceID {
    let text = try context.require("DEVICE")
    let membership = try workplace.replica.membership()
    let named = items.filter { membership?.name(of: $0.device) == text }
    let found = named.isEmpty ? items.filter { $0.device.description.hasPrefix(text.lowercased()) } : named
    guard found.count == 1 else {
        throw CommandFailure(.failed, key: found.isEmpty ? "failure.noUnsent" : "failure.severalUnsent")
    }
    return found[0].device
}
