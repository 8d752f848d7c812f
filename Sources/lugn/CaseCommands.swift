import Casework
import Commands
import JSON
import Merge
import Replica
import Support

private let channelOption = Option.choice(
    "channel", Channel.allCases.map(\.rawValue), "How the contact came about; phone otherwise.")

private let caseOptions: [Option] = [
    .choice("caller", Caller.allCases.map(\.rawValue), "Who got in touch."),
    .list("concern", "CONCERN", choices: Concern.allCases.map(\.rawValue), "What the worry is about."),
    .choice("age", AgeBand.allCases.map(\.rawValue), "The age of the person concerned."),
    .value("language", "CODE", "The language of the conversation, such as sv or ar."),
]

private let number = Argument.required("NUMBER", "The case's reference number, with or without spaces and hyphen.")

/// Opening, reading and writing cases.
let caseCommands: [Command] = [
    Command(
        "case new", summary: "Open a case, and get its reference number.",
        details: "The number is there at once, online or not, before the call ends.",
        options: caseOptions + [channelOption, .value("note", "TEXT", "A first note."), .by],
        example: "lugn case new --caller relative --concern religious --age 18-21 --channel phone --language sv"
    ) { context in
        let workplace = try Workplace(context)
        let channel = try context.value("channel").map { try Channel(word: $0) } ?? .phone
        let reference = try workplace.casework.newCase(
            fields(context), channel: channel, by: Workplace.author(context), note: context.value("note"))
        if context.flag("json") {
            context.output.write(["number": .string(reference.number.description)])
        } else {
            context.output.print(reference.number.description)
        }
    },
    Command("case show", summary: "Show a case.", arguments: [number], example: "lugn case show \"482 915-3\"") {
        context in
        let workplace = try Workplace(context)
        let details = try workplace.casework.show(CaseReference(parsing: context.require("NUMBER")))
        if context.flag("json") {
            context.output.write(json(details))
        } else {
            text(details).forEach { context.output.print($0) }
            if let last = try workplace.replica.status().lastSync {
                context.output.note("As of this desk, synced \(LocalTime.text(milliseconds: last)).")
            } else {
                context.output.note("As of this desk, which has never synced.")
            }
        }
    },
    Command(
        "case list", summary: "List cases, the latest first.",
        options: [
            .choice("status", CaseStatus.allCases.map(\.rawValue), "Only these."),
            .integer("limit", "N", in: 1...1_000_000, "At most so many; 100 otherwise."),
        ], example: "lugn case list --status open"
    ) { context in
        let workplace = try Workplace(context)
        let cases = try workplace.casework.list(
            status: context.value("status").map { try CaseStatus(word: $0) }, limit: context.integer("limit") ?? 100)
        if context.flag("json") { return context.output.write(.array(cases.map(json))) }
        var table = Table("NUMBER", "STATUS", "CALLER", "CONCERN", "AGE", "OPENED")
        for details in cases {
            table.addRow([
                numberText(details.reference), details.status, details.caller ?? "-",
                details.concerns.map(\.rawValue).joined(separator: ","), details.age ?? "-",
                details.openedAt.map { LocalTime.text(milliseconds: $0.milliseconds) } ?? "-",
            ])
        }
        context.output.write(table)
    },
    Command(
        "case note", summary: "Add a note to a case.",
        details: "The text is what follows the number, or standard input. Notes are never changed afterwards.",
        options: [.by], arguments: [number, .variadic("TEXT", "The note.", required: false)],
        example: "lugn case note \"482 915-3\" Talked for an hour, will ring back on Friday."
    ) { context in
        let workplace = try Workplace(context)
        let text = try context.text("TEXT") ?? String(decoding: readFile("-", limit: Casework.noteBytes), as: UTF8.self)
        try workplace.casework.addNote(
            CaseReference(parsing: context.require("NUMBER")), text, by: Workplace.author(context))
        context.output.note("Saved.")
    },
    Command(
        "case edit", summary: "Change what is recorded of a case.",
        details: "Only what is given is changed. The channel is that of the opening contact.",
        options: caseOptions + [
            .choice("channel", Channel.allCases.map(\.rawValue), "How the opening contact came about."),
            .list(
                "clear", "WHAT", choices: CaseFields.Clearable.allCases.map(\.rawValue), "Set back to not recorded."),
        ], arguments: [number],
        example: "lugn case edit \"482 915-3\" --age 22-25\nlugn case edit \"482 915-3\" --clear caller"
    ) { context in
        let workplace = try Workplace(context)
        var changes = try fields(context)
        changes.cleared = Set(try context.list("clear").map { try CaseFields.Clearable(word: $0) })
        try workplace.casework.edit(
            CaseReference(parsing: context.require("NUMBER")), changes,
            channel: context.value("channel").map { try Channel(word: $0) })
        context.output.note("Saved.")
    },
    Command(
        "case close", summary: "Close a case.",
        options: [.choice("reason", ClosingReason.allCases.map(\.rawValue), "Why; finished otherwise."), .by],
        arguments: [number], example: "lugn case close \"482 915-3\" --reason finished"
    ) { context in
        let workplace = try Workplace(context)
        let reason = try context.value("reason").map { try ClosingReason(word: $0) } ?? .finished
        try workplace.casework.close(
            CaseReference(parsing: context.require("NUMBER")), reason, by: Workplace.author(context))
        context.output.note("Closed.")
    },
    Command(
        "case reopen", summary: "Open a closed case again; it keeps its number.", options: [.by], arguments: [number],
        example: "lugn case reopen \"482 915-3\""
    ) { context in
        let workplace = try Workplace(context)
        try workplace.casework.reopen(CaseReference(parsing: context.require("NUMBER")), by: Workplace.author(context))
        context.output.note("Open again.")
    },
]

