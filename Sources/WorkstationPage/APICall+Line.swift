import Casework
import JSON
import LocalPage
import Replica
import SyncClient
import SyncProtocol
import Trust
import Workstation

/// The line's workstations, and what a lead does with them. Everybody may read who belongs to the line.
extension APICall {
    func lineAnswer() async throws -> JSONValue {
        switch (isWrite, parts.dropFirst().first) {
        case (false, nil): return try desksAnswer()
        case (false, "heard"):
            return .object(
                try await workstation.lastHeard().map { desk, at in JSONMember(desk.description, .integer(at)) })
        case (false, "waiting"): return try await waitingForLeadAnswer()
        case (true, let act?): return try await perform(act)
        default: throw Problem.notFound
        }
    }

    private func desksAnswer() throws -> JSONValue {
        let desks = try workstation.lineDesks()
        return [
            "id": optional(try casework.replica.status().line?.description), "isLead": .bool(try isLead()),
            "isLeadDesk": .bool(try workstation.isLeadDesk()),
            "desks": .array(
                desks.map { desk in
                    [
                        "id": .string(desk.id.description), "name": optional(desk.name), "isLead": .bool(desk.isLead),
                        "isHere": .bool(desk.isHere), "admittedAt": JSONValue(desk.admittedAt),
                        "removedAt": optional(desk.removedAt), "countedFrom": JSONValue(desk.countedFrom),
                    ]
                }),
        ]
    }

    private func waitingForLeadAnswer() async throws -> JSONValue {
        try requireLead()
        let applicants = try await workstation.applicants()
        let list = try await workstation.invitations()
        return [
            "applicants": .array(
                applicants.map { applicant in
                    [
                        "id": .string(applicant.invitation.description), "name": optional(applicant.name),
                        "isShown": .bool(applicant.state == .revealed), "isContested": .bool(applicant.isContested),
                    ]
                }),
            "invitations": .array(
                list.invitations.filter { $0.state == .open }.map { invitation in
                    [
                        "id": .string(invitation.id.description), "expires": JSONValue(invitation.expires),
                        "isOver": .bool(invitation.expires <= list.serverTime),
                        "isContested": .bool(invitation.isContested),
                    ]
                }),
        ]
    }

    private func perform(_ act: String) async throws -> JSONValue {
        try requireLead()
        switch act {
        case "invite":
            let invitation = try await workstation.invite()
            return [
                "text": .string(invitation.text), "id": .string(invitation.id.description),
                "expires": JSONValue(invitation.expires),
            ]
        case "withdraw": try await workstation.withdraw(invitation())
        case "refuse": try await workstation.refuse(invitation())
        case "admit": return try await admitAnswer()
        case "rename": try await workstation.rename(desk().id, to: text("name").trimmed)
        case "role":
            guard let isLead = body["isLead"]?.bool else { throw Problem.badRequest }
            try await workstation.setRole(ofDesk: desk().id, isLead: isLead)
        case "remove":
            let desk = try desk()
            // What cannot be undone is typed: the workstation's name.
            guard try text("typed").trimmed == (desk.name ?? desk.id.description) else {
                throw Problem(409, "not-typed", "another name was typed; nothing was changed")
            }
            try await workstation.remove(desk.id)
        case "rehearse":
            let result = try await workstation.rehearse(text("sheet"))
            return [
                "isCurrent": .bool(result.isCurrent), "opens": JSONValue(UInt64(result.epochs)),
                "newest": JSONValue(UInt64(result.newestEpoch)),
            ]
        default: throw Problem.notFound
        }
        return try desksAnswer()
    }

    private func admitAnswer() async throws -> JSONValue {
        switch try await workstation.admit(
            invitation(), digits: text("digits"), asLead: body["isLead"]?.bool == true)
        {
        case .admitted: ["is": "admitted"]
        case .wrongDigits(let left): ["is": "wrong", "left": JSONValue(left)]
        case .notReady: ["is": "notReady"]
        }
    }

    private func invitation() throws -> InvitationID {
        guard let id = InvitationID(hexadecimal: try text("id")) else { throw Problem.badRequest }
        return id
    }

    /// A workstation that belongs to the line.
    private func desk() throws -> LineDesk {
        let name = try text("desk")
        guard let desk = try workstation.lineDesks().first(where: { $0.id.description == name && $0.removedAt == nil })
        else { throw Problem(404, "unknown-desk", "there is no such workstation in the line any more") }
        return desk
    }
}
