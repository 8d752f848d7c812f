import Casework
import Commands
import JSON
import Replica

private let entryOptions: [Option] = [
    .choice("kind", OrganisationKind.allCases.map(\.rawValue), "What kind of organisation."),
    .value("area", "PLACE", "Where: Botkyrka, \"Örebro län\", or \"hela landet\"."),
    .value("offers", "TEXT", "What they offer."), .value("ages", "AGES", "For which ages: 13-25, 18+ or alla."),
    .value("contact", "NAME", "Who answers there, in a professional role."),
    .value("phone", "NUMBER", "Their telephone number."), .value("email", "ADDRESS", "Their e-mail address."),
    .choice("source", DirectorySource.allCases.map(\.rawValue), "Where it comes from."),
]

private let entryID = Argument.required("ID", "The entry, as \"directory list\" shows it.")

/// Organisations that callers may be referred to.
let directoryCommands: [Command] = [
    Command(
        "directory list", summary: "List organisations, or find some.", isDefault: true,
        options: [
            .choice("kind", OrganisationKind.allCases.map(\.rawValue), "Only these."),
            .flag("due", "Only those to be verified."), .flag("retired", "Also those out of use."),
        ], arguments: [.variadic("WORD", "What stands in name, area, offers, ages or contact.", required: false)],
        example: "lugn directory\nlugn directory list Botkyrka --due"
    ) { context in
        var filter = DirectoryFilter()
        filter.words = context.list("WORD")
        filter.kind = try context.choice("kind")
        filter.isDue = context.flag("due")
        filter.includesRetired = context.flag("retired")
        let entries = try Workplace(context).casework.directory(filter)
        if context.flag("json") { return context.output.write(.array(entries.map(directoryJSON))) }
        var table = Table("ID", "VERIFIED", "KIND", "AREA", "NAME")
        for entry in entries {
            table.addRow([
                ItemReference(entry.id).description, verifiedText(entry), entry.kind ?? "-", entry.area.text ?? "-",
                entry.name + (entry.isRetired ? " (out of use)" : ""),
            ])
        }
        table.write(to: context, isEmpty: entries.isEmpty, "No entries.")
    },
    Command(
        "directory show", summary: "Show an organisation, and when it was verified.", arguments: [entryID],
        example: "lugn directory show 9f3c01ab"
    ) { context in
        let entry = try Workplace(context).casework.directoryEntry(context.requiredItem())
        if context.flag("json") { return context.output.write(directoryJSON(entry)) }
        text(entry).forEach { context.output.print($0) }
    },
    Command(
        "directory add", summary: "Add an organisation, and get its id.",
        details: "It can be referred to once somebody has been reached there: lugn directory verify.",
        options: entryOptions + [.notPersonalData, .by], arguments: [.variadic("NAME", "Its name.")],
        example: "lugn directory add Ungdomsjouren --kind civilSociety --area Stockholm --phone \"08-123 456 78\""
    ) { context in
        let workplace = try Workplace(context)
        let id = try workplace.casework.addToDirectory(
            fields(context, name: context.text("NAME")), by: context.author())
        if context.flag("json") { return context.output.write(["id": idJSON(id)]) }
        context.output.print(ItemReference(id).description)
        context.output.note("Saved. Not verified yet.")
    },
    Command(
        "directory edit", summary: "Change what is recorded of an organisation.",
        details: "Only what is given is changed; an empty text clears a field.",
        options: [.value("name", "NAME", "Its name.")] + entryOptions + [.notPersonalData, .by], arguments: [entryID],
        example: "lugn directory edit 9f3c01ab --phone \"08-123 456 79\""
    ) { context in
        let workplace = try Workplace(context)
        try workplace.casework.editDirectory(
            context.requiredItem(), fields(context, name: context.value("name")), by: context.author())
        context.confirm("Saved.")
    },
    Command(
        "directory verify", summary: "Record that somebody called there, and whether they can help.",
        options: [
            .choice("result", VerificationResult.allCases.map(\.rawValue), "What came of it; confirmed otherwise."),
            .day("on", "When; today otherwise."), .by,
        ], arguments: [entryID],
        example: "lugn directory verify 9f3c01ab\nlugn directory verify 9f3c01ab --result noAnswer"
    ) { context in
        let workplace = try Workplace(context)
        let result: VerificationResult = try context.choice("result") ?? .confirmed
        try workplace.casework.verify(
            context.requiredItem(), result, on: context.day("on", workplace), by: context.author())
        context.confirm(result == .confirmed ? "Verified." : "Saved: \(result.rawValue). Nobody is referred there now.")
    },
    Command(
        "directory retire", summary: "Take an organisation out of use; it stays for the referrals that were made.",
        arguments: [entryID], example: "lugn directory retire 9f3c01ab"
    ) { context in
        try Workplace(context).casework.setRetired(context.requiredItem(), true)
        context.confirm("Out of use.")
    },
    Command(
        "directory restore", summary: "Take an organisation back into use.", arguments: [entryID],
        example: "lugn directory restore 9f3c01ab"
    ) { context in
        try Workplace(context).casework.setRetired(context.requiredItem(), false)
        context.confirm("In use again.")
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
    fields.area = try context.value("area").map { try Area(typed: $0) }
    fields.offers = texts["offers"]
    fields.ages = try context.value("ages").map { try AgeRange(typed: $0) }
    fields.contactName = context.value("contact")
    fields.phone = context.value("phone")
    fields.email = context.value("email")
    return fields
}

private func verifiedText(_ entry: DirectoryEntry) -> String {
    entry.verifiedOn?.description ?? entry.verifications.first.map { "(\($0.result))" } ?? "never"
}

private func text(_ entry: DirectoryEntry) -> [String] {
    var lines = ["\(ItemReference(entry.id))  \(entry.name)\(entry.isRetired ? " (out of use)" : "")"]
    let values = [
        ("kind", entry.kind), ("area", entry.area.text), ("offers", entry.offers), ("ages", entry.ages.text),
        ("contact", entry.contactName), ("phone", entry.phone), ("email", entry.email), ("source", entry.source),
    ]
    for (name, value) in values { if let value { lines.append("\(name): \(value)") } }
    lines += entry.verifications.map { "verified \($0.on) \($0.result) \($0.by)" }
    if entry.verifications.isEmpty { lines.append("never verified") }
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
    ]
}
