import Commands
import JSON

/// Who is let in, by replica ids and tokens.
let enrolmentCommands: [Command] = [
    Command(
        "replicas", summary: "All workstations: who is in sync, who is behind, who has unsent work.",
        details: """
            LAG is how many commits a workstation has not fetched, PENDING how many of its own it had not sent when it \
            was last seen, OFFSET how wrong its clock is, VERIFIED whether it was proven to hold the same as the server.
            """, example: "lugn-admin replicas"
    ) { context in
        let replicas = try await AdminClient(context).get("/v2/admin/replicas")
        if context.flag("json") { return context.output.write(replicas) }
        write(replicas.array ?? [], context)
    },
    Command(
        "replica", summary: "One workstation.", arguments: [.required("ID", "Its id, as replicas shows it.")],
        example: "lugn-admin replica 9f3c01ab77e2d405"
    ) { context in
        let id = try context.require("ID")
        let replicas = try await AdminClient(context).get("/v2/admin/replicas").array ?? []
        guard let replica = replicas.first(where: { $0["replica"]?.string == id }) else {
            throw CommandFailure("the server knows no such workstation", action: "Look at lugn-admin replicas")
        }
        if context.flag("json") { return context.output.write(replica) }
        write([replica], context)
    },
    Command(
        "invite", summary: "Make an invitation for one workstation.",
        options: [.integer("hours", "N", in: 0...8_760, "How long it is good; 72 otherwise.")],
        example: "lugn-admin invite"
    ) { context in
        let query = context.integer("hours").map { [("hours", String($0))] } ?? []
        let answer = try await AdminClient(context).post("/v2/admin/invitations", query: query)
        if context.flag("json") { return context.output.write(answer) }
        context.output.print(Shown.text(answer["invitation"]))
        context.output.note("Good once, until \(Shown.text(answer["expires"])). It is not shown again.")
    },
    Command(
        "revoke", summary: "Let a workstation in no more.",
        details: "At once. What it has is still there: change the line's key as well if it may be in wrong hands.",
        arguments: [.required("ID", "Its id, as replicas shows it.")], example: "lugn-admin revoke 9f3c01ab77e2d405"
    ) { context in
        let id = try context.require("ID")
        guard id.utf8.count == 16, id.allSatisfy(\.isHexDigit) else {
            throw CommandFailure.wrongUsage("an id has 16 hexadecimal digits", action: "Look at lugn-admin replicas")
        }
        let answer = try await AdminClient(context).post("/v2/admin/replicas/\(id)/revoke")
        if context.flag("json") { return context.output.write(answer) }
        context.output.note("Revoked.")
    },
]

private func write(_ replicas: [JSONValue], _ context: CommandContext) {
    var table = Table(
        "REPLICA", "NAME", "LAST SEEN", "CURSOR", "LAG", "PENDING", "OLDEST PENDING", "OFFSET", "SCHEMA", "VERIFIED")
    for replica in replicas {
        let verified =
            switch replica["verified"]?.bool {
            case true: "yes"
            case false: "NO"
            default: "unknown"
            }
        table.addRow([
            Shown.text(replica["replica"]),
            Shown.text(replica["name"]) + (replica["revoked"]?.bool == true ? " (revoked)" : ""),
            Shown.moment(replica["lastSeen"]), Shown.text(replica["cursor"]), Shown.text(replica["lag"]),
            Shown.text(replica["pending"]),
            Shown.moment(replica["oldestPending"]), Shown.text(replica["clockOffsetMilliseconds"]) + " ms",
            Shown.text(replica["schema"]),
            verified,
        ])
    }
    context.output.write(table)
}
