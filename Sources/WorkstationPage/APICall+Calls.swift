import Casework
import JSON
import LocalPage
import Merge
import Replica
import Workstation

extension APICall {
    func callsAnswer() throws -> JSONValue {
        let author = try author()
        guard isWrite else {
            let drafts = try workstation.openCalls(of: author)
            return [
                "calls": .array(drafts.map { draftJSON($0, isHere: $0.holder == session.id) }),
                "followUpDay": .string(try casework.proposeFollowUp().description),
            ]
        }
        guard parts.count > 1 else { throw Problem.badRequest }
        if parts[1] == "start" {
            let draft = try workstation.startCall(
                by: author, holder: session.id, quoted: body["quoted"]?.string)
            return draftJSON(draft, isHere: true)
        }
        guard parts.count == 3, let id = RecordID(parts[1]) else { throw Problem.notFound }
        switch parts[2] {
        case "keep":
            guard let revision = body["revision"]?.integer, let changes = body["changes"] else {
                throw Problem.badRequest
            }
            let draft = try workstation.keep(
                changes, in: id, revision: revision, by: author, holder: session.id)
            return ["revision": JSONValue(draft.revision), "savedAt": JSONValue(draft.savedAt)]
        case "take-over":
            return draftJSON(
                try workstation.takeOver(id, by: author, holder: session.id), isHere: true)
        case "discard": try workstation.discard(id, by: author)
        case "restore": try workstation.restore(id, by: author)
        case "save": return try saveAnswer(id, author)
        default: throw Problem.notFound
        }
        return [:]
    }

    private func saveAnswer(_ id: RecordID, _ author: AuthorCode) throws -> JSONValue {
        let saving: Workstation.Saving =
            body["goesOn"]?.bool == true
            ? .goesOn
            : .ends(
                withoutNumber: body["withoutNumber"]?.bool == true,
                closing: try body["closing"]?.string.map { try ClosingReason(word: $0) })
        let saved = try workstation.save(id, saving, by: author, holder: session.id)
        return [
            "number": optional(saved.reference?.description), "minutes": JSONValue(saved.minutes),
            "draft": saved.draft.map { draftJSON($0, isHere: true) } ?? nil,
        ]
    }

    private func draftJSON(_ draft: CallDraft, isHere: Bool) -> JSONValue {
        [
            "id": .string(draft.id.description), "startedAt": JSONValue(draft.startedAt),
            "number": optional(draft.number?.description), "savedIn": optional(draft.savedIn?.description),
            "form": draft.form.json, "revision": JSONValue(draft.revision), "savedAt": JSONValue(draft.savedAt),
            "isHere": .bool(isHere),
        ]
    }
}
