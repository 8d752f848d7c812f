import Casework
import Commands
import JSON
import Merge
import Replica
import Sealing
import Support
import SyncClient
import SyncProtocol
import Workstation

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
        "verify", options: [.flag("deep")], example: "lugn verify\nlugn verify --deep"
    ) { context in
        let workplace = try Workplace(context)
        let progress = Progress(context.output)
        let isDeep = context.flag("deep")
        let words = context.words
        let result = try await workplace.client().verify(isDeep: isDeep) { position, head in
            progress.update(words("sync.compared", ["position": String(position), "head": String(head)]))
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
            sentences(result, isDeep: isDeep, context.words).forEach { context.output.print($0) }
        }
        if !result.isEqual {
            throw CommandFailure(.failed, key: "failure.differs")
        }
    },
    Command(
        "sync", options: [.flag("watch")], example: "lugn sync\nlugn sync --watch"
    ) { context in
        let workplace = try Workplace(context)
        try ServerAccess(folder: workplace.folder).warn(context.output)
        let client = try workplace.client()
        if context.flag("watch") { return try await watch(client, workplace.casework, context) }
        let progress = Progress(context.output)
        let words = context.words
        var report = try await client.sync { receipt in
            progress.update(words("sync.receivedUpTo", ["position": String(receipt.position)]))
        }
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
        report.events.compactMap { $0.sentence(words) }.forEach { context.output.note($0) }
        if context.flag("json") {
            context.output.write([
                "sent": JSONValue(report.acknowledged), "received": JSONValue(report.applied),
                "cursor": JSONValue(report.position), "verified": report.isVerified.map { .bool($0) } ?? nil,
            ])
        } else if report.isVerified != false {
            let values = ["sent": String(report.acknowledged), "received": String(report.applied)]
            context.output.print(words(report.isVerified == true ? "sync.doneEqual" : "sync.done", values))
        }
        if report.isVerified == false {
            throw CommandFailure(.failed, key: "failure.differs")
        }
    },
    Command(
        "status", example: "lugn status"
    ) { context in
        let workplace = try Workplace(context)
        let status = try workplace.replica.status()
        let duplicates = try workplace.casework.duplicates()
        if context.flag("json") {
            context.output.write(json(status, duplicates))
        } else {
            sentences(status, now: systemWallMilliseconds(), try context.say(workplace)).forEach {
                context.output.print($0)
            }
            for reference in duplicates {
                context.output.print(context.words("conflicts.sameNumber", ["number": reference.description]))
            }
        }
    },
]

private func sentences(_ result: Verification, isDeep: Bool, _ words: Words) -> [String] {
    var lines = [words(result.isEqual ? "verify.equal" : "verify.different")]
    if result.wasSumWrong { lines.append(words("verify.sumWrong")) }
    if result.healing.differingRanges > 0 {
        lines.append(
            words(
                "verify.joined",
                [
                    "ranges": String(result.healing.differingRanges), "changes": String(result.healing.receivedChanges),
                ]))
    }
    if isDeep {
        lines.append(
            words(
                "verify.values",
                ["values": String(result.comparedValues), "records": String(result.mendedRecords)]))
    }
    return lines
}

private func watch(_ client: SyncClient, _ casework: Casework, _ context: CommandContext) async throws {
    let lock = try WatchLock(replicaPath: client.replica.path)
    defer { withExtendedLifetime(lock) {} }
    let signals = try TerminationSignals.install()
    let output = context.output
    let time = try casework.lineTime()
    let words = context.words
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
                    output.note(clockTime(time) + " " + words("sync.upToDate", ["position": String(report.position)]))
                case .received(let receipt):
                    receipt.events.compactMap { $0.sentence(words) }.forEach { output.note($0) }
                    if receipt.applied > 0 {
                        output.note(clockTime(time) + " " + words("sync.received", ["count": String(receipt.applied)]))
                    }
                case .offline(let error, let seconds):
                    output.note(
                        clockTime(time) + " "
                            + words(
                                "sync.offline",
                                [
                                    "why": words((error as? SyncError)?.told ?? "\(error)"),
                                    "seconds": String(Int(seconds.rounded(.up))),
                                ]))
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
        "late": JSONValue(status.late),
        "firstSyncDone": .bool(status.isFirstSyncDone), "name": status.name.map { .string($0) } ?? nil,
        "freeNumbers": JSONValue(status.freeNumbers), "schema": JSONValue(status.schema),
        "duplicateNumbers": .array(duplicates.map { .string($0.description) }),
    ]
}

func readFile(_ path: String, limit: Int) throws -> [UInt8] {
    let file = try FileBytes(path)
    var bytes: [UInt8] = []
    while let byte = try file.next() {
        bytes.append(byte)
        if bytes.count > limit { throw CommandFailure(.failed, key: "failure.fileTooLarge") }
    }
    return bytes
}
