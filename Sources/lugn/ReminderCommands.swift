import Casework
import Commands
import JSON
import Replica

/// Mails to the contacts of the directory, who are asked to say if something has changed. Lugn writes them and remembers
/// that they were sent; a person sends them.
let reminderCommands: [Command] = [
    Command(
        "directory reminders", example: "lugn directory reminders"
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
        options: [.value("eml", "FILE")],
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
        "directory mailed", options: [.by],
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
        throw CommandFailure(.failed, key: "failure.noMail")
    }
    return reminder
}

private func json(_ reminder: DirectoryReminder) -> JSONValue {
    [
        "due": dayJSON(reminder.due), "address": .string(reminder.address), "contact": textJSON(reminder.contactName),
        "entries": .array(reminder.entries.map { ["id": idJSON($0.id), "name": .string($0.name)] }),
    ]
}
