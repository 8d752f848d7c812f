import Casework
import Commands
import JSON
import Merge
import Replica
import Sealing
import Support
import SyncClient
import SyncProtocol

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#endif

/// Syncing, and how things stand.
let lineCommands: [Command] = [
    Command(
        "verify", summary: "Prove that this workstation and the server hold the same.",
        details: """
            Looks at everything on both sides, and joins what differs. With --deep it also reads everything from the \
            server again, compares each value, and puts right what was damaged here. Needs the network.
            """,
        options: [.flag("deep", "Compare the values too.")], example: "lugn verify\nlugn verify --deep"
    ) { context in
        let workplace = try Workplace(context)
        let progress = Progress(context.output)
        let isDeep = context.flag("deep")
        let result = try await workplace.client().verify(isDeep: isDeep) { position, head in
            progress.update("compared up to position \(position) of \(head)")
        }
        progress.finish()
        if context.flag("json") {
            context.output.write([
                "equal": .bool(result.isEqual), "sumWasWrong": .bool(result.wasSumWrong),
                "comparedRanges": JSONValue(result.healing.comparedRanges),
                "differingRanges": JSONValue(result.healing.differingRanges),
                "receivedChanges": JSONValue(result.healing.receivedChanges),
                "exchanges": JSONValue(result.healing.exchanges), "sentBytes": JSONValue(result.healing.sentBytes),
                "receivedBytes": JSONValue(result.healing.receivedBytes),
                "comparedValues": JSONValue(result.comparedValues), "mendedRecords": JSONValue(result.mendedRecords),
            ])
        } else {
            sentences(result, isDeep: isDeep).forEach { context.output.print($0) }
        }
        if !result.isEqual {
            throw CommandFailure(
                "this workstation and the server differ", safe: "What was written here is safe",
                action: "Tell the operator, and keep both files")
        }
    },
    Command(
        "sync", summary: "Send what waits and fetch what is new.",
        details: "With --watch it goes on, until it is stopped: at once after each change, here or elsewhere.",
        options: [.flag("watch", "Go on until stopped.")], example: "lugn sync\nlugn sync --watch"
    ) { context in
        let workplace = try Workplace(context)
        try ServerAccess(folder: workplace.folder).warn(context.output)
        let client = try workplace.client()
        if context.flag("watch") { return try await watch(client, workplace.casework, context) }
        let progress = Progress(context.output)
        var report = try await client.sync { receipt in progress.update("received up to position \(receipt.position)") }
        // Text of a shredded case that another desk wrote without knowing: gone here, and told at once.
        if try workplace.casework.sweepShredded() > 0 {
            let second = try await client.sync()
            report.acknowledged += second.acknowledged
            report.applied += second.applied
            report.events += second.events
            report.isVerified = second.isVerified
            report.position = second.position
        }
        progress.finish()
        report.events.compactMap(\.sentence).forEach { context.output.note($0) }
        if context.flag("json") {
            context.output.write([
                "sent": JSONValue(report.acknowledged), "received": JSONValue(report.applied),
                "cursor": JSONValue(report.position), "verified": report.isVerified.map { .bool($0) } ?? nil,
            ])
        } else if report.isVerified != false {
            let verified = report.isVerified == true ? "equal with the server, and proven so" : "not compared"
            context.output.print("Sent \(report.acknowledged), received \(report.applied); \(verified).")
        }
        if report.isVerified == false {
            throw CommandFailure(
                "this workstation and the server differ", safe: "What was written here is safe",
                action: "Tell the operator, and keep both files")
        }
    },
    Command(
        "status", summary: "How this workstation stands: unsent work, last sync, conflicts.",
        example: "lugn status"
    ) { context in
        let workplace = try Workplace(context)
        let status = try workplace.replica.status()
        let duplicates = try workplace.casework.duplicates()
        if context.flag("json") {
            context.output.write(json(status, duplicates))
        } else {
            sentences(status, now: systemWallMilliseconds(), try workplace.casework.lineTime()).forEach {
                context.output.print($0)
            }
            for reference in duplicates { context.output.print("Two cases share this number: \(reference)") }
        }
    },
]

private func sentences(_ result: Verification, isDeep: Bool) -> [String] {
    var lines = [
        result.isEqual ? "Equal with the server: everything on both sides was looked at." : "DIFFERENT from the server."
    ]
    if result.wasSumWrong { lines.append("The running sum here was wrong, and was put right.") }
    if result.healing.differingRanges > 0 {
        lines.append(
            "\(result.healing.differingRanges) ranges differed and were joined; \(result.healing.receivedChanges) changes came from the server."
        )
    }
    if isDeep {
        lines.append(
            "\(result.comparedValues) values were compared; those of \(result.mendedRecords) records were put right.")
    }
    return lines
}

