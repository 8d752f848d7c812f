import Casework
import HTTPServer
import JSON
import Replica
import Workstation

/// What belongs to the line: the directory, its figures, its settings.
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
            case "edit": try casework.editDirectory(item, directoryFields(), by: author)
            case "retire": try casework.setRetired(item, body["isRetired"]?.bool ?? true)
            default: throw Problem.notFound
            }
            return entryJSON(try casework.directoryEntry(item), terms)
        }
        if parts.count > 1 {
            return entryJSON(try casework.directoryEntry(ItemReference(parsing: parts[1])), terms)
        }
        let found = try workstation.directory(
            head.query("q") ?? "", onlyVerified: head.query("verified") != nil, onlyDue: head.query("due") != nil)
        return .array(found.map { entryJSON($0, terms) })
    }

    private func directoryFields() throws -> DirectoryFields {
        var fields = DirectoryFields(
            name: body["name"]?.string.map { MarkedText($0) },
            kind: try body["kind"]?.string.flatMap { $0.isEmpty ? nil : try OrganisationKind(word: $0) },
            source: try body["source"]?.string.flatMap { $0.isEmpty ? nil : try DirectorySource(word: $0) })
        if let area = body["area"]?.string { fields.area = area.isEmpty ? .everywhere : try Area(typed: area) }
        fields.offers = body["offers"]?.string.map { MarkedText($0) }
        if let ages = body["ages"]?.string { fields.ages = ages.isEmpty ? .all : try AgeRange(typed: ages) }
        fields.contactName = body["contactName"]?.string
        fields.phone = body["phone"]?.string
        fields.email = body["email"]?.string
        return fields
    }

    func statisticsAnswer() throws -> JSONValue {
        let language: ReportLanguage = pages.language() == "en" ? .english : .swedish
        if let month = head.query("month") {
            return documentJSON(try casework.internalReport(Month(parsing: month)).document(language))
        }
        guard let from = head.query("from").flatMap({ CalendarDate($0) }),
            let through = head.query("through").flatMap({ CalendarDate($0) })
        else { throw Problem.badRequest }
        let statistics = try casework.statistics(StatisticsPeriod(from: from, through: through))
        return documentJSON(try statistics.suppressing(below: 5).document(language))
    }

    func settingsAnswer() throws -> JSONValue {
        if isWrite {
            var changes = SettingsChanges()
            changes.name = body["name"]?.string
            changes.phone = body["phone"]?.string
            func number(_ name: String) -> Int? { body[name]?.integer.map { Int(clamping: $0) } }
            changes.retentionMonths = number("retentionMonths")
            changes.verificationMonths = number("verificationMonths")
            changes.attempts = number("attempts")
            changes.attemptsForChild = number("attemptsForChild")
            changes.anonymousDays = number("anonymousDays")
            if let from = number("followUpFrom"), let through = number("followUpThrough"), from <= through {
                changes.followUpDays = from...through
            }
            try casework.change(changes)
        }
        return settingsJSON(try casework.settings(), retention: try casework.retentionPreview().count)
    }
}
