import Commands
import JSON

let deviceCommands: [Command] = [
    Command(
        "devices", summary: "All workstations of a line, also such that never synced.",
        details: """
            LABEL is your own: the names that workstations have among each other are sealed. STANDING is what the line's leads \
            and you have decided.
            """, example: "lugn-admin devices"
    ) { context in
        let devices = try await AdminClient(context).getOfLine("/v2/admin/devices")
        if context.flag("json") { return context.output.write(devices) }
        var table = Table("DEVICE", "LABEL", "ROLE", "STANDING", "ADMITTED", "LAST SEEN")
        for device in devices.array ?? [] {
            table.addRow([
                shown(device["device"]), shown(device["label"]), shown(device["role"]), standing(device),
                moment(device["admitted"]), moment(device["lastSeen"], absent: "never"),
            ])
        }
        context.output.write(table)
    },
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

private func standing(_ device: JSONValue) -> String {
    if device["removed"]?.bool == true { return "removed" }
    return device["blocked"]?.bool == true ? "revoked" : "present"
}
