import Commands
import JSON
import Operations

let doctorCommand = Command(
    "doctor", summary: "Say what is wrong with a server, its store and its workstations, and what to do about each.",
    details: """
        Says nothing, and ends with 0, where all is well. It looks at what is known already: lugn-admin verify looks at the \
        store itself, and lugn doctor on a workstation at that.
        """, example: "lugn-admin doctor\nlugn-admin doctor --store /var/lib/lugn"
) { context in
    let findings = try await examine(context)
    let words = AdminWords(AdminWords.Language(context))
    if context.flag("json") {
        context.output.write(.array(findings.map { $0.spoken(words) }))
    } else {
        for finding in findings {
            context.output.print(context.output.styled("\(finding.place(words)): \(finding.fault(words)).", .bold))
            context.output.print("    \(finding.mend(words)).")
        }
    }
    guard findings.isEmpty else {
        throw CommandFailure(words("doctor.wrong", ["count": "\(findings.count)"]))
    }
}

private func examine(_ context: CommandContext) async throws -> [Finding] {
    let client = try AdminClient(context)
    do {
        let lines = try await client.line().map { [$0] }
        return try await Survey.make(lines: lines) { path, query in
            try await client.getOfServer(path, query: query)
        }.findings
    } catch let failure as CommandFailure where !client.isDirect {
        return [
            Finding("server", failure.exitCode == .refused ? "refused" : "unreachable", ["why": failure.message])
        ]
    }
}
