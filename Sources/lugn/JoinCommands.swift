import Casework
import Commands
import JSON
import Replica
import Sealing
import SyncClient
import SyncProtocol
import Trust
import Workstation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#endif

/// How a workstation comes into a line.
let joinCommands: [Command] = [
    Command(
        "join",
        options: [
            .value("name", "NAME", required: true),
            .flag("without-newest-key"),
        ] + ServerAccess.options,
        arguments: [.required("INVITATION")],
        example: "lugn join 04G0… --name \"Desk 3\""
    ) { context in
        var text = try context.require("INVITATION")
        if text == "-" { text = try InputLine.next() ?? "" }
        let invitation = try SyncClient.invitation(text)
        let workplace = try Workplace(context)
        let access = try ServerAccess(context, pin: invitation.pin)
        access.warn(context.output)
        let client = try workplace.client(access)
        let name = try context.require("name")
        let membership =
            switch invitation.kind {
            case .found: try await found(client, text, name, context)
            case .join: try await join(client, text, name, context)
            case .recover: try await recover(client, text, name, context)
            }
        try access.keep(in: workplace.folder)
        if context.flag("json") {
            context.output.write([
                "line": .string(membership.line.description), "lineName": .string(membership.lineName),
                "device": .string(membership.device.description),
            ])
        } else {
            context.output.print(
                context.words("join.done", ["line": membership.lineName, "name": membership.name ?? name]))
        }
    },
    Command(
        "recovery rehearse",
        example: "lugn recovery rehearse"
    ) { context in
        let sheet = try readSheet(context)
        let result = try await Workplace(context).client().rehearse(sheet)
        if context.flag("json") {
            context.output.write([
                "current": .bool(result.isCurrent), "opens": JSONValue(UInt64(result.epochs)),
                "newest": JSONValue(UInt64(result.newestEpoch)),
            ])
        } else if result.isCurrent, result.epochs == result.newestEpoch {
            context.output.print(context.words("sheet.good"))
        }
        if !result.isCurrent {
            throw CommandFailure(
                .refused, "this is a sheet of this form, and not the line's present one", safe: "Nothing was changed",
                action: "Look for the newer sheet, and destroy this one")
        }
        if result.epochs < result.newestEpoch {
            throw CommandFailure(
                "the sheet is the present one, but the server has no box of the newest key for it",
                safe: "Nothing was changed", action: "Sync any workstation of the line, and rehearse again")
        }
    },
]

private func found(
    _ client: SyncClient, _ text: String, _ name: String, _ context: CommandContext
) async throws -> Membership {
    if let resumed = try await client.resumeFounding(invitation: text) { return resumed }
    let founding = try client.prepareFounding(invitation: text, name: name)
    try show(founding.sheet, line: nil, context)
    return try await client.found(founding)
}

private func join(
    _ client: SyncClient, _ text: String, _ name: String, _ context: CommandContext
) async throws -> Membership {
    try await client.join(invitation: text, name: name) { progress in
        switch progress {
        case .waitingForLead:
            context.output.note(context.words("join.waiting"))
        case .digits(let digits):
            context.output.note(context.words("join.digits", ["digits": "\(digits.prefix(3)) \(digits.suffix(3))"]))
        case .admitted: break
        }
    }
}

private func recover(
    _ client: SyncClient, _ text: String, _ name: String, _ context: CommandContext
) async throws -> Membership {
    if let membership = try await client.resumeRecovery(invitation: text) { return membership }
    let sheet = try readSheet(context)
    let recovery = try await client.prepareRecovery(
        invitation: text, sheet: sheet, name: name, withoutNewestKey: context.flag("without-newest-key"))
    try show(recovery.newSheet, line: nil, context)
    return try await client.recover(recovery)
}

// MARK: Sheets

private func readSheet(_ context: CommandContext) throws -> RecoverySheet {
    if isatty(0) == 1 { context.output.note("Type the groups of the recovery sheet, then Enter:") }
    var groups: [String] = []
    var text = ""
    while groups.count < RecoverySheet.groupCount, let line = try InputLine.next() {
        text += " " + line
        groups = text.split(whereSeparator: { $0 == " " || $0 == "-" }).map(String.init)
    }
    do throws(RecoverySheet.Mistyped) {
        return try RecoverySheet(typed: text)
    } catch {
        throw CommandFailure(
            .wrongUsage,
            error.group.map { "group \($0) of the sheet is mistyped" }
                ?? "a sheet has \(RecoverySheet.groupCount) groups of five characters",
            safe: "Nothing was changed", action: "Type it again")
    }
}

/// Prints a sheet, once. Whoever sits there says that it is on paper before anything depends on it.
private func show(_ sheet: RecoverySheet, line: LineID?, _ context: CommandContext) throws {
    let output = context.output
    output.note(
        "This is the line's recovery sheet. Write it down twice, or print it, and put the copies into two safes.")
    output.note("Whoever has it can take the line over; without it a line whose leads' computers are lost is lost.")
    let groups = sheet.groups
    for start in stride(from: 0, to: groups.count, by: 5) {
        output.note("    " + groups[start..<min(start + 5, groups.count)].joined(separator: " "))
    }
    output.note(context.words("sheet.once"))
    if isatty(0) == 1 {
        output.note(context.words("sheet.enter"))
        _ = try InputLine.next()
    }
}
