import Commands
import JSON
import Operations

/// Workstations by the ids that they have called with.
let replicaCommands: [Command] = [
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
