import Casework
import JSON
import Merge
import Replica
import Workstation

// What the page shows, as JSON: words of the schema, days and moments, never sentences. The page has the words.

func stateJSON(_ state: SyncState, changeNumber: UInt64) -> JSONValue {
    [
        "condition": .string(String(describing: state.condition)), "pending": JSONValue(state.pending),
        "setAside": JSONValue(state.setAside), "unopened": JSONValue(state.unopened),
        "lastSync": optional(state.lastSync), "oldestPending": optional(state.oldestPending),
        "clockOffset": JSONValue(state.clockOffset), "freeNumbers": JSONValue(state.freeNumbers),
        "conflicts": JSONValue(state.conflicts), "late": JSONValue(state.late), "message": optional(state.message),
        "changeNumber": JSONValue(changeNumber),
        "comparisons": .array(
            state.comparisons.map { one in
                ["name": optional(one.name), "isEqual": .bool(one.isEqual), "at": JSONValue(one.at)]
            }),
    ]
}

func workJSON(_ work: WaitingWork, reason: String?) -> JSONValue {
    [
        "commit": JSONValue(work.number), "at": JSONValue(work.at), "number": optional(work.reference?.description),
        "parts": .array(work.parts.map { .string($0) }), "texts": .array(work.texts.map { .string($0) }),
        "reason": optional(reason),
    ]
}

func findingJSON(_ finding: GuardFinding, in text: String) -> JSONValue {
    // The page counts in UTF-16 units, as JavaScript does.
    let utf8 = text.utf8
    let start = utf8.index(utf8.startIndex, offsetBy: finding.bytes.lowerBound)
    let end = utf8.index(utf8.startIndex, offsetBy: finding.bytes.upperBound)
    return [
        "kind": .string(finding.kind.rawValue), "mark": .string(finding.description),
        "must": .bool(finding.response == .refused),
        "start": JSONValue(text.utf16.distance(from: text.startIndex, to: start)),
        "end": JSONValue(text.utf16.distance(from: text.startIndex, to: end)),
    ]
}

func shiftJSON(_ shift: Shift, drafts: [CallDraft]) -> JSONValue {
    [
        "items": .array(
            shift.shown.map { item in
                [
                    "kind": .string(item.kind.rawValue), "id": .string(ItemReference(item.id).description),
                    "number": optional(item.reference?.description), "due": optional(item.due),
                    "isOverdue": .bool(item.isOverdue), "concernsChild": .bool(item.concernsChild),
                    "attempt": item.attempt.map { JSONValue($0.number) } ?? nil,
                    "attempts": item.attempt.map { JSONValue($0.of) } ?? nil, "text": optional(item.text),
                    "field": optional(item.conflict?.field),
                ]
            }),
        "quiet": .array(
            shift.quiet.map { quiet in
                [
                    "kind": .string(quiet.kind.rawValue), "number": .string(quiet.reference.description),
                    "by": optional(quiet.by), "at": JSONValue(quiet.at),
                ]
            }),
        "more": JSONValue(shift.items.count - shift.shown.count),
        "since": [
            "new": JSONValue(shift.newCases), "contacts": JSONValue(shift.contacts), "closed": JSONValue(shift.closed),
        ],
        "drafts": .array(
            drafts.map { draft in
                [
                    "id": .string(draft.id.description), "startedAt": JSONValue(draft.startedAt),
                    "savedAt": JSONValue(draft.savedAt),
                ]
            }),
        "hours": .array(shift.hours.map { [JSONValue($0.lowerBound), JSONValue($0.upperBound)] }),
        "nextOpening": optional(shift.nextOpening),
    ]
}

func findJSON(_ result: FindResult, _ terms: (today: CalendarDate, months: Int)) -> JSONValue {
    let number: JSONValue =
        switch result.number {
        case .found(let reference): ["is": "found", "number": .string(reference.description)]
        case .mistyped: ["is": "mistyped"]
        case .unknown: ["is": "unknown"]
        case nil: nil
        }
    return [
        "number": number,
        "cases": .array(
            result.cases.map { hit in
                [
                    "number": .string(hit.reference.description), "isOpen": .bool(hit.isOpen),
                    "concernsChild": .bool(hit.concernsChild), "excerpt": optional(hit.excerpt),
                    "by": optional(hit.by), "at": optional(hit.at), "openedAt": optional(hit.openedAt),
                    "closedAt": optional(hit.closedAt), "isShredded": .bool(hit.isShredded),
                ]
            }),
        "contacts": .array(result.contacts.map { entryJSON($0, terms) }),
    ]
}

/// - Parameter here: this desk, for whoever is told which of the two values is its own.
func conflictJSON(_ conflict: CaseConflict, here: DeskTag?) -> JSONValue {
    [
        "id": .string(conflict.id), "number": optional(conflict.reference?.description),
        "collection": .string(conflict.collection), "field": .string(conflict.field), "kept": .string(conflict.kept),
        "other": .string(conflict.other), "isKeptFromHere": .bool(conflict.keptBy == here),
        "isOtherFromHere": .bool(conflict.otherBy == here), "keptAt": JSONValue(conflict.keptAt.milliseconds),
        "otherAt": JSONValue(conflict.otherAt.milliseconds), "keptBy": optional(conflict.keptByName),
        "otherBy": optional(conflict.otherByName),
    ]
}

func entryJSON(_ entry: DirectoryEntry, _ terms: (today: CalendarDate, months: Int)) -> JSONValue {
    [
        "id": .string(ItemReference(entry.id).description), "name": .string(entry.name), "kind": optional(entry.kind),
        "area": optional(entry.area.text), "offers": optional(entry.offers), "ages": optional(entry.ages.text),
        "ageFrom": entry.ages.from.map { JSONValue($0) } ?? nil,
        "ageThrough": entry.ages.to.map { JSONValue($0) } ?? nil,
        "hasPlan": entry.hasPlan.map { .bool($0) } ?? nil,
        "reminders": .array(
            entry.reminders.map { ["on": .string($0.on.description), "by": .string($0.by)] }),
        "contactName": optional(entry.contactName), "phone": optional(entry.phone), "email": optional(entry.email),
        "source": optional(entry.source), "isRetired": .bool(entry.isRetired),
        "isVerified": .bool(entry.isVerified(on: terms.today, months: terms.months)),
        "verifications": .array(
            entry.verifications.map { verification in
                [
                    "on": .string(verification.on.description), "result": .string(verification.result),
                    "by": .string(verification.by),
                ]
            }),
    ]
}
