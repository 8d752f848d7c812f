import Commands
import JSON
import Operations
import Support
import SyncProtocol
import Trust

let auditCommand = Command(
    "audit", summary: "What operators have done, and what happened to the store.",
    details: """
        The log is a chain: each entry names the hash of the one before. --verify follows it, and prints where it ends. Whoever \
        owns the server could write all of it anew: keep the end elsewhere, and give it with --kept the next time.
        """,
    options: [
        .flag("verify", "Follow the chain, and print where it ends."),
        .value("kept", "END", "An end that you kept: the log must still contain it."),
    ], example: "lugn-admin audit\nlugn-admin audit --verify --kept \"12;9f3c…\""
) { context in
    var anchor: AuditChain.Anchor?
    if let text = context.value("kept") {
        anchor = AuditChain.Anchor(text: text)
        if anchor == nil { throw CommandFailure.wrongUsage("--kept is an end as audit --verify prints it") }
    }
    let entries = try await read(try AdminClient(context))
    if context.flag("verify") || anchor != nil {
        let end = try verify(entries, anchor)
        if context.flag("json") { return context.output.write(["verified": true, "end": .string(end.text)]) }
        context.output.print("end  \(end.text)")
        return context.output.note("The log is whole: \(end.count) entries. Keep its end elsewhere.")
    }
    if context.flag("json") { return context.output.write(.array(entries.map(document))) }
    var table = Table("NUMBER", "TIME", "OPERATOR", "ACT", "LINE", "SUBJECT")
    for entry in entries {
        table.addRow([
            String(entry.number), moment(.string(UTCTime.rfc3339(milliseconds: entry.milliseconds))),
            entry.author?.description ?? "-", entry.act.name, entry.line?.description ?? "-",
            entry.subject.map { hexadecimalText($0) } ?? "-",
        ])
    }
    context.output.write(table)
}

/// All entries, in as many answers as it takes. What they say is looked at by whoever follows the chain.
private func read(_ admin: AdminClient) async throws -> [AuditEntry] {
    var entries: [AuditEntry] = []
    while true {
        let answer = try await admin.get("/v2/admin/audit", query: [("from", String(entries.count))])
        let texts = (answer["entries"]?.array ?? []).compactMap(\.string)
        for text in texts {
            do throws(ProtocolError) {
                entries.append(try AuditEntry(encoded: bytes(hexadecimal: text) ?? []))
            } catch {
                throw CommandFailure(
                    .failed, "entry \(entries.count) of the audit log cannot be read: the log was changed")
            }
        }
        guard let end = answer["end"]?.string.flatMap({ AuditChain.Anchor(text: $0) }), !texts.isEmpty,
            entries.count < end.count
        else { return entries }
    }
}

private func verify(_ entries: [AuditEntry], _ anchor: AuditChain.Anchor?) throws -> AuditChain.Anchor {
    var chain = AuditChain(anchor: anchor)
    do throws(AuditChain.Problem) {
        for entry in entries { try chain.append(entry) }
        try chain.finish()
    } catch {
        let what =
            switch error {
            case .notNext(let number):
                "entry \(number) of the audit log does not follow the one before: something was changed, taken out or put in"
            case .otherThanKept(let count):
                "the audit log's first \(count) entries are not those of the end that you kept"
            case .shorterThanKept(let count): "the audit log had \(count) entries once, and has fewer now: it was cut"
            }
        throw CommandFailure(
            .failed, what, safe: "The lines' rosters and data are not affected",
            action: "Find out who had access to the server's machine")
    }
    return chain.end
}

private func document(_ entry: AuditEntry) -> JSONValue {
    [
        "number": JSONValue(entry.number), "time": .string(UTCTime.rfc3339(milliseconds: entry.milliseconds)),
        "operator": entry.author.map { .string($0.description) } ?? nil, "act": .string(entry.act.name),
        "line": entry.line.map { .string($0.description) } ?? nil,
        "subject": entry.subject.map { .string(hexadecimalText($0)) } ?? nil,
        "hash": .string(hexadecimalText(entry.hash)),
    ]
}
