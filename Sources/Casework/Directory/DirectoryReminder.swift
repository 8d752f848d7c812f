public import Merge
public import Replica

/// A mail that is due to somebody at one address, about all the entries that name it: nobody is mailed twice a day.
public struct DirectoryReminder: Sendable {
    public var address: String
    /// Of the contact, where one of the entries has it.
    public var contactName: String?
    /// In the order of their names.
    public var entries: [DirectoryEntry]
    /// Since when it is due.
    public var due: CalendarDate

    /// The mail's subject and text, in the language of the words: what stands in the directory of each entry, and to say if it has
    /// changed. The telephone number is the line's own; nothing of any case is in it.
    public func mail(_ words: Words, _ settings: LineSettings) -> (subject: String, text: String) {
        let line = settings.name ?? words("mail.ourLine")
        var text = [words("mail.greeting"), "", words("mail.opening", ["line": line]), ""]
        for entry in entries {
            text.append(entry.name)
            let rows: [(String, String?)] = [
                ("area", entry.area.text), ("offers", entry.offers), ("ages", entry.ages.text),
                ("contact", entry.contactName), ("phone", entry.phone), ("email", entry.email),
            ]
            for (name, value) in rows { if let value { text.append("  \(words("entry.\(name)")): \(value)") } }
            text.append("")
        }
        text.append(words("mail.question"))
        text += ["", words("mail.closing"), line.prefix(1).uppercased() + line.dropFirst()]
        if let phone = settings.phone { text.append(phone) }
        return (words("mail.subject", ["line": line]), text.joined(separator: "\n") + "\n")
    }

    /// As a file that mail programs open, to be looked at and sent (RFC 5322, MIME, quoted-printable in UTF-8). `X-Unsent`
    /// makes it a draft in those that know it.
    public func eml(_ words: Words, _ settings: LineSettings) -> String {
        let (subject, text) = mail(words, settings)
        let head = [
            "To: \(MailText.address(address))", "Subject: \(MailText.header(subject))", "X-Unsent: 1",
            "MIME-Version: 1.0",
            "Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: quoted-printable",
        ]
        return head.joined(separator: "\r\n") + "\r\n\r\n" + MailText.quotedPrintable(text)
    }
}

extension Casework {
    /// Whom to mail today, the longest overdue first: entries in use with an address, whose last mail, or the entry itself if
    /// there was none, is older than the settings say. Nobody to whom one went today.
    ///
    /// Cost: a read of the directory.
    public func dueReminders() throws -> [DirectoryReminder] {
        try replica.read { snapshot in
            let settings = try LineSettings(snapshot)
            let today = try today(snapshot)
            return Self.reminders(try Self.entries(snapshot), settings, today) { $0 <= today }
        }
    }

    /// The mail to the contact of an entry, due or not, about all the entries that name its address; nil where the entry has no
    /// address or is out of use, or its contact was mailed today.
    public func reminder(to entry: RecordID) throws -> DirectoryReminder? {
        try replica.read { snapshot in
            Self.reminders(try Self.entries(snapshot), try LineSettings(snapshot), try today(snapshot)) { _ in true }
                .first { $0.entries.contains { $0.id == entry } }
        }
    }

    private static func reminders(
        _ entries: [DirectoryEntry], _ settings: LineSettings, _ today: CalendarDate,
        _ isWanted: (CalendarDate) -> Bool
    ) -> [DirectoryReminder] {
        func key(_ address: String) -> String { address.lowercased().filter { !$0.isWhitespace } }
        let mailedToday = Set(entries.flatMap(\.reminders).filter { $0.on >= today }.map { key($0.address) })
        var due: [String: DirectoryReminder] = [:]
        for entry in entries where !entry.isRetired {
            guard let address = entry.email.flatMap(MailText.firstAddress), !mailedToday.contains(key(address)) else {
                continue
            }
            // A new entry has just been spoken of; its first mail is due an interval later, like every other.
            let last = entry.reminders.first?.on ?? entry.at.map { settings.time.day($0) }
            let day = last?.adding(months: settings.reminderMonths) ?? today
            guard isWanted(day) else { continue }
            var reminder =
                due[key(address)] ?? DirectoryReminder(address: address, contactName: nil, entries: [], due: day)
            reminder.entries.append(entry)
            reminder.contactName = reminder.contactName ?? entry.contactName
            reminder.due = min(reminder.due, day)
            due[key(address)] = reminder
        }
        return due.values.sorted { ($0.due, $0.address) < ($1.due, $1.address) }
    }

    /// Records that the mail about these entries was sent, today.
    ///
    /// Errors: `alreadyDone` where one went to the same address today; `badValue` for an entry without an address;
    /// `unknownItem`, `ambiguousItem`.
    public func recordReminders(_ items: [ItemReference], by author: AuthorCode) throws {
        typealias Reminders = CaseworkSchema.Reminders
        try change(by: author) { writing in
            let snapshot = writing.transaction.snapshot
            let records = try items.map { try Self.entryRecord($0, snapshot) }
            let sent = try snapshot.records(
                Reminders.collection, where: "sent_on = ?", [.text(writing.today.description)]
            ).compactMap { $0[Reminders.address]?.lowercased() }
            for record in records {
                guard let address = record[CaseworkSchema.Directory.email].flatMap(MailText.firstAddress) else {
                    throw CaseworkError(
                        .badValue, "reminder.noAddress", ["id": "\(ItemReference(record.id))"])
                }
                guard !sent.contains(address.lowercased()) else {
                    throw CaseworkError(
                        .alreadyDone,
                        "reminder.today", ["id": "\(ItemReference(record.id))"]
                    )
                }
                try writing.transaction.add(Reminders.collection, parent: record.id) { row in
                    row[Reminders.on] = writing.today
                    row[Reminders.address] = address
                    row[Reminders.by] = author.text
                }
            }
        }
    }
}
