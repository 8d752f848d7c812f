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

/// Keys, joining, syncing, and how things stand.
let lineCommands: [Command] = [
    Command(
        "key new", summary: "Make the line's key, in a file.",
        details: """
            The key seals all content. Every workstation of the line is given this file when it joins; the server never \
            is. Whoever has it can read the line's data; when all copies of it are lost, so is what only the server has.
            """,
        arguments: [.required("FILE", "The file to make; it must not exist.")],
        example: "lugn key new line.key"
    ) { context in
        try writeKeyFile(context.require("FILE"), LineKey.random().fileText)
        context.output.note("The key is in the file. Give it to the line's workstations by hand, never to the server.")
    },
    Command(
        "join", summary: "Join a line, with an invitation from the operator.",
        details: "Needed once for each workstation. Work done before joining is kept, and sent afterwards.",
        options: [
            .value("name", "NAME", "What people call this workstation.", required: true),
            .value("line-key", "FILE", "The line's key file.", required: true),
        ] + ServerAccess.options,
        arguments: [
            .required("URL", "The server's address."), .required("INVITATION", "The invitation."),
        ],
        example: "lugn join https://sync.example.org lugn-invitation-… --name \"Desk 1\" --line-key line.key"
    ) { context in
        let key = try readKeyFile(context.require("line-key"))
        let workplace = try Workplace(context)
        let access = try ServerAccess(context)
        access.warn(context.output)
        let enrolment = try await workplace.client(access).join(
            server: context.require("URL"), invitation: context.require("INVITATION"), name: context.require("name"),
            key: key)
        try access.keep(in: workplace.folder)
        if context.flag("json") {
            context.output.write(["line": .string(enrolment.line.description), "lineName": .string(enrolment.lineName)])
        } else {
            context.output.print("Joined \(enrolment.lineName) as \(enrolment.name).")
        }
    },
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
        "firstSyncDone": .bool(status.isFirstSyncDone), "name": status.name.map { .string($0) } ?? nil,
        "freeNumbers": JSONValue(status.freeNumbers), "schema": JSONValue(status.schema),
        "duplicateNumbers": .array(duplicates.map { .string($0.description) }),
    ]
}

// MARK: Key files

private func writeKeyFile(_ path: String, _ text: String) throws {
    let descriptor = unsafe open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
        throw CommandFailure(
            errno == EEXIST ? "the file exists already" : "the file cannot be made (error \(errno))",
            safe: "Nothing was changed", action: "Name a file that does not exist")
    }
    defer { close(descriptor) }
    let bytes = Array(text.utf8)
    let written = unsafe bytes.withUnsafeBytes { unsafe write(descriptor, $0.baseAddress!, $0.count) }
    guard written == bytes.count, fsync(descriptor) == 0 else {
        throw CommandFailure(
            "the key could not be written", safe: "Nothing uses it yet", action: "Free some space and try again")
    }
}

private func readKeyFile(_ path: String) throws -> LineKey {
    let text = try readFile(path, limit: 4_096)
    guard let key = LineKey(fileText: String(decoding: text, as: UTF8.self)) else {
        throw CommandFailure(
            .refused, "the file is no line key", safe: "Nothing was changed", action: "Ask for the key file again")
    }
    return key
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
