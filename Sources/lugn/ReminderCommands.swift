import Casework
import Commands
import JSON
import Replica

/// Mails to the contacts of the directory, who are asked to say if something has changed. Lugn writes them and remembers
/// that they were sent; a person sends them.
let reminderCommands: [Command] = [
    Command(
        "directory reminders", summary: "List whom to mail: contacts to be asked whether something has changed.",
        details: """
            Contacts change posts. Each entry's contact is mailed at the interval of the line (line set --reminder-months); \
            whoever stands in several entries gets one mail about all of them, and nobody is mailed twice a day.
            """, example: "lugn directory reminders"
    ) { context in
        let workplace = try Workplace(context)
        let reminders = try workplace.casework.dueReminders()
        if context.flag("json") { return context.output.write(.array(reminders.map(json))) }
        let say = try context.say(workplace)
        var table = say.table("due", "id", "address", "organisations")
        for reminder in reminders {
            table.addRow([
                say.day(reminder.due), reminder.entries.first.map { ItemReference($0.id).description } ?? "-",
                reminder.address, reminder.entries.map(\.name).joined(separator: ", "),
            ])
        }
        table.write(to: context, isEmpty: reminders.isEmpty, "reminder.none")
    },
    Command(
        "directory mail",
        summary: "Write the mail to an organisation's contact: to paste, or as a file to open and send.",
        details: """
            The text has what stands in the directory of all entries of the contact, and asks to say if something has \
            changed. When it has been sent: lugn directory mailed ENTRY.
            """,
        options: [.value("eml", "FILE", "Write it as a file that mail programs open as a draft.")],
        arguments: [entryArgument],
        example: "lugn directory mail Ungdomsjouren\nlugn directory mail Ungdomsjouren --eml mail.eml"
    ) { context in
        let workplace = try Workplace(context)
        let reminder = try due(context, workplace)
        let settings = try workplace.casework.settings()
        if let path = context.value("eml") {
            let file = try NewFile.replacing(path)
            try file.write(reminder.eml(context.words, settings))
            try file.close()
            return context.confirm("reminder.written", ["file": path])
        }
        let (subject, text) = reminder.mail(context.words, settings)
        if context.flag("json") {
            return context.output.write([
                "to": .string(reminder.address), "subject": .string(subject), "text": .string(text),
            ])
        }
        context.output.print(context.words("reminder.to", ["address": reminder.address]))
        context.output.print(context.words("reminder.subject", ["subject": subject]))
        context.output.print()
        text.split(separator: "\n", omittingEmptySubsequences: false).forEach { context.output.print(String($0)) }
    },
    Command(
        "directory mailed", summary: "Record that the mail to an organisation's contact was sent, today.",
        details: "It is recorded for all entries of the contact that the mail was about.", options: [.by],
        arguments: [entryArgument], example: "lugn directory mailed Ungdomsjouren"
    ) { context in
        let workplace = try Workplace(context)
        let reminder = try due(context, workplace)
        try workplace.casework.recordReminders(reminder.entries.map { ItemReference($0.id) }, by: context.author())
        context.confirm("reminder.recorded", ["count": String(reminder.entries.count)])
    },
]

/// The mail that is due to the contact of an entry.
private func due(_ context: CommandContext, _ workplace: Workplace) throws -> DirectoryReminder {
    let entry = try workplace.casework.directoryEntry(context.organisation())
    guard let reminder = try workplace.casework.reminder(to: entry.id) else {
        throw CommandFailure(
            "no mail can go to this entry today: it has no address, is out of use, or its contact was mailed today",
            safe: "Nothing was recorded", action: "See lugn directory show")
    }
    return reminder
}

private func json(_ reminder: DirectoryReminder) -> JSONValue {
    [
        "due": dayJSON(reminder.due), "address": .string(reminder.address), "contact": textJSON(reminder.contactName),
        "entries": .array(reminder.entries.map { ["id": idJSON($0.id), "name": .string($0.name)] }),
    ]
}