private func fields(_ context: CommandContext) throws -> CaseFields {
    let concerns = try context.list("concern").map { try Concern(word: $0) }
    return CaseFields(
        caller: try context.value("caller").map { try Caller(word: $0) },
        concerns: concerns.isEmpty ? nil : Set(concerns),
        age: try context.value("age").map { try AgeBand(word: $0) },
        language: try context.value("language").map { try LanguageTag($0) })
}

private func json(_ details: CaseDetails) -> JSONValue {
    func time(_ moment: Timestamp?) -> JSONValue {
        moment.map { .string(UTCTime.rfc3339(milliseconds: $0.milliseconds)) } ?? nil
    }
    func text(_ value: String?) -> JSONValue { value.map { .string($0) } ?? nil }
    let notes = details.notes.map { note -> JSONValue in
        ["id": .string(note.id.description), "text": .string(note.text), "by": .string(note.by), "at": time(note.at)]
    }
    let contacts = details.contacts.map { contact -> JSONValue in
        [
            "id": .string(contact.id.description), "kind": .string(contact.kind), "channel": text(contact.channel),
            "language": text(contact.language), "at": time(contact.at), "by": .string(contact.by),
        ]
    }
    return [
        "number": numberJSON(details.reference), "status": .string(details.status),
        "caller": text(details.caller), "concerns": .array(details.concerns.map { .string($0.rawValue) }),
        "age": text(details.age), "concernsChild": .bool(details.concernsChild), "language": text(details.language),
        "openedAt": time(details.openedAt), "closedAt": time(details.closedAt),
        "closingReason": text(details.closingReason), "notes": .array(notes), "contacts": .array(contacts),
        "referrals": [], "followUps": [], "conflicts": .array(details.conflicts.map(conflictJSON)),
    ]
}

private func text(_ details: CaseDetails) -> [String] {
    var lines = ["\(numberText(details.reference))  \(details.status)"]
    lines.append("caller: \(details.caller ?? "not recorded")")
    lines.append("concern: \(details.concerns.map(\.rawValue).joined(separator: ", "))")
    lines.append("age: \(details.age ?? "not recorded")\(details.concernsChild ? " (concerns a child)" : "")")
    for contact in details.contacts {
        lines.append(
            "contact \(LocalTime.text(milliseconds: contact.at.milliseconds)) \(contact.kind) \(contact.channel ?? "") \(contact.by)"
        )
    }
    for note in details.notes {
        lines.append("note \(LocalTime.text(milliseconds: note.at.milliseconds)) \(note.by): \(note.text)")
    }
    for conflict in details.conflicts {
        lines.append("TO DECIDE \(conflict.field): \(conflict.kept) or \(conflict.other)  (lugn conflicts)")
    }
    return lines
}

func numberText(_ reference: CaseReference?) -> String { reference?.number.description ?? "(number not here yet)" }

func numberJSON(_ reference: CaseReference?) -> JSONValue { reference.map { .string($0.number.description) } ?? nil }
