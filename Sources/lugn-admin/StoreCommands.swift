import Commands
import JSON
import Operations

let storeCommands: [Command] = [
    Command(
        "verify", summary: "Compare every change of a line with what came in, and its sums with its changes.",
        details: """
            Reads everything once, three seconds for a million changes, while others work. What is damaged is set aside, and \
            comes back with the next healing of a workstation that holds it.
            """, example: "lugn-admin verify"
    ) { context in
        let answer = try await AdminClient(context).get("/v2/admin/verify", timeoutSeconds: 3_600)
        if context.flag("json") { return context.output.write(answer) }
        guard answer["verified"]?.bool == true else {
            let damaged = answer["damagedChanges"]?.integer ?? 0
            throw CommandFailure(
                damaged > 0
                    ? "\(damaged) changes of the store are not what came in"
                    : "the store's sums are not those of its changes",
                safe: "The damage was set aside and the sums computed anew; the workstations have their data",
                action: "Let every workstation sync, which brings back what it holds; and look at the disk")
        }
        context.output.print("The store is sound.")
        // By an earlier verification, or by the server itself, which looks over its store all the time.
        if let damaged = answer["setAsideChanges"]?.integer, damaged > 0 {
            context.output.print(
                "\(damaged) changes were found damaged before and set aside: let every workstation sync, and look at the disk."
            )
        }
    },
    Command(
        "compact", summary: "Give room in the store's file that is free back to the system.",
        details: """
            Writes the whole store anew, and needs as much room on the disk meanwhile; workstations wait. Worth it only after \
            much was erased: free room is used again by itself.
            """, example: "lugn-admin compact"
    ) { context in
        let answer = try await AdminClient(context).post("/v2/admin/compact", timeoutSeconds: 3_600)
        if context.flag("json") { return context.output.write(answer) }
        context.output.print("\(Shown.bytes(answer["bytesBefore"])) before, \(Shown.bytes(answer["bytes"])) now.")
    },
]
