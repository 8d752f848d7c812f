import Casework
import Commands
import JSON
import Merge
import Replica
import Support
import SyncClient
import SyncProtocol
import Trust
import Workstation

/// What a lead does with the line's workstations.
let leadCommands: [Command] = [
    Command(
        "invite", example: "lugn invite"
    ) { context in
        let workplace = try Workplace(context)
        // Where the certificate is a private one, the new workstation cannot know it otherwise.
        let invitation = try await Lead(workplace.client()).invite(pin: ServerAccess(folder: workplace.folder).pin)
        if context.flag("json") {
            return context.output.write([
                "invitation": .string(invitation.text), "id": .string(invitation.id.description),
                "expires": .string(UTCTime.rfc3339(milliseconds: invitation.expires)),
            ])
        }
        context.output.print(invitation.text)
        context.output.note(context.words("invite.next"))
    },
    Command(
        "invitations", example: "lugn invitations"
    ) {
        context in
        let list = try await lead(context).invitations()
        if context.flag("json") {
            return context.output.write(.array(list.invitations.map(json)))
        }
        var table = Table("ID", "STATE", "EXPIRES", "")
        for invitation in list.invitations {
            table.addRow([
                invitation.id.description, word(invitation.state, invitation.expires < list.serverTime),
                String(UTCTime.rfc3339(milliseconds: invitation.expires).prefix(16)).replacing("T", with: " "),
                invitation.isContested ? "TRIED BY A SECOND COMPUTER" : "",
            ])
        }
        context.output.write(table)
    },
    Command(
        "withdraw",
        arguments: [.required("ID")], example: "lugn withdraw 5f3a"
    ) { context in
        let lead = try lead(context)
        let start = try context.require("ID").lowercased()
        let found = try await lead.invitations().invitations.filter { $0.id.description.hasPrefix(start) }
        guard found.count == 1, let invitation = found.first else {
            throw CommandFailure(
                found.isEmpty ? "there is no such invitation" : "several invitations begin so",
                safe: "Nothing was changed",
                action: "Look at lugn invitations")
        }
        try await lead.withdraw(invitation.id)
        context.output.note(context.words("invite.withdrawn"))
    },
    Command(
        "admit",
        options: [
            .flag("lead"),
            .value("invitation", "ID"),
        ],
        arguments: [.variadic("DIGITS", required: false)],
        example: "lugn admit\nlugn admit 123 456"
    ) { context in
        let lead = try lead(context)
        let applicants = try await lead.applicants().filter { $0.state != .done && $0.state != .ended }
        for applicant in applicants where applicant.isContested {
            context.output.note(
                "A second computer has tried the invitation of \(applicant.name ?? "somebody"): ask who else has seen it."
            )
        }
        guard let digits = context.text("DIGITS") else {
            if context.flag("json") { return context.output.write(.array(applicants.map(json))) }
            if applicants.isEmpty { context.output.print(context.words("admit.nobody")) }
            for applicant in applicants {
                context.output.print(
                    applicant.name.map { "\($0) asks to be let in (\(applicant.invitation.description.prefix(8)))." }
                        ?? "Somebody asks who did not have the invitation: do not let them in, and withdraw it.")
            }
            return
        }
        let start = (context.value("invitation") ?? "").lowercased()
        let chosen = applicants.filter { $0.isGenuine && $0.invitation.description.hasPrefix(start) }
        guard chosen.count == 1, let applicant = chosen.first else {
            throw CommandFailure(
                chosen.isEmpty ? "nobody asks to be let in" : "several workstations ask to be let in",
                safe: "Nobody was let in", action: chosen.isEmpty ? "Look at lugn admit" : "Say which: --invitation ID")
        }
        switch try await lead.admit(
            applicant.invitation, digits: digits, role: context.flag("lead") ? .lead : .counsellor)
        {
        case .admitted(let device):
            if context.flag("json") { return context.output.write(["device": .string(device.description)]) }
            context.output.print("\(applicant.name ?? "The workstation") belongs to the line now.")
        case .wrongDigits(let left):
            throw CommandFailure(
                .refused, "these are not the digits that the new workstation shows", safe: "Nobody was let in",
                action: left > 0
                    ? "Have them read out again; \(left) more tries"
                    : "This admission has ended: make a new invitation, and ask who else has seen this one")
        case .notReady:
            throw CommandFailure(
                "the new workstation does not show its digits yet, or another lead has answered it",
                safe: "Nobody was let in", action: "Wait until it shows them, and type them then")
        }
    },
    Command("devices list", example: "lugn devices list") { context in
        let workplace = try Workplace(context)
        let membership = try joined(workplace)
        let members = membership.roster.state.members.sorted { $0.value.admitted < $1.value.admitted }
        if context.flag("json") {
            return context.output.write(
                .array(
                    members.map { id, member in
                        [
                            "device": .string(id.description),
                            "name": membership.name(of: id).map { .string($0) } ?? nil,
                            "role": .string(member.role == .lead ? "lead" : "counsellor"),
                            "since": .string(UTCTime.rfc3339(milliseconds: member.admittedAt)),
                            "removed": member.removedAt.map { .string(UTCTime.rfc3339(milliseconds: $0)) } ?? nil,
                        ]
                    }))
        }
        var table = Table("ID", "NAME", "ROLE", "SINCE", "")
        for (id, member) in members {
            table.addRow([
                String(id.description.prefix(8)), membership.name(of: id) ?? "-",
                member.role == .lead ? "lead" : "counsellor",
                String(UTCTime.rfc3339(milliseconds: member.admittedAt).prefix(10)),
                member.removedAt.map { "removed " + String(UTCTime.rfc3339(milliseconds: $0).prefix(10)) }
                    ?? (id == membership.device ? "this one" : ""),
            ])
        }
        context.output.write(table)
        if membership.roster.state.leadCount < 2 {
            context.output.note(
                "There is one lead only: if its computer is lost, the recovery sheet is all that is left.")
        }
    },
    Command(
        "devices remove",
        arguments: [.required("DEVICE")],
        example: "lugn devices remove \"Desk 3\""
    ) { context in
        let workplace = try Workplace(context)
        let device = try device(context, joined(workplace))
        try await Lead(workplace.client()).remove([device])
        context.output.note(context.words("devices.removed"))
    },
    Command(
        "devices rename",
        arguments: [
            .required("DEVICE"), .required("NAME"),
        ], example: "lugn devices rename \"Desk 3\" \"Desk by the window\""
    ) { context in
        let workplace = try Workplace(context)
        try await Lead(workplace.client()).rename(
            device(context, joined(workplace)), to: context.require("NAME"))
        context.output.note(context.words("devices.renamed"))
    },
    Command(
        "devices role",
        arguments: [
            .required("DEVICE"), .required("ROLE"),
        ], example: "lugn devices role \"Desk 3\" lead"
    ) { context in
        let workplace = try Workplace(context)
        let role: RosterAct.Role
        switch try context.require("ROLE") {
        case "lead": role = .lead
        case "counsellor": role = .counsellor
        default: throw CommandFailure.wrongUsage("a role is lead or counsellor")
        }
        try await Lead(workplace.client()).setRole(role, of: device(context, joined(workplace)))
        context.output.note(context.words("devices.roleSet"))
    },
    Command(
        "key rotate",
        example: "lugn key rotate"
    ) { context in
        try await lead(context).rotate()
        context.output.note(context.words("key.rotated"))
    },
    Command(
        "server set",
        options: ServerAccess.options,
        arguments: [.required("URL")],
        example: "lugn server set https://sync2.example.org"
    ) { context in
        let workplace = try Workplace(context)
        let access = try ServerAccess(context)
        try await workplace.client(access).moveServer(to: context.require("URL"))
        try access.keep(in: workplace.folder)
        context.output.note(context.words("server.moved"))
    },
    Command(
        "server announce",
        arguments: [.required("URL")],
        example: "lugn server announce https://sync2.example.org"
    ) { context in
        try await lead(context).setServer(context.require("URL"))
        context.output.note(context.words("server.announced"))
    },
]

