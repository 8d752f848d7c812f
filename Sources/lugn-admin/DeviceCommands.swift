import Commands
import JSON
import Operations

let deviceCommands: [Command] = [
    Command(
        "devices", summary: "All workstations: who is in sync, who is behind, whose work is at risk.",
        details: """
            LAG is how many commits one has not fetched, BEHIND since when. UNSENT is how many of its own it had not sent when \
            it last called: that work is on its disk only. CLOCK is how wrong its clock is. EQUAL AT is the position of the log \
            at which it was last proven to hold the same as the server; a question mark says that it has not been compared \
            since. ASIDE are commits that were refused and are kept there for people, UNOPENED changes that it could not \
            decrypt, NUMBERS reference numbers that it can still give without asking.
            """,
        options: [
            .choice("sort", DeviceRow.orders, "By what; by name otherwise. The worst stand first."),
            .list("only", "WHICH", choices: DeviceRow.choices, "Only those of which one of these is true."),
        ], example: "lugn-admin devices\nlugn-admin devices --only troubled --sort seen"
    ) { context in
        let rows = try await deviceRows(AdminClient(context))
            .filter { row in context.list("only").isEmpty || context.list("only").contains(where: row.isChosen) }
            .sorted { $0.precedes($1, by: context.value("sort") ?? "name") }
        if context.flag("json") { return context.output.write(.array(rows.map(\.device))) }
        var table = Table(DeviceTable.headings.map { Table.Column($0) })
        for row in rows { table.addRow(DeviceTable.cells(row)) }
        context.output.write(table)
        let troubled = rows.count(where: \.isTroubled)
        if troubled > 0 { context.output.note("\(troubled) of \(rows.count) need somebody to look: lugn-admin doctor") }
    },
    Command(
        "device",
        summary: "One workstation: how it stands, under which ids it has called, what it sent in the last days.",
        options: [.integer("days", "N", in: 1...3_650, "How many days of its commits; 7 otherwise.")],
        arguments: [.required("ID", "Its id, as devices shows it.")], example: "lugn-admin device 3"
    ) { context in
        let client = try AdminClient(context)
        let id = try context.require("ID")
        guard let row = try await deviceRows(client).first(where: { $0.id == id }) else {
            throw CommandFailure("the server knows no such workstation", action: "Look at lugn-admin devices")
        }
        let since = row.now - Int64(context.integer("days") ?? 7) * 86_400_000
        let commits = try await client.get(
            "/v2/admin/log", query: [("device", id), ("since", "\(since)"), ("limit", "1000")])
        if context.flag("json") { return context.output.write(["device": row.device, "commits": commits]) }
        for (heading, cell) in zip(DeviceTable.headings, DeviceTable.cells(row)) {
            context.output.print(heading.lowercased().padded(to: 15) + cell)
        }
        context.output.print()
        let replicas = row.device["replicas"]?.array ?? []
        context.output.print(
            replicas.count == 1
                ? "It has called under one replica id:"
                : "It has called under \(replicas.count) replica ids; a new one comes of a copy, a backup or a healing:"
        )
        var ids = Table("REPLICA", "LAST SEEN", "COMMITS")
        for replica in replicas {
            ids.addRow([
                Shown.text(replica["replica"]), Shown.moment(replica["lastSeen"]), Shown.text(replica["lastNumber"]),
            ])
        }
        context.output.write(ids)
        context.output.print()
        context.output.print(perDay(commits.array ?? [], context.integer("days") ?? 7))
    },
]

/// The workstations of the line that is meant.
func deviceRows(_ client: AdminClient) async throws -> [DeviceRow] {
    let status = try await client.get("/v2/admin/status")
    let now = Shown.milliseconds(status["serverTime"]) ?? 0
    return try await client.get("/v2/admin/devices").array?.map { DeviceRow(device: $0, now: now) } ?? []
}

private func perDay(_ commits: [JSONValue], _ days: Int) -> String {
    if commits.isEmpty { return "It has sent nothing that was written in the last \(days) days." }
    let counts = Dictionary(grouping: commits) { String(Shown.moment($0["time"]).prefix(10)) }
    return "Commits written on each of the last \(days) days:\n"
        + counts.sorted { $0.key > $1.key }.map { "\($0.key)  \($0.value.count)" }.joined(separator: "\n")
}

extension String {
    func padded(to width: Int) -> String { self + String(repeating: " ", count: Swift.max(1, width - count)) }
}
