import Casework
import Commands
import JSON
import Replica
import Support

/// A call from greeting to closing, asked step by step.
let callCommands: [Command] = [
    Command(
        "call", options: [.by], example: "lugn call"
    ) { context in
        let workplace = try Workplace(context)
        var call = try Call(
            casework: workplace.casework, author: try context.author(),
            dialogue: Dialogue(context: context, say: try context.say(workplace)))
        do {
            try call.run()
        } catch is Dialogue.Ended {
            context.output.note("")
            context.output.note(
                context.words(
                    call.reference == nil ? "call.endedEarlyNothing" : "call.endedEarly",
                    ["number": call.reference?.description ?? ""]))
        }
        if context.flag("json") { context.output.write(["number": numberJSON(call.reference)]) }
    }
]

/// One call, as far as it has come.
struct Call {
    let casework: Casework
    let author: AuthorCode
    let dialogue: Dialogue
    /// Once there is a case.
    private(set) var reference: CaseReference?
    private let start: Timestamp
    private let today: CalendarDate

    init(casework: Casework, author: AuthorCode, dialogue: Dialogue) throws {
        self.casework = casework
        self.author = author
        self.dialogue = dialogue
        start = try casework.currentMoment()
        today = try casework.currentDay()
    }

    mutating func run() throws {
        let known = try askNumber()
        var contact = ContactFields(channel: try dialogue.choose("call.channel", [.phone, .chat], proposed: .phone))
        try askLanguage(&contact)
        let reference: CaseReference
        if let known {
            reference = known
            let isClosed = try casework.show(known).status == CaseStatus.closed.rawValue
            let reopens = try isClosed && dialogue.confirm("call.reopen", proposed: true)
            let result = try casework.addContact(known, contact, reopening: reopens, by: author)
            if result.metRingBacks > 0 { dialogue.tell("contact.metRingBack") }
        } else {
            reference = try casework.newCase(CaseFields(language: contact.language), contact: contact, by: author)
            dialogue.context.output.print(reference.number.description)
            dialogue.tell("call.sayNumber")
        }
        self.reference = reference
        if known == nil { try classify(reference) }
        let request = try dialogue.choose("call.request", Request.allCases)
        if let request { try casework.editContact(reference, nil, ContactFields(request: request), by: author) }
        guard try casework.show(reference).status == CaseStatus.open.rawValue else { return try end(reference) }
        try askChild(reference)
        try askResearch(reference)
        try refer(reference)
        try promise(reference)
        try followUp(reference)
        try end(reference)
    }

    // MARK: Opening

    private func askNumber() throws -> CaseReference? {
        let details = try dialogue.ask("call.number") { answer in
            try casework.show(CaseReference(parsing: answer))
        }
        guard let details else { return nil }
        for line in caseText(details, dialogue.say) { dialogue.context.output.print(line) }
        return details.reference
    }

    private func askLanguage(_ contact: inout ContactFields) throws {
        let spoken = try casework.settings().languages
        let first = try spoken.first ?? LanguageTag("sv")
        let others = spoken.map { dialogue.say.language($0.text) }.joined(separator: ", ")
        contact.language = try dialogue.ask(
            "call.language", ["proposed": dialogue.say.language(first.text), "others": others.isEmpty ? "-" : others],
            proposed: first
        ) { try LanguageTag($0) }
        if contact.language != first {
            contact.interpreting = try dialogue.choose("call.interpreting", Interpreting.allCases)
        }
    }

    private func classify(_ reference: CaseReference) throws {
        if let caller = try dialogue.choose("call.caller", Caller.allCases) {
            try casework.edit(reference, CaseFields(caller: caller))
        }
        if let concerns = try dialogue.chooseSeveral("call.concern", Concern.allCases) {
            try casework.edit(reference, CaseFields(concerns: concerns))
        }
        if let age = try dialogue.choose("call.age", AgeBand.allCases, isNumbered: false) {
            try casework.edit(reference, CaseFields(age: age))
        }
        if try dialogue.confirm("call.child", proposed: false) {
            try casework.edit(reference, CaseFields(childMadeContact: true))
        }
        if let heardOf = try dialogue.choose("call.heardOf", HeardOf.allCases) {
            try casework.edit(reference, CaseFields(heardOf: heardOf))
        }
    }

    private func askChild(_ reference: CaseReference) throws {
        let details = try casework.show(reference)
        guard details.concernsChild else { return }
        dialogue.tell("call.childMeans")
        if details.assessments.isEmpty, try dialogue.confirm("call.assessed", proposed: false) {
            try casework.addMeasure(reference, .assessment, by: author)
        }
        if try dialogue.confirm("call.concernReport", proposed: false) {
            try casework.addMeasure(reference, .concernReport, by: author)
        }
    }

    // MARK: Support

