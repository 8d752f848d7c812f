import Casework
import HTTPServer
import JSON
import LocalPage
import Replica
import Workstation

/// The directory.
extension APICall {
    /// How old a verification may be, and today.
    func directoryTerms() throws -> (today: CalendarDate, months: Int) {
        (try casework.currentDay(), try casework.settings().verificationMonths)
    }

    func directoryAnswer() throws -> JSONValue {
        let author = try author()
        let terms = try directoryTerms()
        if isWrite {
            guard parts.count > 1 else {
                let id = try casework.addToDirectory(directoryFields(), by: author)
                return entryJSON(try casework.directoryEntry(ItemReference(id)), terms)
            }
            let item = try ItemReference(parsing: parts[1])
            switch parts.last {
            case "verify":
                try casework.verify(item, VerificationResult(word: text("result")), by: author)
            case "edit":
                try casework.editDirectory(
                    item, directoryFields(), by: author,
                    basedOn: body["basis"]?.string.flatMap { EditBasis(token: $0) })
            case "retire": try casework.setRetired(item, body["isRetired"]?.bool ?? true)
            default: throw Problem.notFound
            }
            return entryJSON(try casework.directoryEntry(item), terms)
        }
        if parts.count > 1 {
            let entry = try casework.directoryEntry(ItemReference(parsing: parts[1]))
            let basis = try casework.replica.read { try $0.basis(CaseworkSchema.Directory.collection, entry.id) }
            guard case .object(let members) = entryJSON(entry, terms) else { throw Problem.notFound }
            return .object(members + [JSONMember("basis", .string(basis.token))])
        }
        let found = try casework.directory(
            matching: head.query("q") ?? "", onlyVerified: head.query("verified") != nil,
            onlyDue: head.query("due") != nil)
        return .array(found.map { entryJSON($0, terms) })
    }

    // MARK: Reminders

    /// Mails to contacts that are due, ready to be sent by a person; or that one was sent.
    func remindersAnswer() throws -> JSONValue {
        if isWrite {
            let items = try (body["entries"]?.array ?? []).compactMap(\.string).map { try ItemReference(parsing: $0) }
            guard !items.isEmpty else { throw Problem.badRequest }
            try casework.recordReminders(items, by: author())
        }
        let words = Words(pages.language() == "en" ? .english : .swedish)
        let settings = try casework.settings()
        return .array(
            try casework.dueReminders().map { reminder in
                let mail = reminder.mail(words, settings)
                return [
                    "address": .string(reminder.address), "contact": optional(reminder.contactName),
                    "due": .string(reminder.due.description), "subject": .string(mail.subject),
                    "text": .string(mail.text), "file": .string(reminder.eml(words, settings)),
                    "entries": .array(
                        reminder.entries.map {
                            ["id": .string(ItemReference($0.id).description), "name": .string($0.name)]
                        }),
                ]
            })
    }

    private func directoryFields() throws -> DirectoryFields {
        var fields = DirectoryFields(
            name: body["name"]?.string.map { MarkedText($0) },
            kind: try body["kind"]?.string.flatMap { $0.isEmpty ? nil : try OrganisationKind(word: $0) },
            source: try body["source"]?.string.flatMap { $0.isEmpty ? nil : try DirectorySource(word: $0) })
        if let area = body["area"]?.string { fields.area = area.isEmpty ? .everywhere : try Area(typed: area) }
        let marks = (body["marks"]?.array ?? []).compactMap(\.string)
        fields.offers = body["offers"]?.string.map { MarkedText($0, notPersonalData: marks) }
        if let plan = body["hasPlan"]?.string { fields.hasPlan = .some(plan.isEmpty ? nil : plan == "yes") }
        if let ages = body["ages"]?.string { fields.ages = ages.isEmpty ? .all : try AgeRange(typed: ages) }
        fields.contactName = body["contactName"]?.string
        fields.phone = body["phone"]?.string
        fields.email = body["email"]?.string
        return fields
    }
}
