import Commands
import JSON
import Operations
import Sealing
import Support
import SyncProtocol
import Trust

let lineCommands: [Command] = [
    Command(
        "line create", summary: "Invite somebody to found a line.",
        details: """
            Prints an invitation for the line's first workstation. It can found one line and do nothing else, and is good once \
            within \(Invitation.hours) hours. It is made here: the server never sees what the invitation could be made from.
            """,
        options: [addressOption], arguments: [.required("NAME", "What the line is called.")],
        example: "lugn-admin line create \"Orostelefonen\""
    ) { context in
        let admin = try AdminClient(context)
        let invitation = try invitation(.found, line: nil, admin, context)
        _ = try await admin.perform(
            "invite-founder",
            [JSONMember("name", .string(try context.require("NAME")))] + invitationFields(invitation))
        show(invitation, context)
    },
    Command(
        "line recover", summary: "Invite a workstation that comes with a line's recovery sheet.",
        details: "For a line that has lost all its leads. Without the sheet the invitation is good for nothing.",
        options: [addressOption], arguments: [.required("NAME", "The line's name or id.")],
        example: "lugn-admin line recover \"Orostelefonen\""
    ) { context in
        let admin = try AdminClient(context)
        let text = try await admin.line(named: context.require("NAME"))
        let line = bytes(hexadecimal: text).flatMap { LineID($0) }
        let invitation = try invitation(.recover, line: line, admin, context)
        _ = try await admin.perform(
            "invite-recovery", [JSONMember("line", .string(text))] + invitationFields(invitation))
        show(invitation, context)
    },
    Command(
        "line set", summary: "Set on which terms a line is served, or show them.",
        details: """
            A workstation with an older program than --minimum-version goes on by itself, says what it waits for, and sends what it \
            has when it was updated. A line that holds its --quota of sealed bytes takes nothing more but erasures: workstations keep \
            what they write, and read on.
            """,
        options: [
            .value("minimum-version", "VERSION", "The oldest version that is served, such as 0.2.0; any: all are."),
            .value("quota", "BYTES", "How much it may hold, such as 500MB or 2GB; none: as much as the disk takes."),
        ], arguments: [.required("LINE", "The line's name or id.")],
        example: "lugn-admin line set Jourlinjen --minimum-version 0.2.0 --quota 2GB"
    ) { context in
        let admin = try AdminClient(context)
        let line = try await admin.line(named: context.require("LINE"))
        if let text = context.value("minimum-version") {
            guard text == "any" || ProgramVersion(text) != nil else {
                throw CommandFailure.wrongUsage("--minimum-version is three numbers with dots, such as 0.2.0, or any")
            }
            _ = try await admin.perform(
                "minimum-version",
                [JSONMember("line", .string(line)), JSONMember("version", text == "any" ? nil : .string(text))])
        }
        if let text = context.value("quota") {
            let bytes = byteCount(text)
            guard text == "none" || bytes != nil else {
                throw CommandFailure.wrongUsage("--quota is a number of bytes, such as 500MB or 2GB, or none")
            }
            _ = try await admin.perform(
                "quota", [JSONMember("line", .string(line)), JSONMember("bytes", bytes.map { .integer($0) } ?? nil)])
        }
        try await showTerms(of: line, admin, context)
    },
    Command("line list", summary: "The lines that you see.", isDefault: true, example: "lugn-admin line list") {
        context in
        let lines = try await AdminClient(context).get("/v2/admin/status")["lines"]?.array ?? []
        if context.flag("json") { return context.output.write(.array(lines)) }
        var table = Table("LINE", "NAME", "REPLICAS")
        for line in lines { table.addRow([shown(line["line"]), shown(line["name"]), shown(line["replicas"])]) }
        context.output.write(table)
    },
    Command(
        "invitations", summary: "Invitations, and what has become of them.",
        details: """
            CONTESTED: a second computer has tried to use it, so that somebody else may have seen it. Leads withdraw their own \
            with lugn; anybody's is withdrawn with withdraw.
            """, example: "lugn-admin invitations"
    ) { context in
        let all = try await AdminClient(context).get("/v2/admin/invitations")
        if context.flag("json") { return context.output.write(all) }
        var table = Table("INVITATION", "KIND", "LINE", "STATE", "CONTESTED", "EXPIRES")
        for invited in all.array ?? [] {
            table.addRow([
                shown(invited["invitation"]), shown(invited["kind"]),
                shown(invited["lineName"]?.string == nil ? invited["line"] : invited["lineName"]),
                shown(invited["state"]), invited["contested"]?.bool == true ? "YES" : "no", moment(invited["expires"]),
            ])
        }
        context.output.write(table)
    },
    Command(
        "withdraw", summary: "Make an invitation good for nothing.",
        arguments: [.required("ID", "Its id, as invitations shows it.")],
        example: "lugn-admin withdraw 5a41c0ffee5a41c0ffee5a41c0ffee00"
    ) { context in
        let id = try identifier(context, "Look at lugn-admin invitations")
        let answer = try await AdminClient(context).perform("withdraw", [JSONMember("invitation", .string(id))])
        finish("Withdrawn.", answer, context)
    },
]

