import Commands
import JSON

let adminCommands: [Command] = [
    Command("status", summary: "The server and its lines, at a glance.", example: "lugn-admin status") { context in
        let status = try await AdminClient(context).get("/v2/admin/status")
        if context.flag("json") { return context.output.write(status) }
        var table = Table("LINE", "NAME", "HEAD", "LIVE CHANGES", "REPLICAS", "FINGERPRINT")
        for line in status["lines"]?.array ?? [] {
            table.addRow([
                shown(line["line"]), shown(line["name"]), shown(line["head"]), shown(line["liveChanges"]),
                shown(line["replicas"]),
                shown(line["fingerprint"]),
            ])
        }
        context.output.write(table)
        context.output.note(
            "Server time \(shown(status["serverTime"])), \(shown(status["waiting"])) workstations waiting for news.")
    },
    Command(
        "replicas", summary: "All workstations: who is in sync, who is behind, who has unsent work.",
        details: """
            LAG is how many commits a workstation has not fetched, PENDING how many of its own it had not sent when it \
            was last seen, OFFSET how wrong its clock is, VERIFIED whether it was proven to hold the same as the server.
            """, example: "lugn-admin replicas"
    ) { context in
        let replicas = try await AdminClient(context).getOfLine("/v2/admin/replicas")
        if context.flag("json") { return context.output.write(replicas) }
        write(replicas.array ?? [], context)
    },
    Command(
        "replica", summary: "One workstation.", arguments: [.required("ID", "Its id, as replicas shows it.")],
        example: "lugn-admin replica 9f3c01ab77e2d405"
    ) { context in
        let id = try context.require("ID")
        let replicas = try await AdminClient(context).getOfLine("/v2/admin/replicas").array ?? []
        guard let replica = replicas.first(where: { $0["replica"]?.string == id }) else {
            throw CommandFailure("the server knows no such workstation", action: "Look at lugn-admin replicas")
        }
        if context.flag("json") { return context.output.write(replica) }
        write([replica], context)
    },
    Command(
        "verify", summary: "Compute the line's fingerprint anew, and compare.",
        details: "Finds a damaged store. Reads everything once.", example: "lugn-admin verify"
    ) { context in
        let answer = try await AdminClient(context).getOfLine("/v2/admin/verify")
        if context.flag("json") { return context.output.write(answer) }
        guard answer["verified"]?.bool == true else {
            throw CommandFailure(
                "the store's fingerprint is not what it should be", safe: "The workstations have their data",
                action: "Restore the store from a backup; the workstations refill it")
        }
        context.output.print("The store is sound.")
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
            shown(replica["replica"]), shown(replica["name"]) + (replica["revoked"]?.bool == true ? " (revoked)" : ""),
            moment(replica["lastSeen"]), shown(replica["cursor"]), shown(replica["lag"]), shown(replica["pending"]),
            moment(replica["oldestPending"]), shown(replica["clockOffsetMilliseconds"]) + " ms",
            shown(replica["schema"]),
            verified,
        ])
    }
    context.output.write(table)
}
