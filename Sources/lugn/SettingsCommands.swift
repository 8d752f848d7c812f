import Casework
import Commands
import JSON
import Replica

/// What holds for the whole line: its name, rules and opening hours.
let settingsCommands: [Command] = [
    Command(
        "line show", summary: "Whether the line is open, by which channels, its hours and its rules.", isDefault: true,
        options: [.word("channel", Channel.self, "Whether this one is open.", only: [.phone, .chat])],
        example: "lugn line\nlugn line --channel chat"
    ) { context in
        let workplace = try Workplace(context)
        let settings = try workplace.casework.settings()
        let only: Channel? = try context.choice("channel")
        let openings = try ([nil] + [Channel.phone, .chat]).map { channel in
            Opening(channel, try workplace.casework.openingNow(channel))
        }
        if context.flag("json") { return context.output.write(json(settings, openings)) }
        let say = try context.say(workplace)
        if let only { return text(openings.filter { $0.channel == only }, say).forEach { context.output.print($0) } }
        (text(openings, say) + text(settings, say)).forEach { context.output.print($0) }
    },
    Command(
        "line set", summary: "Change the line's name or rules, at every desk.",
        details: "Only what is given is changed.",
        options: [
            .value("name", "NAME", "The line's name."),
            .value("phone", "NUMBER", "The line's own number, which may then stand in notes."),
            .list("languages", "LANGUAGES", "The languages that are spoken: sv,ar,dari."),
            .choice(
                "time-zone", LineTime.Zone.allCases.map(\.rawValue),
                "In whose time everything is typed, shown and counted."),
            .integer("retention-months", "N", in: LineSettings.months, "From closing to the shredding of free text."),
            .value("erasure-months", "N", "From closing to the erasure of the case; \"never\" to keep statistics."),
            .integer("verification-months", "N", in: LineSettings.months, "How long a verification holds."),
            .integer(
                "reminder-months", "N", in: LineSettings.months, "How often a contact is asked by mail for changes."),
            .integer("follow-up-from", "DAYS", in: LineSettings.days, "Days to a follow-up call, at least."),
            .integer("follow-up-to", "DAYS", in: LineSettings.days, "Days to a follow-up call, at most."),
            .integer("attempts", "N", in: LineSettings.attempts, "How often a caller is called."),
            .integer("attempts-child", "N", in: LineSettings.attempts, "The same, where a child is concerned."),
            .integer(
                "anonymous-days", "DAYS", in: LineSettings.days,
                "From the day on which a caller was to ring back, to the proposal to close."),
            .integer(
                "quiet-days", "DAYS", in: LineSettings.days, "After which an open case with nothing planned is listed."),
            .choice("holidays", ["open", "closed"], "Public holidays and the three eves."),
        ], example: "lugn line set --name Orostelefonen --phone \"020-100 200\" --verification-months 6"
    ) { context in
        let workplace = try Workplace(context)
        try workplace.casework.change(changes(context, workplace.casework.settings()))
        context.confirm("saved")
    },
    Command(
        "line hours add", summary: "Add opening hours on some days of the week.",
        details: "Hours add up. The first that are added replace the ones that hold while none are set.",
        options: [
            .list(
                "days", "DAYS", choices: Weekday.allCases.map(\.word), "On these days; every day otherwise.",
                meaning: { Weekday(typed: $0)?.word }),
            .word("channel", Channel.self, "Of phone or chat alone; of both otherwise.", only: [.phone, .chat]),
            .list("hours", "HOURS", "From and to, such as 09:00-12:00.", required: true),
            .day("from", "The first day of the season."), .day("through", "The last day of the season."),
        ], example: "lugn line hours add --days mån,ons,fre --hours 18:00-22:00 --channel chat --from 2017-08-28"
    ) { context in
        let workplace = try Workplace(context)
        let id = try workplace.casework.addHours(
            context.list("days").compactMap { Weekday(word: $0) }, context.list("hours"),
            from: context.day("from", workplace), through: context.day("through", workplace),
            channel: context.choice("channel"))
        context.writeID(id, "saved")
    },
    Command(
        "line hours close", summary: "Close the line on a day, or for some days.",
        options: [.day("through", "The last day.")], arguments: [.required("DAY", "The first day.")],
        example: "lugn line hours close 2017-12-27 --through 2017-12-29"
    ) { context in
        let workplace = try Workplace(context)
        let id = try workplace.casework.closeLine(
            on: context.requiredDay("DAY", workplace), through: context.day("through", workplace))
        context.writeID(id, "saved")
    },
    Command(
        "line hours end", summary: "Give opening hours a last day.",
        options: [.day("through", "The last day.", required: true)],
        arguments: [.required("ID", "As \"lugn line\" shows it.")],
        example: "lugn line hours end 9f3c01ab --through 2017-08-27"
    ) { context in
        let workplace = try Workplace(context)
        try workplace.casework.endHours(context.requiredItem(), through: context.requiredDay("through", workplace))
        context.confirm("saved")
    },
    Command(
        "line hours remove", summary: "Take away opening hours, or a closure, that were a mistake.",
        arguments: [.required("ID", "As \"lugn line\" shows it.")], example: "lugn line hours remove 9f3c01ab"
    ) { context in
        try Workplace(context).casework.removeHours(context.requiredItem())
        context.confirm("removed")
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
    changes.zone = try context.choice("time-zone")
    changes.verificationMonths = context.integer("verification-months")
    changes.reminderMonths = context.integer("reminder-months")
    changes.quietDays = context.integer("quiet-days")
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

/// Whether a channel, or the line by any, is open, and when it opens next.
private struct Opening {
    var channel: Channel?
    var isOpen: Bool
    var next: Timestamp?

    init(_ channel: Channel?, _ opening: (isOpen: Bool, nextOpening: Timestamp?)) {
        self.channel = channel
        (isOpen, next) = opening
    }
}

private func text(_ openings: [Opening], _ say: Say) -> [String] {
    openings.flatMap { opening -> [String] in
        let next = opening.next.map { say.time($0) } ?? say("line.notSoon")
        guard let channel = opening.channel else {
            return [say(opening.isOpen ? "line.open" : "line.closed"), say("line.next", ["time": next])]
        }
        return [
            say(
                opening.isOpen ? "line.channelOpen" : "line.channelClosed",
                ["channel": channel.label(say.words), "time": next])
        ]
    }
}

private func text(_ settings: LineSettings, _ say: Say) -> [String] {
    var lines: [String] = []
    if let name = settings.name { lines.append("\(say("line.name")): \(name)") }
    if let phone = settings.phone { lines.append("\(say("line.phone")): \(phone)") }
    if !settings.languages.isEmpty {
        lines.append(
            "\(say("line.languages")): \(settings.languages.map { say.language($0.text) }.joined(separator: ", "))")
    }
    lines.append("\(say("line.time")): \(settings.time.zone.rawValue)")
    if settings.hours.isEmpty { lines.append(say("line.defaultHours")) }
    lines += settings.hours.map { "\(say("line.hours")) \(ItemReference($0.id)): \(hoursText($0, say))" }
    lines.append(say(settings.openingHours.isClosedOnHolidays ? "line.holidaysClosed" : "line.holidaysOpen"))
    let rules = settings.followUpRules
    lines.append(
        say(
            "line.rules",
            [
                "from": String(rules.days.lowerBound), "to": String(rules.days.upperBound),
                "attempts": String(rules.attemptCount), "child": String(rules.attemptCountForChild),
                "days": String(rules.anonymousDays),
            ]))
    lines.append(say("line.quiet", ["days": String(settings.quietDays)]))
    lines.append(
        say(
            "line.directory",
            ["months": String(settings.verificationMonths), "reminders": String(settings.reminderMonths)]))
    lines.append(
        say("line.retention", ["months": String(settings.retentionMonths)])
            + (settings.erasureMonths.map { say("line.erasure", ["months": String($0)]) } ?? say("line.noErasure")))
    return lines
}

private func hoursText(_ entry: HoursEntry, _ say: Say) -> String {
    let days = entry.weekdays.map { say("weekdayShort.\($0.rawValue)") }
    var parts = [days.isEmpty ? say("line.everyDay") : days.joined(separator: " ")]
    parts.append(entry.isClosed ? say("line.closedDays") : entry.hours.joined(separator: " "))
    if let channel = entry.channel { parts.append(say.word(channel, Channel.self)) }
    if let from = entry.from { parts.append(say("line.from", ["day": from.description])) }
    if let through = entry.through { parts.append(say("line.through", ["day": through.description])) }
    return parts.joined(separator: " ")
}

private func json(_ settings: LineSettings, _ openings: [Opening]) -> JSONValue {
    let rules = settings.followUpRules
    let hours = settings.hours.map { entry -> JSONValue in
        [
            "id": idJSON(entry.id), "days": .array(entry.weekdays.map { .string($0.word) }),
            "hours": .array(entry.hours.map { .string($0) }), "closed": .bool(entry.isClosed),
            "from": dayJSON(entry.from), "through": dayJSON(entry.through), "channel": textJSON(entry.channel),
        ]
    }
    let channels = openings.compactMap { opening -> JSONMember? in
        opening.channel.map { channel in
            JSONMember(
                channel.rawValue, ["open": .bool(opening.isOpen), "nextOpening": timeJSON(opening.next)])
        }
    }
    return [
        "open": .bool(openings.first?.isOpen ?? false), "nextOpening": timeJSON(openings.first?.next),
        "channels": .object(channels), "name": textJSON(settings.name),
        "phone": textJSON(settings.phone), "languages": .array(settings.languages.map { .string($0.text) }),
        "timeZone": .string(settings.time.zone.rawValue),
        "hours": .array(hours), "closedOnHolidays": .bool(settings.openingHours.isClosedOnHolidays),
        "followUpDays": [JSONValue(rules.days.lowerBound), JSONValue(rules.days.upperBound)],
        "attempts": JSONValue(rules.attemptCount), "attemptsForChild": JSONValue(rules.attemptCountForChild),
        "anonymousDays": JSONValue(rules.anonymousDays), "quietDays": JSONValue(settings.quietDays),
        "verificationMonths": JSONValue(settings.verificationMonths),
        "reminderMonths": JSONValue(settings.reminderMonths), "retentionMonths": JSONValue(settings.retentionMonths),
        "erasureMonths": settings.erasureMonths.map { JSONValue($0) } ?? nil,
    ]
}
