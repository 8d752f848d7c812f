import Casework
import Commands
import JSON
import Replica

/// What holds for the whole line: its name, rules and opening hours.
let settingsCommands: [Command] = [
    Command(
        "line show", summary: "Whether the line is open, its hours and its rules.", isDefault: true,
        example: "lugn line"
    ) { context in
        let workplace = try Workplace(context)
        let settings = try workplace.casework.settings()
        let opening = try workplace.casework.openingNow()
        if context.flag("json") { return context.output.write(json(settings, opening)) }
        text(settings, opening).forEach { context.output.print($0) }
    },
    Command(
        "line set", summary: "Change the line's name or rules, at every desk.",
        details: "Only what is given is changed.",
        options: [
            .value("name", "NAME", "The line's name."),
            .value("phone", "NUMBER", "The line's own number, which may then stand in notes."),
            .list("languages", "CODES", "The languages that are spoken."),
            .integer("retention-months", "N", in: LineSettings.months, "From closing to the shredding of free text."),
            .value("erasure-months", "N", "From closing to the erasure of the case; \"never\" to keep statistics."),
            .integer("verification-months", "N", in: LineSettings.months, "How long a verification holds."),
            .integer("follow-up-from", "DAYS", in: LineSettings.days, "Days to a follow-up call, at least."),
            .integer("follow-up-to", "DAYS", in: LineSettings.days, "Days to a follow-up call, at most."),
            .integer("attempts", "N", in: LineSettings.attempts, "How often a caller is called."),
            .integer("attempts-child", "N", in: LineSettings.attempts, "The same, where a child is concerned."),
            .integer(
                "anonymous-days", "DAYS", in: LineSettings.days,
                "From the day on which a caller was to ring back, to the proposal to close."),
            .choice("holidays", ["open", "closed"], "Public holidays and the three eves."),
        ], example: "lugn line set --name Orostelefonen --phone \"020-100 200\" --verification-months 6"
    ) { context in
        let workplace = try Workplace(context)
        try workplace.casework.change(changes(context, workplace.casework.settings()))
        context.confirm("Saved.")
    },
    Command(
        "line hours add", summary: "Add opening hours on some days of the week.",
        details: "Hours add up. The first that are added replace the ones that hold while none are set.",
        options: [
            .list("days", "DAYS", choices: Weekday.allCases.map(\.word), "On these days; every day otherwise."),
            .list("hours", "HOURS", "From and to, such as 09:00-12:00.", required: true),
            .day("from", "The first day of the season."), .day("through", "The last day of the season."),
        ], example: "lugn line hours add --days mon,wed,fri --hours 18:00-22:00 --from 2017-08-28"
    ) { context in
        let workplace = try Workplace(context)
        let id = try workplace.casework.addHours(
            context.list("days").compactMap { Weekday(word: $0) }, context.list("hours"),
            from: context.day("from", workplace), through: context.day("through", workplace))
        context.writeID(id, "Saved.")
    },
    Command(
        "line hours close", summary: "Close the line on a day, or for some days.",
        options: [.day("through", "The last day.")], arguments: [.required("DAY", "The first day.")],
        example: "lugn line hours close 2017-12-27 --through 2017-12-29"
    ) { context in
        let workplace = try Workplace(context)
        let id = try workplace.casework.closeLine(
            on: context.requiredDay("DAY", workplace), through: context.day("through", workplace))
        context.writeID(id, "Saved.")
    },
    Command(
        "line hours end", summary: "Give opening hours a last day.",
        options: [.day("through", "The last day.", required: true)],
        arguments: [.required("ID", "As \"lugn line\" shows it.")],
        example: "lugn line hours end 9f3c01ab --through 2017-08-27"
    ) { context in
        let workplace = try Workplace(context)
        try workplace.casework.endHours(context.requiredItem(), through: context.requiredDay("through", workplace))
        context.confirm("Saved.")
    },
    Command(
        "line hours remove", summary: "Take away opening hours, or a closure, that were a mistake.",
        arguments: [.required("ID", "As \"lugn line\" shows it.")], example: "lugn line hours remove 9f3c01ab"
    ) { context in
        try Workplace(context).casework.removeHours(context.requiredItem())
        context.confirm("Removed.")
    },
]

