public import JSON
import Replica
import Support

extension Statistics {
    /// The report for programs. A number that is hidden is null.
    public var json: JSONValue {
        let months = contacts.map { month -> JSONValue in
            [
                "month": .string(month.month.description), "opening": month.opening.json, "repeat": month.repeat.json,
                "withoutCase": month.withoutCase.json, "outbound": month.outbound.json, "other": month.other.json,
            ]
        }
        return [
            "from": .string(period.from.description), "to": .string(period.through.description),
            "cases": cases.json, "children": children.json, "concern": concern.json, "caller": caller.json,
            "age": age.json, "contacts": .array(months), "contactCount": contactCount.json, "channel": channel.json,
            "language": language.json, "interpreting": interpreting.json, "request": request.json,
            "openingHours": openingHours.json, "referrals": referrals.json, "closings": closings.json,
            "concernReports": concernReports.json,
            "mistakes": ["cases": mistakes.cases.json, "contacts": mistakes.contacts.json], "undated": undated.json,
            "desks": desks.json, "suppressedBelow": suppressedBelow.map { JSONValue($0) } ?? nil,
            "publication": .string(publication.rawValue),
            "generatedAt": .string(UTCTime.rfc3339(milliseconds: generatedAt.milliseconds)),
        ]
    }
}

extension Figure {
    var json: JSONValue { count.map { JSONValue($0) } ?? nil }
}

extension Tally {
    var json: JSONValue { .object(entries.map { JSONMember($0.word, $0.figure.json) }) }
}

extension DeskKnowledge {
    var json: JSONValue {
        [
            "unsent": JSONValue(unsent), "unverified": JSONValue(unverified), "known": JSONValue(known),
            "silent": silent.map { JSONValue($0) } ?? nil,
            "asked": askedMilliseconds.map { .string(UTCTime.rfc3339(milliseconds: $0)) } ?? nil,
            "lastSync": lastSyncMilliseconds.map { .string(UTCTime.rfc3339(milliseconds: $0)) } ?? nil,
        ]
    }
}
