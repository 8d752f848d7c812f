import Commands
import JSON

let deviceActCommands: [Command] = [
    Command(
        "rename", summary: "Give a workstation a label, for operators.",
        arguments: [
            .required("ID", "Its id, as devices shows it."), .required("LABEL", "What you call it; \"\" for nothing."),
        ], example: "lugn-admin rename 9f3c01ab77e2d4059f3c01ab77e2d405 \"Desk 3, by the window\""
    ) { context in
        let id = try identifier(context, "Look at lugn-admin devices")
        let answer = try await AdminClient(context).perform(
            "label", [JSONMember("device", .string(id)), JSONMember("label", .string(try context.require("LABEL")))])
        finish("Renamed.", answer, context)
    },
    Command(
        "revoke", summary: "Let a workstation in no more.",
        details: """
            At once, and also one that waits for news. This is about access only: the workstation keeps the line's keys and what \
            it has, until a lead removes it with lugn, which changes the line's key as well.
            """,
        arguments: [.required("ID", "Its id, as devices shows it.")],
        example: "lugn-admin revoke 9f3c01ab77e2d4059f3c01ab77e2d405"
    ) { context in
        let id = try identifier(context, "Look at lugn-admin devices")
        let answer = try await AdminClient(context).perform("block", [JSONMember("device", .string(id))])
        finish("Revoked. Ask a lead of the line to remove it: only that changes the line's key.", answer, context)
    },
]