private func showTerms(of line: String, _ admin: AdminClient, _ context: CommandContext) async throws {
    let lines = try await admin.get("/v2/admin/status")["lines"]?.array ?? []
    guard let found = lines.first(where: { $0["line"]?.string == line }) else {
        throw CommandFailure("the server has no such line", action: "Look at lugn-admin line list")
    }
    if context.flag("json") {
        return context.output.write([
            "minimumProgram": found["minimumProgram"] ?? nil, "quotaBytes": found["quotaBytes"] ?? nil,
            "sealedBytes": found["sealedBytes"] ?? nil, "tooOld": found["tooOld"] ?? nil,
        ])
    }
    let tooOld = found["tooOld"]?.integer ?? 0
    context.output.print(
        "oldest version  \(shown(found["minimumProgram"], absent: "any"))"
            + (tooOld > 0 ? ", which leaves out \(tooOld): lugn-admin devices --only too-old" : ""))
    context.output.print(
        "may hold        "
            + (found["quotaBytes"] == .null ? "as much as the disk takes" : Shown.bytes(found["quotaBytes"]))
            + ", holds \(Shown.bytes(found["sealedBytes"]))")
}

/// `500MB`; nil for what is no size.
private func byteCount(_ text: String) -> Int64? {
    let units: [(String, Int64)] = [("KB", 1_000), ("MB", 1_000_000), ("GB", 1_000_000_000), ("", 1)]
    guard let unit = units.first(where: { text.uppercased().hasSuffix($0.0) }),
        let number = Int64(text.dropLast(unit.0.count)), number > 0, number < (1 << 53) / unit.1
    else { return nil }
    return number * unit.1
}

private let addressOption = Option.value(
    "address", "URL", "The server's address as workstations reach it; the one that you reach it by otherwise.")

private func invitation(
    _ kind: Invitation.Kind, line: LineID?, _ admin: AdminClient, _ context: CommandContext
) throws(CommandFailure) -> Invitation {
    let address = context.value("address") ?? (admin.transport as? ServerTransport)?.server ?? ""
    guard Invitation.isAddress(address) else {
        throw .wrongUsage(
            "the server's address has at most \(Invitation.addressBytes) characters, such as https://lugn.example.org",
            action: "Give --address")
    }
    var pin: [UInt8]?
    if let text = (admin.transport as? ServerTransport)?.pin ?? context.value("pin") {
        pin = text.hasPrefix("sha256//") ? Base64.bytes(String(text.dropFirst("sha256//".count))) : nil
        guard pin?.count == 32 else {
            throw .wrongUsage("an invitation takes one pin: sha256// and a hash in base64", action: "Give --pin")
        }
    }
    return Invitation(kind: kind, line: line, pin: pin, address: address)
}

private func invitationFields(_ invitation: Invitation) -> [JSONMember] {
    let expires = WallClock.system.nowMilliseconds() + Invitation.hours * 3_600_000
    return [
        JSONMember("key", .string(hexadecimalText(invitation.keys.signing.publicKey))),
        JSONMember("expires", .integer(expires)),
    ]
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
