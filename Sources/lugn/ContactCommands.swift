import Casework
import Commands
import JSON

/// What may be said of a contact, at whatever command.
let contactOptions: [Option] = [
    .word("request", Request.self).short("r"),
    .word("interpreting", Interpreting.self),
    .integer("minutes", "N", in: 0...ContactFields.minutesLimit).short("m"),
    .value("summary", "TEXT").short("s"),
    .value("next-step", "TEXT").short("x"),
    .value("at", "TIME").short("t"),
]

/// Calls and chats.
let contactCommands: [Command] = [
    Command(
        "contact add",
        options: [
            .flag("without-case"),
            .flag("reopen"),
            .word("channel", Channel.self).short("k"),
            .language,
        ] + contactOptions + [.notPersonalData, .by],
        arguments: [.optionalNumber],
        example: """
            lugn contact add "482 915-3" --minutes 20 --summary "It is calmer at home."
            lugn contact add --without-case --request knowledge
            """
    ) { context in
        let workplace = try Workplace(context)
        let fields = try contactFields(context)
        if context.flag("without-case") {
            guard context.value("NUMBER") == nil, !context.flag("reopen") else {
                throw CommandFailure(.wrongUsage, key: "failure.withoutCaseNumber")
            }
            let id = try workplace.casework.addContactWithoutCase(fields, by: context.author())
            return context.writeID(id, "saved")
        }
        let result = try workplace.casework.addContact(
            context.reference(), fields, reopening: context.flag("reopen"), by: context.author())
        context.writeID(result.id, "saved")
        if result.isReopened { context.output.note(context.words("contact.reopened")) }
        if result.isStillClosed { context.output.note(context.words("contact.stillClosed")) }
        if result.metRingBacks > 0 { context.output.note(context.words("contact.metRingBack")) }
    },
    Command(
        "contact edit",
        options: [
            .word("channel", Channel.self).short("k"), .language,
        ] + contactOptions + [.notPersonalData, .by],
        arguments: [.number, .optional("ID")],
        example: "lugn contact edit \"482 915-3\" --minutes 45 --summary \"Worried about a cousin.\""
    ) { context in
        let workplace = try Workplace(context)
        try workplace.casework.editContact(
            context.reference(), context.item(), contactFields(context), by: context.author())
        context.confirm("saved")
    },
    Command(
        "contact list", options: [.day("from"), .day("to")],
        example: "lugn contact list --from 2017-03-01 --to 2017-03-31"
    ) { context in
        let workplace = try Workplace(context)
        let contacts = try workplace.casework.contactsWithoutCase(
            from: context.day("from", workplace), through: context.day("to", workplace))
        if context.flag("json") { return context.output.write(.array(contacts.map(contactJSON))) }
        let say = try context.say(workplace)
        var table = say.table("at", "id", "channel", "language", "request", "minutes", "by")
        for contact in contacts {
            table.addRow([
                say.time(contact.at), ItemReference(contact.id).description, say.word(contact.channel, Channel.self),
                say.language(contact.language), say.word(contact.request, Request.self),
                contact.minutes.map { String($0) } ?? "-", contact.by,
            ])
        }
        table.write(to: context, isEmpty: contacts.isEmpty, "none")
    },
    Command(
        "contact erase", arguments: [.required("ID")], example: "lugn contact erase 9f3c01ab"
    ) { context in
        try Workplace(context).casework.eraseContactWithoutCase(context.requiredItem())
        context.confirm("erased")
    },
]

/// What the command line says of a contact.
func contactFields(_ context: CommandContext, _ texts: GivenTexts? = nil) throws -> ContactFields {
    let texts =
        try texts
        ?? GivenTexts(context, ["summary": context.value("summary"), "next-step": context.value("next-step")])
    return ContactFields(
        channel: try context.choice("channel"), language: try context.value("language").map { try LanguageTag($0) },
        interpreting: try context.choice("interpreting"), request: try context.choice("request"),
        minutes: context.integer("minutes"), at: try context.moment("at"),
        summary: texts["summary"], nextStep: texts["next-step"])
}
