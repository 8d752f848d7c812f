import Casework
import HTTPServer
import JSON
import LocalPage
import Replica
import Workstation

/// What can be done with a case, by the last part of the path.
enum CaseAction: String {
    case note
    case edit
    case promise
    case promiseKept = "promise-kept"
    case promiseDropped = "promise-dropped"
    case followUp = "follow-up"
    case followUpCancelled = "follow-up-cancelled"
    case followUpMoved = "follow-up-moved"
    case noAnswer = "no-answer"
    case answered
    case referral
    case referralNobody = "referral-nobody"
    case outcome
    case measure
    case close
    case lateRead = "late-read"
    case reopen
    case shred
}

extension APICall {
    func findAnswer() throws -> JSONValue {
        var filter = FindFilter()
        filter.isOpen = head.query("open") != nil
        filter.author = head.query("mine") == nil ? nil : try author()
        filter.followUpDue = head.query("follow") != nil
        filter.concernsChild = head.query("child") != nil
        filter.concern = try head.query("concern").map { try Concern(word: $0) }
        filter.month = try head.query("month").map { try Month(parsing: $0) }
        return findJSON(try workstation.find(head.query("q") ?? "", filter), try directoryTerms())
    }

    /// `cases/NUMBER`, and what can be done with it.
    func caseAnswer() throws -> JSONValue {
        guard parts.count >= 2 else { throw Problem.notFound }
        // Of two cases with one number, `NUMBER/ID`.
        let action = parts.count > 2 ? CaseAction(rawValue: parts[parts.count - 1]) : nil
        let reference = try CaseReference(
            parsing: parts[1..<(parts.count - (action == nil ? 0 : 1))].joined(separator: "/"))
        if isWrite {
            guard let action else { throw Problem.notFound }
            try changeCase(reference, action)
        }
        let details = try casework.show(reference)
        let isLateRead = try lateText(details).map { try workstation.isLateTextRead(reference, at: $0) } ?? true
        return caseJSON(details, try casework.settings(), today: try casework.currentDay(), isLateRead: isLateRead)
    }

    /// When the latest text was written that came in after the case was closed; nil where there is none.
    private func lateText(_ details: CaseDetails) -> Int64? {
        guard details.status == CaseStatus.closed.rawValue, let closedAt = details.closedAt else { return nil }
        return details.notes.filter { $0.at > closedAt }.map(\.at.milliseconds).max()
    }

    private func changeCase(_ reference: CaseReference, _ action: CaseAction) throws {
        let author = try author()
        switch action {
        case .note:
            guard let text = marked("text") else { throw Problem(409, "bad-text", "the text is empty") }
            try casework.addNote(reference, text, by: author)
        case .edit: try edit(reference)
        case .promise:
            guard let text = marked("text"), let day = try day("day") else {
                throw Problem(409, "bad-text", "a promise has a text and a day")
            }
            try casework.addPromise(reference, text, due: day, by: author)
        case .promiseKept: try casework.keepPromise(reference, item("id"), by: author)
        case .promiseDropped: try casework.dropPromise(reference, item("id"), by: author)
        case .followUp:
            try casework.addFollowUp(
                reference, FollowUpKind(word: text("kind")), on: day("day"), by: author)
        case .followUpCancelled: try casework.cancelFollowUp(reference, item("id"), by: author)
        case .followUpMoved:
            guard let day = try day("day") else { throw Problem.badRequest }
            try casework.moveFollowUp(reference, item("id"), to: day, by: author)
        case .noAnswer:
            try casework.addUnansweredAttempt(
                reference, item("id"), anyway: body["anyway"]?.bool == true, by: author)
        case .answered:
            var fields = ContactFields(minutes: body["minutes"]?.integer.map { Int(clamping: $0) })
            fields.summary = marked("text")
            try casework.addAnsweredAttempt(reference, item("id"), fields, by: author)
        case .referral:
            guard let entry = try item("entry") else { throw Problem.badRequest }
            try casework.addReferral(
                reference, to: entry, ReferralWay(word: text("way")), text: marked("text"), by: author)
        case .referralNobody: try casework.addReferralToNobody(reference, text: marked("text"), by: author)
        case .outcome:
            try casework.setOutcome(reference, item("id"), ReferralOutcome(word: text("outcome")), by: author)
        case .measure:
            let kind = try MeasureKind(word: text("kind"))
            guard kind != .promise else { throw Problem.badRequest }
            try casework.addMeasure(reference, kind, on: day("day"), by: author)
        case .close: try casework.close(reference, ClosingReason(word: text("reason")), by: author)
        case .lateRead:
            if let moment = try lateText(casework.show(reference)) {
                try workstation.setLateTextRead(reference, at: moment)
            }
        case .reopen: try casework.reopen(reference, by: author)
        case .shred:
            // What cannot be undone is typed: the number of the case itself.
            guard try CaseReference(parsing: text("typed")).number == reference.number else {
                throw Problem(409, "not-typed", "the number that was typed is another; nothing was erased")
            }
            try casework.shred(reference, by: author)
            try workstation.sweep()
        }
    }

    private func edit(_ reference: CaseReference) throws {
        var fields = CaseFields()
        if let word = body["caller"]?.string {
            if word.isEmpty || word == "none" {
                fields.cleared.insert(.caller)
            } else {
                fields.caller = try Caller(word: word)
            }
        }
        if let words = body["concerns"]?.array {
            fields.concerns = Set(try words.compactMap(\.string).map { try Concern(word: $0) })
        }
        if let word = body["age"]?.string {
            if ["", "none", "nobody"].contains(word) {
                fields.cleared.insert(.age)
            } else {
                fields.age = try AgeBand(word: word)
            }
        }
        if let word = body["child"]?.string, !word.isEmpty { fields.childMadeContact = word == "yes" }
        try casework.edit(reference, fields, basedOn: body["basis"]?.string.flatMap { EditBasis(token: $0) })
    }

    func conflictsAnswer() throws -> JSONValue {
        if isWrite {
            if parts.dropFirst().first == "reverse" {
                try workstation.reverse(text("id"))
            } else {
                try workstation.settle(text("id"), takeOther: body["takeOther"]?.bool == true)
            }
        }
        let here = try casework.replica.status().desk
        return .array(try casework.conflicts().map { conflictJSON($0, here: here) })
    }
}
