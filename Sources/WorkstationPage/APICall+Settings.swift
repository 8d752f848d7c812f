import Casework
import HTTPServer
import JSON
import LocalPage
import Merge
import Replica
import Workstation

/// What a lead settles for the whole line. Everybody may read it.
extension APICall {
    func settingsAnswer() async throws -> JSONValue {
        if isWrite {
            if parts.dropFirst().first == "preview" { return try settingsPreview() }
            try requireLead()
            switch parts.dropFirst().first {
            case nil: try await changeSettings()
            case "hours": try addHours()
            case "closed":
                guard let from = try day("from") else { throw Problem.badRequest }
                try casework.closeLine(on: from, through: day("through"))
            case "hours-end":
                guard let item = try item("id"), let through = try day("through") else { throw Problem.badRequest }
                try casework.endHours(item, through: through)
            case "hours-remove":
                guard let item = try item("id") else { throw Problem.badRequest }
                try casework.removeHours(item)
            default: throw Problem.notFound
            }
        }
        return settingsJSON(
            try casework.settings(), try casework.retentionRules(), isLead: try isLead(),
            isLeadDesk: try workstation.isLeadDesk(), isLeadCode: try isLeadCode())
    }

    private func number(_ name: String) -> Int? { body[name]?.integer.map { Int(clamping: $0) } }

    /// The rules that destroy first: they need the server, and where it is away nothing is changed.
    private func changeSettings() async throws {
        let changes = try settingsChanges()
        let settled = try casework.retentionRules()
        let rules = retentionRules(settled)
        if rules != settled { try await workstation.setRetention(rules) }
        if !changes.isEmpty || rules == settled { try casework.change(changes) }
    }

    /// Those that are settled, with what was typed in their place; 0 erases no case.
    private func retentionRules(_ settled: RetentionRules) -> RetentionRules {
        var rules = settled
        if let months = number("retentionMonths") { rules.shreddingMonths = months }
        if let months = number("erasureMonths") { rules.erasureMonths = months == 0 ? nil : months }
        return rules
    }

    private func settingsChanges() throws -> SettingsChanges {
        var changes = SettingsChanges()
        changes.name = body["name"]?.string
        changes.phone = body["phone"]?.string
        if let tags = body["languages"]?.array?.compactMap(\.string) {
            changes.languages = try tags.map { try LanguageTag($0) }
        }
        changes.verificationMonths = number("verificationMonths")
        changes.reminderMonths = number("reminderMonths")
        changes.attempts = number("attempts")
        changes.attemptsForChild = number("attemptsForChild")
        changes.anonymousDays = number("anonymousDays")
        changes.quietDays = number("quietDays")
        changes.isClosedOnHolidays = body["isClosedOnHolidays"]?.bool
        if let from = number("followUpFrom"), let through = number("followUpThrough") {
            guard from <= through else { throw Problem(409, "bad-value", "the days are in the wrong order") }
            changes.followUpDays = from...through
        }
        return changes
    }

    private func addHours() throws {
        // A day that is not known is no reason to open on all of them.
        let days = try (body["days"]?.array ?? []).map { value in
            guard let day = value.string.flatMap(Weekday.init(word:)) else { throw Problem.badRequest }
            return day
        }
        guard !days.isEmpty else {
            throw Problem(409, "bad-value", "no day of the week was given; nothing was changed")
        }
        try casework.addHours(
            days, [text("from") + "-" + text("through")], from: day("first"),
            through: day("last"), channel: body["channel"]?.string.flatMap { $0.isEmpty ? nil : try Channel(word: $0) })
    }

    /// What the rules that were typed would mean today; nothing is changed.
    private func settingsPreview() throws -> JSONValue {
        let settings = try casework.settings()
        let today = try casework.currentDay()
        let known = settings.followUpRules
        let from = number("followUpFrom") ?? known.days.lowerBound
        let through = number("followUpThrough") ?? known.days.upperBound
        let attempts = number("attempts") ?? known.attemptCount
        let forChild = number("attemptsForChild") ?? known.attemptCountForChild
        let anonymous = number("anonymousDays") ?? known.anonymousDays
        guard LineSettings.days.contains(from), LineSettings.days.contains(through), from <= through,
            LineSettings.attempts.contains(attempts), LineSettings.attempts.contains(forChild),
            LineSettings.days.contains(anonymous),
            number("retentionMonths").map(LineSettings.months.contains) ?? true,
            (number("erasureMonths") ?? 0) == 0 || LineSettings.months.contains(number("erasureMonths") ?? 0)
        else { throw Problem(409, "bad-value", "a number is outside of what is possible") }
        let rules = FollowUpRules(
            days: from...through, attemptCount: attempts, attemptCountForChild: forChild, anonymousDays: anonymous)
        var days = [rules.proposeFollowUp(from: today, isStaffed: settings.openingHours.isOpen(on:))]
        for _ in 1..<min(attempts, 10) {
            days.append(rules.nextAttempt(after: days[days.count - 1], isStaffed: settings.openingHours.isOpen(on:)))
        }
        let due = try casework.retentionPreview(retentionRules(casework.retentionRules()))
        return [
            "attempts": .array(days.map { .string($0.description) }),
            "closing": .string(rules.proposesClosing(agreedDay: today).description),
            "shredded": JSONValue(due.count { $0.action == .shred }),
            "erased": JSONValue(due.count { $0.action == .erase }),
        ]
    }

    // MARK: Retention

    /// What the rules say is to go; or lets it go.
    func retentionAnswer() throws -> JSONValue {
        let due = try casework.retentionPreview()
        guard isWrite else {
            return .array(
                due.map { item in
                    [
                        "number": optional(item.reference?.description), "action": .string(item.action.rawValue),
                        "closedOn": .string(item.closedOn.description), "texts": JSONValue(item.noteCount),
                    ]
                })
        }
        try requireLead()
        // What cannot be undone is typed: how many cases it is.
        guard try text("typed").trimmed == String(due.count) else {
            throw Problem(409, "not-typed", "another number was typed; nothing was erased")
        }
        let result = try casework.applyRetention(by: author())
        return ["shredded": JSONValue(result.shredded), "erased": JSONValue(result.erased)]
    }

    // MARK: Who works here

    func peopleAnswer() throws -> JSONValue {
        if isWrite {
            if parts.dropFirst().first == "pin" {
                try workstation.changePIN(from: text("old"), to: text("new"), of: author())
            } else {
                try requireLeadCode()
                let code = try AuthorCode(text("code"))
                switch parts.dropFirst().first {
                case "forget-pin": try workstation.forgetPIN(of: code)
                case "lead": try workstation.setLead(code, body["isLead"]?.bool == true)
                default: throw Problem.notFound
                }
            }
        }
        return .array(
            try workstation.people().map { ["code": .string($0.code.text), "isLead": .bool($0.isLead)] })
    }
}

extension String {
    /// Without blanks at both ends.
    var trimmed: String {
        String(drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
    }
}