private func changes(_ context: CommandContext, _ current: LineSettings) throws -> SettingsChanges {
    var changes = SettingsChanges()
    changes.name = context.value("name")
    changes.phone = context.value("phone")
    let languages = context.list("languages")
    if !languages.isEmpty { changes.languages = try languages.map { try LanguageTag($0) } }
    changes.retentionMonths = context.integer("retention-months")
    if let text = context.value("erasure-months") {
        guard let months = text == "never" ? 0 : Int(text), months == 0 || LineSettings.months.contains(months) else {
            throw CommandFailure.wrongUsage(
                "--erasure-months is a number of months, or never", action: "See lugn line set --help")
        }
        changes.erasureMonths = months
    }
    changes.verificationMonths = context.integer("verification-months")
    let (from, through) = (context.integer("follow-up-from"), context.integer("follow-up-to"))
    if from != nil || through != nil {
        let days = current.followUpRules.days
        guard from ?? days.lowerBound <= through ?? days.upperBound else {
            throw CommandFailure.wrongUsage("--follow-up-to is before --follow-up-from", action: "Give both")
        }
        changes.followUpDays = (from ?? days.lowerBound)...(through ?? days.upperBound)
    }
    changes.attempts = context.integer("attempts")
    changes.attemptsForChild = context.integer("attempts-child")
    changes.anonymousDays = context.integer("anonymous-days")
    changes.isClosedOnHolidays = context.value("holidays").map { $0 == "closed" }
    return changes
}

private typealias Opening = (isOpen: Bool, nextOpening: Timestamp?)

private func text(_ settings: LineSettings, _ opening: Opening) -> [String] {
    // In Swedish time, like the hours themselves.
    var lines = [opening.isOpen ? "Open now." : "Closed now."]
    lines.append("Opens next: \(opening.nextOpening.map(LineTime.stockholm.text) ?? "not within 400 days")")
    if let name = settings.name { lines.append("name: \(name)") }
    if let phone = settings.phone { lines.append("phone: \(phone)") }
    if !settings.languages.isEmpty {
        lines.append("languages: \(settings.languages.map(\.text).joined(separator: ", "))")
    }
    if settings.hours.isEmpty {
        lines.append("hours: mon tue wed thu fri 09:00-12:00 13:00-16:00 (none are set)")
    }
    lines += settings.hours.map { "hours \(ItemReference($0.id)): \(hoursText($0))" }
    lines.append("public holidays: \(settings.openingHours.isClosedOnHolidays ? "closed" : "open")")
    let rules = settings.followUpRules
    lines.append(
        "follow-up: after \(rules.days.lowerBound) to \(rules.days.upperBound) days, \(rules.attemptCount) attempts, \(rules.attemptCountForChild) for a child; who does not ring back: \(rules.anonymousDays) days"
    )
    lines.append("a verification holds: \(settings.verificationMonths) months")
    lines.append(
        "from closing: text is shredded after \(settings.retentionMonths) months, the case erased "
            + (settings.erasureMonths.map { "after \($0)" } ?? "never"))
    return lines
}

private func hoursText(_ entry: HoursEntry) -> String {
    var parts = [entry.weekdays.isEmpty ? "every day" : entry.weekdays.map(\.word).joined(separator: " ")]
    parts.append(entry.isClosed ? "closed" : entry.hours.joined(separator: " "))
    if let from = entry.from { parts.append("from \(from)") }
    if let through = entry.through { parts.append("through \(through)") }
    return parts.joined(separator: " ")
}

private func json(_ settings: LineSettings, _ opening: Opening) -> JSONValue {
    let rules = settings.followUpRules
    let hours = settings.hours.map { entry -> JSONValue in
        [
            "id": idJSON(entry.id), "days": .array(entry.weekdays.map { .string($0.word) }),
            "hours": .array(entry.hours.map { .string($0) }), "closed": .bool(entry.isClosed),
            "from": dayJSON(entry.from), "through": dayJSON(entry.through),
        ]
    }
    return [
        "open": .bool(opening.isOpen), "nextOpening": timeJSON(opening.nextOpening), "name": textJSON(settings.name),
        "phone": textJSON(settings.phone), "languages": .array(settings.languages.map { .string($0.text) }),
        "hours": .array(hours), "closedOnHolidays": .bool(settings.openingHours.isClosedOnHolidays),
        "followUpDays": [JSONValue(rules.days.lowerBound), JSONValue(rules.days.upperBound)],
        "attempts": JSONValue(rules.attemptCount), "attemptsForChild": JSONValue(rules.attemptCountForChild),
        "anonymousDays": JSONValue(rules.anonymousDays), "verificationMonths": JSONValue(settings.verificationMonths),
        "retentionMonths": JSONValue(settings.retentionMonths),
        "erasureMonths": settings.erasureMonths.map { JSONValue($0) } ?? nil,
    ]
}
