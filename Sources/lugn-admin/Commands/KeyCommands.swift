import Commands
import JSON
import Trust

let keyCommands: [Command] = [
    Command(
        "key new", summary: "Make your key as an operator.",
        details: """
            Writes it to a file that only you can read, and prints its public key, which is no secret: whoever runs the server \
            lets you in with it.
            """,
        arguments: [.required("FILE", "A file that does not exist yet.")], example: "lugn-admin key new operator.key"
    ) { context in show(try KeyFile.make(context.require("FILE")), context) },
    Command("key show", summary: "Your public key.", example: "lugn-admin key show --key operator.key") { context in
        show(try KeyFile.read(context), context)
    },
]

private func show(_ keys: OperatorKeys, _ context: CommandContext) {
    if context.flag("json") {
        return context.output.write([
            "operator": .string(keys.id.description), "key": .string(keys.publicText),
        ])
    }
    context.output.print("operator    \(keys.id)")
    context.output.print("public key  \(keys.publicText)")
}
