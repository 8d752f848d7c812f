import Casework
import Commands
import JSON
import Replica

private let entryOptions: [Option] = [
    .word("kind", OrganisationKind.self),
    .value("area", "PLACE"),
    .choice(
        "county", County.allCases.map(\.rawValue),
        meaning: { try? Area(typed: $0).county?.rawValue }),
    .value("offers", "TEXT"), .value("ages", "AGES"),
    .choice("plan", ["yes", "no", "unknown"]) {
        ["ja": "yes", "nej": "no", "okänt": "unknown", "vet inte": "unknown"][$0.lowercased()]
    },
    .value("contact", "NAME"),
    .value("phone", "NUMBER"), .value("email", "ADDRESS"),
    .word("source", DirectorySource.self),
]

let entryArgument = Argument.required("ENTRY")

/// Organisations that callers may be referred to.
let directoryCommands: [Command] = [
    Command(
        "directory list", isDefault: true,
        options: [
            .word("kind", OrganisationKind.self),
            .integer("age", "YEARS", in: AgeRange.years),
            .value("area", "PLACE"),
            .yesOrNo("plan"), .flag("due"),
            .flag("retired"),
        ], arguments: [.variadic("WORD", required: false)],
        example: "lugn directory\nlugn directory list --age 21 --area Örebro\nlugn directory list Botkyrka --due"
    ) { context in
        var filter = DirectoryFilter()
        filter.words = context.list("WORD")
        filter.kind = try context.choice("kind")
        filter.age = context.integer("age")
        filter.area = try context.value("area").map { try Area(typed: $0) }
        filter.hasPlan = context.value("plan").map { $0 == "yes" }
        filter.isDue = context.flag("due")
        filter.includesRetired = context.flag("retired")
        let workplace = try Workplace(context)
        let entries = try workplace.casework.directory(filter)
        if context.flag("json") { return context.output.write(.array(entries.map(directoryJSON))) }
        let say = try context.say(workplace)
        var table = say.table("id", "verified", "kind", "area", "ages", "plan", "name")
        for entry in entries {
            table.addRow([
                ItemReference(entry.id).description, verifiedText(entry, say),
                say.word(entry.kind, OrganisationKind.self),
                entry.area.text ?? "-", entry.ages.text ?? "-", entry.hasPlan.map { say($0 ? "yes" : "no") } ?? "-",
                nameText(entry, say),
            ])
        }
        table.write(to: context, isEmpty: entries.isEmpty, "directory.none")
    },
    Command(
        "directory show", arguments: [entryArgument],
        example: "lugn directory show Ungdomsjouren"
    ) { context in
        let workplace = try Workplace(context)
        let entry = try workplace.casework.directoryEntry(context.organisation())
        if context.flag("json") { return context.output.write(directoryJSON(entry)) }
        text(entry, try context.say(workplace)).forEach { context.output.print($0) }
    },
    Command(
        "directory add", options: entryOptions + [.notPersonalData, .by], arguments: [.variadic("NAME")],
        example:
            "lugn directory add Ungdomsjouren --kind civilSociety --area Stockholm --ages 13-25 --phone \"08-123 456 78\""
    ) { context in
        let workplace = try Workplace(context)
        let id = try workplace.casework.addToDirectory(
            fields(context, name: context.text("NAME")), by: context.author())
        if context.flag("json") { return context.output.write(["id": idJSON(id)]) }
        context.output.print(ItemReference(id).description)
        context.output.note(context.words("directory.notVerified"))
    },
    Command(
        "directory edit", options: [.value("name", "NAME")] + entryOptions + [.notPersonalData, .by],
        arguments: [entryArgument],
        example: "lugn directory edit 9f3c01ab --phone \"08-123 456 79\""
    ) { context in
        let workplace = try Workplace(context)
        try workplace.casework.editDirectory(
            context.organisation(), fields(context, name: context.value("name")), by: context.author())
        context.confirm("saved")
    },
    Command(
        "directory verify",
        options: [
            .word("result", VerificationResult.self),
            .day("on").short("d"), .by,
        ], arguments: [entryArgument],
        example: "lugn directory verify Ungdomsjouren\nlugn directory verify 9f3c01ab --result noAnswer"
    ) { context in
        let workplace = try Workplace(context)
        let result: VerificationResult = try context.choice("result") ?? .confirmed
        try workplace.casework.verify(
            context.organisation(), result, on: context.day("on", workplace), by: context.author())
        context.confirm(
            result == .confirmed ? "directory.verified" : "directory.notReached",
            ["result": result.label(context.words)])
    },
    Command(
        "directory retire", arguments: [entryArgument], example: "lugn directory retire 9f3c01ab"
    ) { context in
        try Workplace(context).casework.setRetired(context.organisation(), true)
        context.confirm("directory.retired")
    },
    Command(
        "directory restore", arguments: [entryArgument],
        example: "lugn directory restore 9f3c01ab"
    ) { context in
        try Workplace(context).casework.setRetired(context.organisation(), false)
        context.confirm("directory.restored")
    },
]

