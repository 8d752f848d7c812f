import Commands
import JSON
import Operations
import Support

let logCommands: [Command] = [
    Command(
        "log", summary: "The line's log, the latest first: who sent what when, by headers only.",
        options: [
            .integer("limit", "N", in: 1...10_000, "At most so many; 20 otherwise."),
            .integer("before", "POSITION", in: 1...Int.max, "Only what stands before this position."),
            .value("device", "ID", "Only those of one workstation, as devices shows it."),
            .value("record", "ID", "Only those of which something of this record still stands."),
            .value("since", "TIME", "Only those written since, as 2026-11-27 or 2026-11-27T14:00:00Z."),
            .value("until", "TIME", "Only those written before."),
        ], example: "lugn-admin log\nlugn-admin log --device 3 --since 2026-11-27"
    ) { context in
        var query: [(String, String)] = []
        for name in ["limit", "before"] { if let value = context.integer(name) { query.append((name, "\(value)")) } }
        for name in ["device", "record"] { if let value = context.value(name) { query.append((name, value)) } }
        for name in ["since", "until"] {
            guard let text = context.value(name) else { continue }
            guard let time = UTCTime.milliseconds(rfc3339: text.count == 10 ? text + "T00:00:00Z" : text) else {
                throw CommandFailure.wrongUsage("--\(name) is a time such as 2026-11-27 or 2026-11-27T14:00:00Z")
            }
            query.append((name, "\(time)"))
        }
        let commits = try await AdminClient(context).get("/v2/admin/log", query: query)
        if context.flag("json") { return context.output.write(commits) }
        var table = Table("POSITION", "WRITTEN", "BY", "DESK", "REPLICA", "NUMBER", "CHANGES", "BYTES")
        for commit in commits.array ?? [] {
            table.addRow([
                Shown.text(commit["position"]), Shown.moment(commit["time"]),
                commit["device"] == .null
                    ? "-" : "\(Shown.text(commit["device"])) \(Shown.text(commit["name"]))",
                Shown.text(commit["desk"]), Shown.text(commit["replica"]), Shown.text(commit["number"]),
                Shown.text(commit["standingChanges"]), Shown.text(commit["sealedBytes"]),
            ])
        }
        context.output.write(table)
    },
    Command(
        "record", summary: "One record: the changes that stand, and whose is shown in each field, by numbers.",
        details: "Ids stand in lugn-admin conflicts --list.",
        arguments: [.required("ID", "The record's id.")],
        example: "lugn-admin record 01a21d29-ef81-7d65-b33a-3482b164a6e8"
    ) { context in
        let record = try await AdminClient(context)
            .get("/v2/admin/record", query: [("record", try context.require("ID"))])
        if context.flag("json") { return context.output.write(record) }
        if record["erased"]?.bool == true { context.output.print("Erased, for ever.") }
        var table = Table("POSITION", "WRITTEN", "WRITE", "KIND", "COLLECTION", "STANDS IN FIELDS", "REPLACES", "BYTES")
        for change in record["changes"]?.array ?? [] {
            let fields = (change["standsIn"]?.array ?? []).map(\.text).joined(separator: ",")
            table.addRow([
                Shown.text(change["position"]), Shown.moment(change["time"]), Shown.text(change["dot"]),
                Shown.text(change["kind"]), Shown.text(change["collection"]), fields.isEmpty ? "-" : fields,
                Shown.text(change["replaces"]), Shown.text(change["sealedBytes"]),
            ])
        }
        context.output.write(table)
        for field in record["fields"]?.array ?? [] where (field["standing"]?.integer ?? 0) > 1 {
            context.output.print(
                "Field \(Shown.text(field["field"])): \(Shown.text(field["standing"])) writes stand, and "
                    + "\(Shown.text(field["shown"])) is shown.")
        }
    },
    Command(
        "conflicts", summary: "How many records have fields in which several writes stand, and since when.",
        details: """
            The server cannot read values: some of them may say the same. A counsellor settles them. Reads an index of the \
            whole line.
            """, options: [.flag("list", "The records, the oldest first; at most 1,000.")],
        example: "lugn-admin conflicts\nlugn-admin conflicts --list"
    ) { context in
        let client = try AdminClient(context)
        let conflicts = try await client.get("/v2/admin/conflicts", timeoutSeconds: 600)
        if context.flag("json") { return context.output.write(conflicts) }
        if conflicts["records"]?.integer == 0 { return context.output.print("None.") }
        if context.flag("list") { return list(conflicts, context.output) }
        var table = Table("COLLECTION", "RECORDS", "FIELDS", "OLDEST", "LATEST")
        for collection in conflicts["collections"]?.array ?? [] {
            table.addRow([
                Shown.text(collection["collection"]), Shown.text(collection["records"]),
                Shown.text(collection["fields"]),
                Shown.moment(collection["oldest"]), Shown.moment(collection["latest"]),
            ])
        }
        context.output.write(table)
    },
]

private func list(_ conflicts: JSONValue, _ output: Output) {
    var table = Table("SINCE", "RECORD", "COLLECTION", "FIELDS")
    for record in conflicts["list"]?.array ?? [] {
        table.addRow([
            Shown.moment(record["since"]), Shown.text(record["record"]), Shown.text(record["collection"]),
            (record["fields"]?.array ?? []).map(\.text).joined(separator: ","),
        ])
    }
    output.write(table)
}