private func watch(_ client: SyncClient, _ casework: Casework, _ context: CommandContext) async throws {
    let lock = try WatchLock(replicaPath: client.replica.path)
    defer { withExtendedLifetime(lock) {} }
    let signals = try TerminationSignals.install()
    let output = context.output
    let time = try casework.lineTime()
    try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask {
            try await client.watch { event in
                switch event {
                case .offline: break
                case .upToDate, .received:
                    // What is erased is a local write, and is sent at once.
                    do { try casework.sweepShredded() } catch { output.note("\(clockTime(time)) \(error)") }
                }
                switch event {
                case .upToDate(let report):
                    output.note("\(clockTime(time)) up to date, position \(report.position)")
                case .received(let receipt):
                    receipt.events.compactMap(\.sentence).forEach { output.note($0) }
                    if receipt.applied > 0 { output.note("\(clockTime(time)) received \(receipt.applied)") }
                case .offline(let error, let seconds):
                    output.note("\(clockTime(time)) \(error); next attempt in \(Int(seconds.rounded(.up))) s")
                }
            }
        }
        group.addTask { _ = await signals.wait() }
        try await group.next()
        group.cancelAll()
    }
}

private func clockTime(_ time: LineTime) -> String {
    String(time.text(Timestamp(milliseconds: systemWallMilliseconds())).suffix(5))
}

// MARK: Status

private func json(_ status: ReplicaStatus, _ duplicates: [CaseReference]) -> JSONValue {
    func time(_ milliseconds: Int64?) -> JSONValue {
        milliseconds.map { .string(UTCTime.rfc3339(milliseconds: $0)) } ?? nil
    }
    return [
        "replica": .string(status.replica.description), "line": status.line.map { .string($0.description) } ?? nil,
        "cursor": JSONValue(status.cursor), "pending": JSONValue(status.pending),
        "oldestPending": time(status.oldestPending), "lastSync": time(status.lastSync),
        "verified": status.isVerified.map { .bool($0) } ?? nil, "fingerprint": .string(status.fingerprint.description),
        "clockOffsetMilliseconds": JSONValue(status.clockOffsetMilliseconds),
        "clockQuestionMilliseconds": status.clockQuestion.map { JSONValue($0) } ?? nil,
        "conflicts": JSONValue(status.conflicts),
        "setAside": JSONValue(status.setAside), "unopened": JSONValue(status.unopened),
        "firstSyncDone": .bool(status.isFirstSyncDone), "name": status.name.map { .string($0) } ?? nil,
        "freeNumbers": JSONValue(status.freeNumbers), "schema": JSONValue(status.schema),
        "duplicateNumbers": .array(duplicates.map { .string($0.description) }),
    ]
}

/// The status as a counsellor reads it. What is old says so.
private func sentences(_ status: ReplicaStatus, now: Int64, _ time: LineTime) -> [String] {
    var lines: [String] = []
    if let name = status.name {
        lines.append("\(name), line \(status.lineName ?? "")")
    } else {
        lines.append("This workstation has not joined a line yet; everything is kept here.")
    }
    if status.pending == 0 {
        lines.append("Everything written here has been sent.")
    } else {
        let age =
            status.oldestPending.map { ", the oldest of \(time.text(Timestamp(milliseconds: $0)))" } ?? ""
        lines.append("\(status.pending) not sent yet\(age). It is safe here.")
    }
    if let last = status.lastSync {
        lines.append(
            "Last sync \(time.text(Timestamp(milliseconds: last))), \(span(now - last)) ago: what other desks wrote since then is not here."
        )
    } else {
        lines.append("Never synced: nothing that other desks wrote is here.")
    }
    if status.line != nil, !status.isFirstSyncDone {
        lines.append("The first sync is not finished: cases may be missing.")
    }
    switch status.isVerified {
    case true: lines.append("Equal with the server when last compared.")
    case false: lines.append("DIFFERENT from the server when last compared: tell the operator.")
    default: lines.append("Not compared with the server since the last change.")
    }
    lines += clockSentences(status)
    if status.conflicts > 0 { lines.append("\(status.conflicts) to decide: lugn conflicts") }
    if status.setAside > 0 {
        lines.append("\(status.setAside) put aside, because the server can not take it: tell the operator.")
    }
    if status.unopened > 0 { lines.append("\(status.unopened) could not be opened with the key that is here.") }
    return lines
}

func span(_ milliseconds: Int64) -> String {
    let seconds = max(0, milliseconds) / 1_000
    switch seconds {
    case ..<120: return "\(seconds) s"
    case ..<7_200: return "\(seconds / 60) min"
    case ..<172_800: return "\(seconds / 3_600) h"
    default: return "\(seconds / 86_400) days"
    }
}

extension Receipt.Event {
    /// What happened, for a counsellor; nil where nobody needs to know.
    var sentence: String? {
        switch self {
        case .forked(let from, let to):
            "These data are a copy, or were restored from a backup: they go on as \(to) instead of \(from). Nothing is lost."
        case .clockCorrected(let milliseconds):
            "This computer's clock is wrong by \(span(abs(milliseconds))); what was not sent yet has been given the right time."
        case .setAside(let number, _):
            "Entry \(number) was put aside, because the server can not take it. It is kept here; everything else goes on."
        case .diverged: "The server has lost data and is being refilled from here."
        case .healingRestarted: "The server was put back meanwhile; the comparison begins anew."
        case .healed: nil
        case .differs: "The server and this workstation differ; they are being compared."
        case .unopened(let count): "\(count) entries could not be opened with the key that is here. They are kept."
        }
    }
}

func readFile(_ path: String, limit: Int) throws -> [UInt8] {
    let file = try FileBytes(path)
    var bytes: [UInt8] = []
    while let byte = try file.next() {
        bytes.append(byte)
        if bytes.count > limit { throw CommandFailure("the file is too large", safe: "Nothing was changed") }
    }
    return bytes
}
