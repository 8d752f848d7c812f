import Commands
import JSON
import Operations

let statusCommand = Command(
    "status", summary: "The server and its lines, on one screen.",
    details: """
        SILENT are workstations that were not heard of for a day, UNSENT those with work that they had not sent when they last \
        called, BEHIND those that have not fetched all, DIFFER those that are proven to hold something else than the server, TOO OLD \
        those whose program is older than the line serves. CONFLICTS are records that wait for somebody to settle them, as counted \
        within the last minutes; DAMAGED are changes that the store has lost, until all workstations are proven equal again.
        """, example: "lugn-admin status"
) { context in
    let status = try await AdminClient(context).get("/v2/admin/status")
    if context.flag("json") { return context.output.write(status) }
    let now = status["serverTime"]
    let output = context.output
    output.print(
        "server       version \(Shown.text(status["version"])), up \(Shown.age(status["started"], now: now)), "
            + (status["ready"]?.bool == true ? "ready" : output.styled("CANNOT WRITE ITS STORE", .red)))
    output.print(
        "throughput   \(Shown.text(status["commitsLastMinute"])) commits in the last minute, "
            + "\(Shown.text(status["commitsLastHour"])) in the last hour, \(Shown.text(status["commitsLastDay"])) in a day; "
            + "\(Shown.text(status["waiting"])) workstations wait for news")
    output.print(
        "store        \(Shown.bytes(status["store"]?["bytes"])), write-ahead log "
            + "\(Shown.bytes(status["store"]?["logBytes"])), free on its disk \(Shown.bytes(status["store"]?["freeBytes"]))"
            + growth(status["store"]?["growth"])
    )
    output.print("backup       \(backup(status["backup"], now, output))")
    if let expires = status["certificateExpires"], expires != .null {
        output.print("certificate  until \(Shown.moment(expires))")
    }
    output.print()
    output.write(lines(status))
    for line in status["lines"]?.array ?? [] { tellRestoration(line, output) }
}

private func growth(_ growth: JSONValue?) -> String {
    guard let bytes = growth?["bytes"]?.integer, let minutes = growth?["minutes"]?.integer else { return "" }
    return ", grown by \(Shown.bytes(JSONValue(bytes))) in \(Shown.duration(minutes * 60_000))"
}

private func backup(_ backup: JSONValue?, _ now: JSONValue?, _ output: Output) -> String {
    if let failure = backup?["failure"]?.string { return output.styled("FAILED: \(failure)", .red) }
    guard let last = backup?["last"], last != .null else { return output.styled("never", .red) }
    return "\(Shown.age(last, now: now)) ago, \(Shown.moment(last))"
}

private func lines(_ status: JSONValue) -> Table {
    var table = Table(
        "LINE", "NAME", "HEAD", "CHANGES", "BYTES", "WORKSTATIONS", "SILENT", "UNSENT", "OLDEST UNSENT", "BEHIND",
        "DIFFER", "TOO OLD", "CONFLICTS", "DAMAGED", "VERIFIED")
    for line in status["lines"]?.array ?? [] {
        let verified = line["verified"]
        table.addRow([
            Shown.text(line["line"]), Shown.text(line["name"]), Shown.text(line["head"]),
            Shown.text(line["liveChanges"]),
            Shown.bytes(line["sealedBytes"])
                + (line["quotaBytes"] == .null ? "" : " of \(Shown.bytes(line["quotaBytes"]))"),
            Shown.text(line["workstations"]), Shown.text(line["silent"]),
            Shown.text(line["unsent"]), Shown.age(line["oldestUnsent"], now: status["serverTime"]),
            Shown.text(line["behind"]), Shown.text(line["differing"]), Shown.text(line["tooOld"]),
            Shown.text(line["conflicts"]?["records"]), Shown.text(line["setAsideChanges"]),
            (verified?["sound"]?.bool == false ? "NOT SOUND " : "") + Shown.moment(verified?["at"]),
        ])
    }
    return table
}

private func tellRestoration(_ line: JSONValue, _ output: Output) {
    guard let restoration = line["restoration"], restoration != .null else { return }
    let name = Shown.text(line["name"])
    let before = restoration["workstationsBefore"]?.integer ?? 0
    let back = Shown.text(restoration["broughtBack"])
    if restoration["completed"] != .null {
        output.print(
            "\(name) was restored \(Shown.moment(restoration["at"])), and whole again "
                + "\(Shown.moment(restoration["completed"])).")
    } else if before > 0 {
        output.print(
            "\(name) was restored \(Shown.moment(restoration["at"])): \(back) of \(Shown.text(line["workstations"])) "
                + "workstations have brought back what they hold.")
    } else {
        output.print(
            "\(name) was begun anew \(Shown.moment(restoration["at"])): \(back) workstations have brought back what they "
                + "hold. How many there were, the server cannot know.")
    }
}
