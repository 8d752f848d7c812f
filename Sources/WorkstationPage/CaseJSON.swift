import Casework
import JSON
import Merge
import Replica

/// A case with its three chapters.
func caseJSON(
    _ details: CaseDetails, _ settings: LineSettings, today: CalendarDate, isLateRead: Bool
) -> JSONValue {
    [
        "number": optional(details.reference?.description),
        "isOpen": .bool(details.status != CaseStatus.closed.rawValue),
        "caller": optional(details.caller), "concerns": .array(details.concerns.map { .string($0.rawValue) }),
        "age": optional(details.age), "concernsChild": .bool(details.concernsChild),
        "language": optional(details.language), "openedAt": optional(details.openedAt),
        "openedBy": optional(details.openedBy), "closedAt": optional(details.closedAt),
        "isLateRead": .bool(isLateRead), "closingReason": optional(details.closingReason),
        "shreddedAt": optional(details.shreddedAt),
        "basis": .string(details.basis.token),
        "notes": .array(
            details.notes.map { note in
                [
                    "id": .string(ItemReference(note.id).description), "kind": .string(note.kind),
                    "about": optional(note.about.map { ItemReference($0).description }), "text": .string(note.text),
                    "by": .string(note.by), "at": JSONValue(note.at.milliseconds),
                    "isLate": .bool(isLate(note, details)),
                ]
            }),
        "contacts": .array(
            details.contacts.map { contact in
                [
                    "id": .string(ItemReference(contact.id).description), "kind": .string(contact.kind),
                    "channel": optional(contact.channel), "language": optional(contact.language),
                    "interpreting": optional(contact.interpreting), "request": optional(contact.request),
                    "minutes": contact.minutes.map { JSONValue($0) } ?? nil, "at": JSONValue(contact.at.milliseconds),
                    "by": .string(contact.by),
                ]
            }),
        "promises": .array(
            details.promises.map { promise in
                [
                    "id": .string(ItemReference(promise.id).description), "text": optional(promise.text),
                    "due": optional(promise.due), "status": .string(promise.status), "keptOn": optional(promise.keptOn),
                    "keptBy": optional(promise.keptBy), "at": optional(promise.at), "by": .string(promise.by),
                    "isOverdue": .bool(promise.due.map { $0 < today } ?? false),
                ]
            }),
        "referrals": .array(
            details.referrals.map { referral in
                [
                    "id": .string(ItemReference(referral.id).description),
                    "entry": optional(referral.entry.map { ItemReference($0).description }),
                    "organisation": optional(referral.organisation), "way": optional(referral.way),
                    "verifiedOn": optional(referral.verifiedOn), "outcome": optional(referral.outcome),
                    "outcomeBy": optional(referral.outcomeBy), "at": optional(referral.at), "by": .string(referral.by),
                ]
            }),
        "followUps": .array(details.followUps.map { followUpJSON($0, today) }),
        "heardOf": optional(details.heardOf), "research": optional(details.researchOffer),
        "measures": .array(
            details.measures.map { measure in
                ["kind": .string(measure.kind), "on": optional(measure.on), "by": .string(measure.by)]
            }),
        "conflicts": .array(details.conflicts.map { conflictJSON($0, here: nil) }),
        "attempts": JSONValue(settings.followUpRules.attemptCount(concernsChild: details.concernsChild)),
    ]
}

/// Written after the case was closed.
private func isLate(_ note: NoteDetails, _ details: CaseDetails) -> Bool {
    guard details.status == CaseStatus.closed.rawValue, let closedAt = details.closedAt else { return false }
    return note.at > closedAt
}

private func followUpJSON(_ followUp: FollowUpDetails, _ today: CalendarDate) -> JSONValue {
    let next: JSONValue =
        switch followUp.next {
        case .call(let number, let count, let day, let isExtra):
            [
                "is": "call", "number": JSONValue(number), "of": JSONValue(count), "from": .string(day.description),
                "isExtra": .bool(isExtra), "isOverdue": .bool(day < today),
            ]
        case .awaitRingBack(let day, let closing):
            ["is": "ringBack", "on": .string(day.description), "closingFrom": .string(closing.description)]
        case .proposeClosing: ["is": "close"]
        case nil: nil
        }
    return [
        "id": .string(ItemReference(followUp.id).description), "kind": .string(followUp.kind),
        "due": optional(followUp.due), "status": .string(followUp.status), "next": next,
        "attempts": .array(
            followUp.attempts.map { attempt in
                [
                    "result": .string(attempt.result), "at": JSONValue(attempt.at.milliseconds),
                    "by": .string(attempt.by),
                ]
            }),
    ]
}