private func lead(_ context: CommandContext) throws -> Lead { Lead(try Workplace(context).client()) }

private func joined(_ workplace: Workplace) throws -> Membership {
    guard let membership = try workplace.replica.membership() else { throw ReplicaError.notJoined }
    return membership
}

/// By name, or by the unique beginning of an id.
private func device(_ context: CommandContext, _ membership: Membership) throws -> DeviceID {
    let text = try context.require("DEVICE")
    let present = membership.roster.state.present
    let named = present.filter { membership.name(of: $0) == text }
    let found = named.isEmpty ? present.filter { $0.description.hasPrefix(text.lowercased()) } : named
    guard found.count == 1 else {
        throw CommandFailure(
            found.isEmpty ? "there is no such workstation in the line" : "several workstations are called so",
            safe: "Nothing was changed", action: "Look at lugn devices list, and use its id")
    }
    return found[0]
}

private func word(_ state: InvitationList.State, _ isExpired: Bool) -> String {
    switch state {
    case .open: isExpired ? "expired" : "not used"
    case .asked, .answered, .revealed: isExpired ? "expired" : "asks to be let in"
    case .done: "let in"
    case .ended: "ended"
    }
}

private func json(_ invitation: InvitationList.Listed) -> JSONValue {
    [
        "id": .string(invitation.id.description), "state": .string("\(invitation.state)"),
        "expires": .string(UTCTime.rfc3339(milliseconds: invitation.expires)),
        "contested": .bool(invitation.isContested),
    ]
}

private func json(_ applicant: Lead.Applicant) -> JSONValue {
    [
        "invitation": .string(applicant.invitation.description), "name": applicant.name.map { .string($0) } ?? nil,
        "state": .string("\(applicant.state)"), "contested": .bool(applicant.isContested),
    ]
}
