import JSON
import LocalPage
import SyncProtocol
import Workstation

/// How this computer comes into a line. There may be nobody yet who could sign in: then whoever has the page may do it.
extension APICall {
    func joiningAnswer() throws -> JSONValue {
        try requireMayJoin()
        if isWrite {
            switch parts.dropFirst().first {
            case "look":
                let facts = try workstation.facts(ofInvitation: text("invitation"))
                return ["kind": .string("\(facts.kind)"), "server": .string(facts.address)]
            case "begin": try workstation.beginEnrolment(invitation: text("invitation"), name: text("name"))
            case "sheet": try workstation.typeSheet(text("sheet"))
            case "end": workstation.endEnrolment()
            default: throw Problem.notFound
            }
        }
        return try enrolmentJSON(workstation.enrolment)
    }

    /// Where people have PINs here already, one of them who is a lead on this computer.
    private func requireMayJoin() throws {
        if try workstation.people().isEmpty { return }
        guard session.author != nil else { throw Problem(401, "sign-in", "nobody has signed in; nothing was changed") }
        if session.lockedSince != nil { throw Problem.locked }
        try requireLeadCode()
    }

    private func enrolmentJSON(_ enrolment: Enrolment) throws -> JSONValue {
        var members = [JSONMember("problem", enrolment.problem.map { problemJSON(Problem($0)) } ?? nil)]
        let stage: String
        switch enrolment.stage {
        case .idle: stage = "idle"
        case .asking: stage = "asking"
        case .digits(let digits):
            stage = "digits"
            members.append(JSONMember("digits", .string(digits)))
        case .oldSheet: stage = "oldSheet"
        case .newSheet(let groups, let line):
            stage = "newSheet"
            members.append(JSONMember("groups", .array(groups.map { .string($0) })))
            members.append(JSONMember("line", .string(line.description)))
        case .sending: stage = "sending"
        case .joined: stage = "joined"
        }
        return .object(
            [JSONMember("stage", .string(stage)), JSONMember("isJoined", .bool(try workstation.isJoined()))] + members)
    }

    private func problemJSON(_ problem: Problem) -> JSONValue {
        .object([JSONMember("name", .string(problem.name)), JSONMember("members", .object(problem.members))])
    }
}
