import Casework
import Commands
import JSON
import Replica

// How a case is written, for people and for programs.

/// A text's further lines cannot be taken for lines of the case.
private func indented(_ text: String) -> String { text.replacing("\n", with: "\n    ") }

func caseText(_ details: CaseDetails, _ say: Say) -> [String] {
    var lines = ["\(numberText(details.reference, say))  \(say.word(details.status, CaseStatus.self))"]
    lines += classificationText(details, say)
    if let closedAt = details.closedAt, details.status == CaseStatus.closed.rawValue {
        let reason = details.closingReason.map { " " + say.word($0, ClosingReason.self) } ?? ""
        lines.append("\(say("case.closed")): \(say.time(closedAt))\(reason)")
    }
    if let shreddedAt = details.shreddedAt { lines.append("\(say("case.shredded")): \(say.time(shreddedAt))") }
    lines += details.contacts.map { contactText($0, say) }
    lines += details.notes.map {
        "\(say.word($0.kind, NoteKind.self)) \(ItemReference($0.id)) \(say.time($0.at)) \($0.by): \(indented($0.text))"
    }
    lines += details.promises.map { promiseText($0, say) }
    lines += details.referrals.map { referralText($0, say) }
    for followUp in details.followUps {
        let next = followUp.next.map { stepText($0, say) } ?? say.word(followUp.status, FollowUpStatus.self)
        lines.append(
            "\(say("case.followUp")) \(ItemReference(followUp.id)) \(say.word(followUp.kind, FollowUpKind.self)) \(say.day(followUp.due)): \(next)"
        )
        lines += followUp.attempts.map {
            "  \(say("case.attempt")) \(say.time($0.at)) \($0.by): \(say.word($0.result, AttemptResult.self))"
        }
    }
    lines += details.measures.map { measure in
        "\(say.word(measure.kind, MeasureKind.self)) \(ItemReference(measure.id)) \(say.day(measure.on)) \(measure.by)"
    }
    for conflict in details.conflicts {
        lines.append("\(say("case.toDecide")) \(conflictText(conflict, say))  (lugn conflicts)")
    }
    return lines
}

/// What kind of case it is, a line each.
func classificationText(_ details: CaseDetails, _ say: Say) -> [String] {
    let none = say("notRecorded")
    var lines = ["\(say("case.caller")): \(details.caller.map { say.word($0, Caller.self) } ?? none)"]
    let concerns = details.concerns.map { say.word($0.rawValue, Concern.self) }.joined(separator: ", ")
    lines.append("\(say("case.concern")): \(concerns.isEmpty ? none : concerns)")
    let child = details.concernsChild ? " (\(say("case.child")))" : ""
    lines.append("\(say("case.age")): \(details.age.map { say.word($0, AgeBand.self) } ?? none)\(child)")
    if let research = details.researchOffer {
        lines.append("\(say("case.research")): \(say.word(research, ResearchOffer.self))")
    }
    if let heardOf = details.heardOf { lines.append("\(say("case.heardOf")): \(say.word(heardOf, HeardOf.self))") }
    return lines
}

private func contactText(_ contact: ContactDetails, _ say: Say) -> String {
    var parts = [say("case.contact"), ItemReference(contact.id).description, say.time(contact.at)]
    parts.append(say.word(contact.kind, ContactKind.self))
    if let channel = contact.channel { parts.append(say.word(channel, Channel.self)) }
    if let language = contact.language { parts.append(say.language(language)) }
    if let interpreting = contact.interpreting { parts.append(say.word(interpreting, Interpreting.self)) }
    if let request = contact.request { parts.append(say.word(request, Request.self)) }
    if let minutes = contact.minutes { parts.append("\(minutes) min") }
    if contact.isOutsideHours == true { parts.append(say("case.outsideHours")) }
    parts.append(contact.by)
    return parts.joined(separator: " ")
}

private func promiseText(_ promise: PromiseDetails, _ say: Say) -> String {
    let kept = promise.keptOn.map { " \($0)" } ?? ""
    return say(
        "case.promised",
        [
            "id": ItemReference(promise.id).description, "day": say.day(promise.due),
            "status": say.word(promise.status, MeasureStatus.self) + kept,
        ])
}

private func referralText(_ referral: ReferralDetails, _ say: Say) -> String {
    let whom =
        referral.entry == nil ? say("case.nobody") : referral.organisation.map { $0 } ?? say("case.entryNotHere")
    let way = referral.way.map { " (\(say.word($0, ReferralWay.self)))" } ?? ""
    return say(
        "case.referred",
        [
            "id": ItemReference(referral.id).description, "time": say.time(referral.at), "whom": whom + way,
            "outcome": referral.outcome.map { say.word($0, ReferralOutcome.self) } ?? say("case.outcomeOpen"),
        ])
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
        "concernReports": measures(details.concernReports), "assessments": measures(details.assessments),
        "reviews": measures(details.reviews), "conflicts": .array(details.conflicts.map(conflictJSON)),
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
