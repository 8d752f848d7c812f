import Casework
import Commands
import JSON
import Replica

/// What holds for the whole line: its name, rules and opening hours.
let settingsCommands: [Command] = [
    Command(
        "line show", isDefault: true,
        options: [.word("channel", Channel.self, only: [.phone, .chat])],
        example: "lugn line\nlugn line --channel chat"
    ) { context in
        let workplace = try Workplace(context)
        let settings = try workplace.casework.settings()
        let only: Channel? = try context.choice("channel")
        let openings = try ([nil] + [Channel.phone, .chat]).map { channel in
            Opening(channel, try workplace.casework.openingNow(channel))
        }
        let rules = try workplace.casework.retentionRules()
        if context.flag("json") { return context.output.write(json(settings, rules, openings)) }
        let say = try context.say(workplace)
        if let only { return text(openings.filter { $0.channel == only }, say).forEach { context.output.print($0) } }
        (text(openings, say) + text(settings, rules, say)).forEach { context.output.print($0) }
    },
    Command(
        "line set",
        options: [
            .value("name", "NAME"),
            .value("phone", "NUMBER"),
            .list("languages", "LANGUAGES"),
            .choice(
                "time-zone", LineTime.Zone.allCases.map(\.rawValue)),
            .integer("verification-months", "N", in: LineSettings.months),
            .integer(
                "reminder-months", "N", in: LineSettings.months),
            .integer("follow-up-from", "DAYS", in: LineSettings.days),
            .integer("follow-up-to", "DAYS", in: LineSettings.days),
            .integer("attempts", "N", in: LineSettings.attempts),
            .integer("attempts-child", "N", in: LineSettings.attempts),
            .integer(
                "anonymous-days", "DAYS", in: LineSettings.days),
            .integer(
                "quiet-days", "DAYS", in: LineSettings.days),
            .choice("holidays", ["open", "closed"]),
        ], example: "lugn line set --name Orostelefonen --phone \"020-100 200\" --verification-months 6"
    ) { context in
        let workplace = try Workplace(context)
        try workplace.casework.change(changes(context, workplace.casework.settings()))
        context.confirm("saved")
    },
    Command(
        "line hours add",
        options: [
            .list(
                "days", "DAYS", choices: Weekday.allCases.map(\.word),
                meaning: { Weekday(typed: $0)?.word }),
            .word("channel", Channel.self, only: [.phone, .chat]),
            .list("hours", "HOURS", required: true),
            .day("from"), .day("through"),
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
        "line hours close", options: [.day("through")], arguments: [.required("DAY")],
        example: "lugn line hours close 2017-12-27 --through 2017-12-29"
    ) { context in
        let workplace = try Workplace(context)
        let id = try workplace.casework.closeLine(
            on: context.requiredDay("DAY", workplace), through: context.day("through", workplace))
        context.writeID(id, "saved")
    },
    Command(
        "line hours end", options: [.day("through", required: true)],
        arguments: [.required("ID")],
        example: "lugn line hours end 9f3c01ab --through 2017-08-27"
    ) { context in
        let workplace = try Workplace(context)
        try workplace.casework.endHours(context.requiredItem(), through: context.requiredDay("through", workplace))
        context.confirm("saved")
    },
    Command(
        "line hours remove", arguments: [.required("ID")], example: "lugn line hours remove 9f3c01ab"
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
    changes.zone = try context.choice("time-zone")
    changes.verificationMonths = context.integer("verification-months")
    changes.reminderMonths = context.integer("reminder-months")
    changes.quietDays = context.integer("quiet-days")
    let (from, through) = (context.integer("follow-up-from"), context.integer("follow-up-to"))
    if from != nil || through != nil {
        let days = current.followUpRules.days
        guard from ?? days.lowerBound <= through ?? days.upperBound else {
            throw CommandFailure(.wrongUsage, key: "failure.followUpDays")
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

private func text(_ settings: LineSettings, _ retention: RetentionRules, _ say: Say) -> [String] {
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
        say("line.retention", ["months": String(retention.shreddingMonths)])
            + (retention.erasureMonths.map { say("line.erasure", ["months": String($0)]) } ?? say("line.noErasure")))
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

private func json(_ settings: LineSettings, _ retention: RetentionRules, _ openings: [Opening]) -> JSONValue {
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
        "reminderMonths": JSONValue(settings.reminderMonths), "retentionMonths": JSONValue(retention.shreddingMonths),
        "erasureMonths": retention.erasureMonths.map { JSONValue($0) } ?? nil,
    ]
}
