import Commands
import JSON

let doctorCommand = Command(
    "doctor", summary: "Say what is wrong with a server, its store and its workstations, and what to do about each.",
    details: """
        Says nothing, and ends with 0, where all is well. It looks at what is known already: lugn-admin verify looks at the \
        store itself, and lugn doctor on a workstation at that.
        """, example: "lugn-admin doctor\nlugn-admin doctor --store /var/lib/lugn"
) { context in
    let findings = try await examine(context)
    if context.flag("json") {
        context.output.write(.array(findings.map(\.json)))
    } else {
        for finding in findings {
            context.output.print(context.output.styled("\(finding.place): \(finding.fault).", .bold))
            context.output.print("    \(finding.mend).")
        }
    }
    guard findings.isEmpty else {
        throw CommandFailure(findings.count == 1 ? "1 thing is wrong" : "\(findings.count) things are wrong")
    }
}

private func examine(_ context: CommandContext) async throws -> [Finding] {
    let client = try AdminClient(context)
    let status: JSONValue
    do {
        status = try await client.get("/v2/admin/status")
    } catch let failure as CommandFailure where !client.isDirect {
        return [
            Finding(
                "server", failure.message,
                mend: failure.exitCode == .refused
                    ? "give the key of an operator of this server"
                    : "see whether it runs: systemctl status lugn-server; then name, network, firewall and certificate")
        ]
    }
    var findings = ServerFindings(status: status).all()
    let now = Shown.milliseconds(status["serverTime"]) ?? 0
    let wanted = try await client.line()
    for line in status["lines"]?.array ?? [] where wanted == nil || wanted == line["line"]?.string {
        let query = wanted == nil ? [("line", Shown.text(line["line"]))] : []
        let devices = try await client.get("/v2/admin/devices", query: query).array ?? []
        findings += DeviceFindings(
            rows: devices.map { DeviceRow(device: $0, now: now) }, serverVersion: Shown.text(status["version"])
        ).all()
    }
    return findings
}
