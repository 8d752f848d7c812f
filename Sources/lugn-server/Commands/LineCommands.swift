import ChangeLog
import Commands
import JSON
import Sealing
import Support
import SyncProtocol
import Trust

/// Invitations that only whoever runs the server can give, on the store itself.
let lineCommands: [Command] = [
    Command(
        "line create", summary: "Invite somebody to found a line.",
        details: """
            Prints an invitation for the line's first workstation. It can found one line and do nothing else, and is good once \
            within \(Invitation.hours) hours. The line is there when it was used. The server keeps nothing that the invitation \
            could be made from again. While the server runs, lugn-admin line create does the same.
            """,
        options: invitationOptions, arguments: [.required("NAME", "What the line is called.")],
        example: "lugn-server line create \"Orostelefonen\" --address https://lugn.example.org"
    ) { context in
        let name = try context.require("NAME")
        guard !name.isEmpty, name.utf8.count <= Limits.nameBytes else {
            throw CommandFailure.wrongUsage("a line's name has 1 to \(Limits.nameBytes) bytes")
        }
        let invitation = try invitation(.found, line: nil, context)
        try await Store(context).use { log, now in
            try await log.perform(
                .inviteFounder(
                    signingKey: invitation.keys.signing.publicKey, name: name, expires: now + invitationMilliseconds),
                by: nil, request: randomBytes(16), now: now)
            show(invitation, context)
        }
    },
    Command(
        "line recover", summary: "Invite a workstation that comes with a line's recovery sheet.",
        details: "For a line that has lost all its leads. Without the sheet the invitation is good for nothing.",
        options: invitationOptions, arguments: [.required("NAME", "The line's name or id.")],
        example: "lugn-server line recover \"Orostelefonen\" --address https://lugn.example.org"
    ) { context in
        try await Store(context).use { log, now in
            guard let line = try await OperatorText.line(context.require("NAME"), in: log) else { return }
            let invitation = try invitation(.recover, line: line, context)
            try await log.perform(
                .inviteRecovery(
                    signingKey: invitation.keys.signing.publicKey, line: line, expires: now + invitationMilliseconds),
                by: nil, request: randomBytes(16), now: now)
            show(invitation, context)
        }
    },
    Command(
        "line await", summary: "Await a line whose store was lost, and of which there is no backup.",
        details: """
            Its workstations bring its roster when they next call, and all that they hold. Look up the line's id on one of \
            them: lugn status --json.
            """,
        arguments: [.required("ID", "The line's id."), .required("NAME", "What the line is called.")],
        example: "lugn-server line await 5f3a… \"Orostelefonen\""
    ) { context in
        guard let line = bytes(hexadecimal: try context.require("ID")).flatMap({ LineID($0) }) else {
            throw CommandFailure.wrongUsage(
                "a line's id has 32 hexadecimal digits", action: "Look at lugn status --json on a workstation")
        }
        try await Store(context).use { log, now in
            try await log.perform(
                .awaitLine(line, name: context.require("NAME")), by: nil, request: randomBytes(16), now: now)
        }
        context.output.note("Its workstations bring it back when they next call.")
    },
    Command("line list", summary: "The store's lines.", isDefault: true, example: "lugn-server line list") { context in
        try await Store(context).use { log, _ in
            let lines = try await log.lines()
            if context.flag("json") {
                return context.output.write(
                    .array(lines.map { ["line": .string($0.id.description), "name": .string($0.name)] }))
            }
            var table = Table("LINE", "NAME")
            for line in lines { table.addRow([line.id.description, line.name]) }
            context.output.write(table)
        }
    },
]

private let invitationOptions: [Option] = [
    .value("address", "URL", "The server's address as workstations reach it.", required: true),
    .value("pin", "PIN", "The key of a private certificate: sha256// and its hash in base64, as run prints it."),
]

private let invitationMilliseconds = Invitation.hours * 3_600_000

private func invitation(
    _ kind: Invitation.Kind, line: LineID?, _ context: CommandContext
) throws(CommandFailure) -> Invitation {
    let address = try context.require("address")
    guard Invitation.isAddress(address) else {
        throw .wrongUsage(
            "--address is a server's address of at most \(Invitation.addressBytes) characters, such as https://lugn.example.org"
        )
    }
    var pin: [UInt8]?
    if let text = context.value("pin") {
        pin = text.hasPrefix("sha256//") ? Base64.bytes(String(text.dropFirst("sha256//".count))) : nil
        guard pin?.count == 32 else { throw .wrongUsage("--pin is sha256// and a hash in base64, as run prints it") }
    }
    return Invitation(kind: kind, line: line, pin: pin, address: address)
}

private func show(_ invitation: Invitation, _ context: CommandContext) {
    if context.flag("json") {
        return context.output.write([
            "invitation": .string(invitation.text), "id": .string(invitation.keys.id.description),
        ])
    }
    context.output.print(invitation.text)
    context.output.note("Good once, within \(Invitation.hours) hours. It is not shown again.")
}
