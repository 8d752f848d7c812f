import Casework
import Commands
import JSON
import Replica

// How a case is written, for people and for programs.

func caseText(_ details: CaseDetails) -> [String] {
    var lines = ["\(numberText(details.reference))  \(details.status)"]
    lines.append("caller: \(details.caller ?? "not recorded")")
    lines.append("concern: \(details.concerns.map(\.rawValue).joined(separator: ", "))")
    lines.append("age: \(details.age ?? "not recorded")\(details.concernsChild ? " (concerns a child)" : "")")
    if let closedAt = details.closedAt, details.status == CaseStatus.closed.rawValue {
        lines.append("closed: \(timeText(closedAt)) \(details.closingReason ?? "")")
    }
    if let shreddedAt = details.shreddedAt { lines.append("text shredded: \(timeText(shreddedAt))") }
    lines += details.contacts.map(contactText)
    lines += details.notes.map { "\(noteWord($0)) \(ItemReference($0.id)) \(timeText($0.at)) \($0.by): \($0.text)" }
    for promise in details.promises {
        let kept = promise.keptOn.map { " on \($0)" } ?? ""
        lines.append(
            "promised \(ItemReference(promise.id)) by \(promise.due?.description ?? "-"): \(promise.status)\(kept)")
    }
    for referral in details.referrals {
        let whom = referral.entry == nil ? "nobody" : referral.organisation ?? "(not here)"
        let way = referral.way.map { " (\($0))" } ?? ""
        let outcome = referral.outcome ?? "outcome not known yet"
        lines.append("referred \(ItemReference(referral.id)) \(timeText(referral.at)) to \(whom)\(way): \(outcome)")
    }
    for followUp in details.followUps {
        lines.append(
            "follow-up \(ItemReference(followUp.id)) \(followUp.kind) \(followUp.due?.description ?? "-"): \(followUp.next.map(stepText) ?? followUp.status)"
        )
        lines += followUp.attempts.map { "  attempt \(timeText($0.at)) \($0.by): \($0.result)" }
    }
    lines += details.measures.map { measure in
        "\(measure.kind) \(ItemReference(measure.id)) \(measure.on?.description ?? "-") \(measure.by)"
    }
    for conflict in details.conflicts {
        lines.append("TO DECIDE \(conflict.field): \(conflict.kept) or \(conflict.other)  (lugn conflicts)")
    }
    return lines
}

private func contactText(_ contact: ContactDetails) -> String {
    var parts = ["contact", ItemReference(contact.id).description, timeText(contact.at), contact.kind]
    parts += [contact.channel, contact.language, contact.interpreting, contact.request].compactMap { $0 }
    if let minutes = contact.minutes { parts.append("\(minutes) min") }
    if contact.isOutsideHours == true { parts.append("outside hours") }
    parts.append(contact.by)
    return parts.joined(separator: " ")
}

private func noteWord(_ note: NoteDetails) -> String {
    switch note.kind {
    case NoteKind.nextStep.rawValue: "next step"
    case NoteKind.promise.rawValue: "promise"
    default: note.kind
    }
}

func caseJSON(_ details: CaseDetails) -> JSONValue {
    let notes = details.notes.map { note -> JSONValue in
        [
            "id": idJSON(note.id), "text": .string(note.text), "by": .string(note.by), "at": timeJSON(note.at),
            "kind": .string(note.kind), "about": note.about.map { idJSON($0) } ?? nil,
            "notPersonalData": .array(note.exemptions.map { .string($0) }),
        ]
    }
    func measures(_ list: [MeasureDetails]) -> JSONValue {
        .array(list.map { ["id": idJSON($0.id), "madeOn": dayJSON($0.on), "by": .string($0.by)] })
    }
    return [
        "number": numberJSON(details.reference), "status": .string(details.status),
        "caller": textJSON(details.caller), "concerns": .array(details.concerns.map { .string($0.rawValue) }),
        "age": textJSON(details.age), "concernsChild": .bool(details.concernsChild),
        "language": textJSON(details.language), "heardOf": textJSON(details.heardOf),
        "research": textJSON(details.researchOffer), "openedAt": timeJSON(details.openedAt),
        "closedAt": timeJSON(details.closedAt), "closingReason": textJSON(details.closingReason),
        "shreddedAt": timeJSON(details.shreddedAt), "notes": .array(notes),
        "contacts": .array(details.contacts.map(contactJSON)),
        "promises": .array(details.promises.map { promiseJSON($0) }),
        "referrals": .array(details.referrals.map { referralJSON($0) }),
        "followUps": .array(details.followUps.map { followUpJSON($0) }),
        "concernReports": measures(details.concernReports),
        "assessments": measures(details.assessments), "reviews": measures(details.reviews),
        "conflicts": .array(details.conflicts.map(conflictJSON)),
    ]
}

func contactJSON(_ contact: ContactDetails) -> JSONValue {
    [
        "id": idJSON(contact.id), "kind": .string(contact.kind), "channel": textJSON(contact.channel),
        "language": textJSON(contact.language), "at": timeJSON(contact.at), "by": .string(contact.by),
        "interpreting": textJSON(contact.interpreting), "request": textJSON(contact.request),
        "minutes": contact.minutes.map { JSONValue($0) } ?? nil,
        "outsideHours": contact.isOutsideHours.map { .bool($0) } ?? nil,
    ]
}
