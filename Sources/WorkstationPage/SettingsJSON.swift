import Casework
import JSON

func settingsJSON(
    _ settings: LineSettings, _ retention: RetentionRules, isLead: Bool, isLeadDesk: Bool, isLeadCode: Bool
) -> JSONValue {
    [
        "name": optional(settings.name), "phone": optional(settings.phone),
        "languages": .array(settings.languages.map { .string($0.text) }),
        "retentionMonths": JSONValue(retention.shreddingMonths),
        "erasureMonths": retention.erasureMonths.map { JSONValue($0) } ?? nil,
        "verificationMonths": JSONValue(settings.verificationMonths),
        "reminderMonths": JSONValue(settings.reminderMonths),
        "followUpFrom": JSONValue(settings.followUpRules.days.lowerBound),
        "followUpThrough": JSONValue(settings.followUpRules.days.upperBound),
        "attempts": JSONValue(settings.followUpRules.attemptCount),
        "attemptsForChild": JSONValue(settings.followUpRules.attemptCountForChild),
        "anonymousDays": JSONValue(settings.followUpRules.anonymousDays), "quietDays": JSONValue(settings.quietDays),
        "isClosedOnHolidays": .bool(settings.openingHours.isClosedOnHolidays),
        "hours": .array(
            settings.hours.map { entry in
                [
                    "id": .string(ItemReference(entry.id).description),
                    "days": .array(entry.weekdays.map { .string($0.word) }),
                    "hours": .array(entry.hours.map { .string($0) }), "channel": optional(entry.channel),
                    "from": optional(entry.from), "through": optional(entry.through), "isClosed": .bool(entry.isClosed),
                ]
            }),
        "isLead": .bool(isLead), "isLeadDesk": .bool(isLeadDesk),
        "isLeadCode": .bool(isLeadCode),
    ]
}