private func fields(_ context: CommandContext, name: String?) throws -> DirectoryFields {
    let texts = try GivenTexts(
        context,
        [
            "name": name, "offers": context.value("offers"),
        ])
    var fields = DirectoryFields(
        name: texts["name"], kind: try context.choice("kind"), source: try context.choice("source"))
    fields.area = try area(context)
    fields.offers = texts["offers"]
    fields.ages = try context.value("ages").map { try AgeRange(typed: $0) }
    if let plan = context.value("plan") { fields.hasPlan = .some(plan == "unknown" ? nil : plan == "yes") }
    fields.contactName = context.value("contact")
    fields.phone = context.value("phone")
    fields.email = context.value("email")
    return fields
}

private func area(_ context: CommandContext) throws -> Area? {
    let county: County? = try context.choice("county")
    guard let text = context.value("area") else { return county.map { Area(county: $0) } }
    guard let county else { return try Area(typed: text) }
    // A place of any name is in the county that is given; a municipality must be.
    guard let known = try? Area(typed: text) else { return Area(municipality: text, county: county) }
    guard known.county == county else {
        throw CommandFailure(.wrongUsage, key: "failure.areaCounty")
    }
    return known
}

private func verifiedText(_ entry: DirectoryEntry, _ say: Say) -> String {
    entry.verifiedOn?.description
        ?? entry.verifications.first.map { "(\(say.word($0.result, VerificationResult.self)))" }
        ?? say("directory.never")
}

private func nameText(_ entry: DirectoryEntry, _ say: Say) -> String {
    entry.name + (entry.isRetired ? " (\(say("directory.outOfUse")))" : "")
}

private func text(_ entry: DirectoryEntry, _ say: Say) -> [String] {
    var lines = ["\(ItemReference(entry.id))  \(nameText(entry, say))"]
    let values = [
        ("kind", entry.kind.map { say.word($0, OrganisationKind.self) }), ("area", entry.area.text),
        ("offers", entry.offers), ("ages", entry.ages.text),
        ("contact", entry.contactName), ("phone", entry.phone), ("email", entry.email),
        ("plan", entry.hasPlan.map { say($0 ? "yes" : "no") }),
        ("source", entry.source.map { say.word($0, DirectorySource.self) }),
    ]
    for (name, value) in values { if let value { lines.append("\(say("entry.\(name)")): \(value)") } }
    lines += entry.verifications.map {
        "\(say("entry.verified")) \($0.on) \(say.word($0.result, VerificationResult.self)) \($0.by)"
    }
    if entry.verifications.isEmpty { lines.append(say("entry.neverVerified")) }
    lines += entry.reminders.map { "\(say("entry.mailed")) \($0.on) \($0.by)" }
    return lines
}

func directoryJSON(_ entry: DirectoryEntry) -> JSONValue {
    let history = entry.verifications.map { verification -> JSONValue in
        ["on": dayJSON(verification.on), "result": .string(verification.result), "by": .string(verification.by)]
    }
    return [
        "id": idJSON(entry.id), "name": .string(entry.name), "kind": textJSON(entry.kind),
        "municipality": textJSON(entry.municipality),
        "county": textJSON(entry.county), "offers": textJSON(entry.offers),
        "ageFrom": entry.ages.from.map { JSONValue($0) } ?? nil, "ageTo": entry.ages.to.map { JSONValue($0) } ?? nil,
        "hasPlan": entry.hasPlan.map { .bool($0) } ?? nil,
        "contact": textJSON(entry.contactName), "phone": textJSON(entry.phone), "email": textJSON(entry.email),
        "source": textJSON(entry.source), "retired": .bool(entry.isRetired), "verifiedOn": dayJSON(entry.verifiedOn),
        "verifications": .array(history),
        "reminders": .array(entry.reminders.map { ["on": dayJSON($0.on), "by": .string($0.by)] }),
    ]
}
