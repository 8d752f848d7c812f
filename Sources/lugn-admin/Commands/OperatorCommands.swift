import Commands
import JSON
import SyncProtocol
import Trust

let operatorCommands: [Command] = [
    Command(
        "operator add", summary: "Let an operator in.",
        details: """
            They make a key with lugn-admin key new, and send you its public key, which is no secret. With --line they see that \
            line only.
            """,
        options: [.value("label", "TEXT", "What you call them.", required: true)],
        arguments: [.required("PUBLICKEY", "The public key, as lugn-admin key new prints it.")],
        example: "lugn-admin operator add 7D2K… --label \"Drift, Karin\""
    ) { context in
        guard let key = OperatorKeys.publicKey(text: try context.require("PUBLICKEY")) else {
            throw CommandFailure.wrongUsage(
                "this is no operator's public key, or it is mistyped", action: "Copy it from lugn-admin key new")
        }
        let admin = try AdminClient(context)
        let line = try await admin.line().map { [JSONMember("line", .string($0))] } ?? []
        let answer = try await admin.perform(
            "add-operator",
            [
                JSONMember("key", .string(hexadecimalText(key))),
                JSONMember("label", .string(try context.require("label"))),
            ] + line)
        finish("Let in: \(OperatorID(signingKey: key))", answer, context)
    },
    Command("operator list", summary: "Who is let in.", isDefault: true, example: "lugn-admin operator list") {
        context in
        let operators = try await AdminClient(context).get("/v2/admin/operators")
        if context.flag("json") { return context.output.write(operators) }
        var table = Table("OPERATOR", "LABEL", "LINE", "SINCE")
        for entry in operators.array ?? [] {
            table.addRow([
                shown(entry["operator"]), shown(entry["label"]), shown(entry["line"], absent: "all"),
                moment(entry["added"]),
            ])
        }
        context.output.write(table)
    },
    Command(
        "operator remove", summary: "Let an operator in no more.",
        arguments: [.required("ID", "Their id, as operator list shows it.")],
        example: "lugn-admin operator remove 5a41c0ffee5a41c0ffee5a41c0ffee00"
    ) { context in
        let id = try identifier(context, "Look at lugn-admin operator list")
        let answer = try await AdminClient(context).perform(
            "remove-operator", [JSONMember("operator", .string(id))])
        finish("Removed.", answer, context)
    },
]