    private func askResearch(_ reference: CaseReference) throws {
        guard try casework.show(reference).researchOffer == nil,
            let offer = try dialogue.choose("call.research", ResearchOffer.allCases)
        else { return }
        var day: CalendarDate?
        if offer == .weCall {
            let proposed = try casework.proposeFollowUp()
            day = try askDay("call.researchDay", proposed: proposed)
        } else if offer == .ringsBack {
            // Without a day there is nothing that the caller could keep.
            while day == nil { day = try askDay("call.ringBackDay") }
        }
        try casework.edit(reference, CaseFields(research: ResearchAnswer(offer, on: day)), by: author)
    }

    private func askDay(_ key: String, proposed: CalendarDate? = nil) throws -> CalendarDate? {
        let text = proposed.map { dialogue.say.fullDay($0) } ?? "-"
        while let day = try dialogue.day(key, ["proposed": text], today: today, proposed: proposed) {
            guard day >= today else {
                dialogue.tell("call.dayPassed")
                continue
            }
            if try casework.isClosed(on: day) {
                dialogue.tell("call.closedDay", ["day": dialogue.say.fullDay(day)])
                if try !dialogue.confirm("call.closedDayAnyway", proposed: false) { continue }
            }
            return day
        }
        return nil
    }

    private func refer(_ reference: CaseReference) throws {
        while let answer = try dialogue.ask("call.refer") {
            do {
                if ["ingen", "nobody"].contains(answer.lowercased()) {
                    let area = try dialogue.ask("call.area") { try Area(typed: $0) }
                    try casework.addReferralToNobody(reference, in: area?.county, by: author)
                    return dialogue.tell("referral.nobody")
                }
                if answer == "?" {
                    try list(reference)
                    continue
                }
                let item = try ItemReference(organisation: answer)
                let way = try casework.proposedWay(reference)
                let chosen = try dialogue.choose("call.way", ReferralWay.allCases, proposed: way)
                try casework.addReferral(reference, to: item, chosen, by: author)
                return dialogue.tell("referral.done")
            } catch let error as CaseworkError {
                dialogue.context.output.note(dialogue.say.words(error.told))
            }
        }
    }

    /// Who is there for the person concerned, as far as that is known.
    private func list(_ reference: CaseReference) throws {
        var filter = DirectoryFilter()
        filter.area = try dialogue.ask("call.area") { try Area(typed: $0) }
        filter.age = try dialogue.ask("call.ageInYears") { answer in
            guard let age = Int(answer), AgeRange.years.contains(age) else {
                throw CaseworkError(.badValue, .words("call.ageWrong"))
            }
            return age
        }
        let entries = try casework.directory(filter)
        if entries.isEmpty { return dialogue.tell("directory.none") }
        for entry in entries {
            let verified = entry.verifiedOn?.description ?? dialogue.say("directory.never")
            dialogue.context.output.print("\(ItemReference(entry.id)) \(entry.name) (\(verified))")
        }
    }

    private func promise(_ reference: CaseReference) throws {
        try dialogue.text("call.promise") { text in
            let day = try askDay("call.promiseDay", proposed: today) ?? today
            try casework.addPromise(reference, text, due: day, by: author)
        }
    }

    private func followUp(_ reference: CaseReference) throws {
        guard try casework.show(reference).followUps.allSatisfy({ !$0.isPlanned }) else { return }
        guard let kind = try dialogue.choose("call.followUp", FollowUpKind.allCases) else { return }
        let proposed = kind == .call ? try casework.proposeFollowUp() : nil
        guard let day = try askDay(kind == .call ? "call.followUpDay" : "call.ringBackDay", proposed: proposed) else {
            return
        }
        try casework.addFollowUp(reference, kind, on: day, by: author)
        dialogue.tell(kind == .call ? "followUp.callOn" : "followUp.ringsBackOn")
        if kind == .call { dialogue.tell("call.slip") }
    }

    // MARK: Closing

    private func end(_ reference: CaseReference) throws {
        try dialogue.text("call.summary", hasLines: true) {
            try casework.editContact(reference, nil, ContactFields(summary: $0), by: author)
        }
        try dialogue.text("call.nextStep", hasLines: true) {
            try casework.editContact(reference, nil, ContactFields(nextStep: $0), by: author)
        }
        let elapsed = (try casework.currentMoment().milliseconds - start.milliseconds + 30_000) / 60_000
        let proposed = min(max(Int(elapsed), 1), ContactFields.minutesLimit)
        let minutes = try dialogue.ask("call.minutes", ["proposed": String(proposed)], proposed: proposed) { answer in
            guard let minutes = Int(answer), (0...ContactFields.minutesLimit).contains(minutes) else {
                throw CaseworkError(.badValue, .words("call.minutesWrong"))
            }
            return minutes
        }
        try casework.editContact(reference, nil, ContactFields(minutes: minutes), by: author)
        if try casework.show(reference).status == CaseStatus.open.rawValue,
            try dialogue.confirm("call.close", proposed: false)
        {
            let reason = try dialogue.choose("call.reason", ClosingReason.allCases, proposed: .finished) ?? .finished
            tell(try casework.close(reference, reason, by: author), dialogue.say, dialogue.context)
        }
        dialogue.tell("call.done", ["number": reference.description])
    }
}
