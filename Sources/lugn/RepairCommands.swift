import Casework
import Commands
import JSON
import Replica
import SyncClient

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#endif

/// For a file that a disk, or somebody with a tool, has damaged.
let repairCommands: [Command] = [
    Command("repair", example: "lugn repair") { context in
        let path = try Workplace.madeFolder(context) + "/replica.db"
        guard unsafe access(path, F_OK) == 0 else { throw CommandFailure(.failed, key: "failure.noData") }
        let report = try repaired(path)
        let workplace = try Workplace(context)
        let comparison = try await compare(workplace, context)
        if comparison == .equal { for suffix in ["", "-wal"] { unsafe unlink(report.damagedPath + suffix) } }
        if context.flag("json") { return context.output.write(json(report, comparison)) }
        sentences(report, comparison, context.words).forEach { context.output.print($0) }
    }
]

private func repaired(_ path: String) throws -> RepairReport {
    // Whoever watches would go on with the old file.
    let lock = try WatchLock(replicaPath: path)
    defer { withExtendedLifetime(lock) {} }
    return try Replica.repair(path: path, schema: CaseworkSchema.schema)
}

private enum Comparison: Equatable {
    case equal, different, notJoined
    case failed(String)
}

private func compare(_ workplace: Workplace, _ context: CommandContext) async throws -> Comparison {
    guard try workplace.replica.enrolment() != nil else { return .notJoined }
    do {
        return try await workplace.client().verify(isDeep: true).isEqual ? .equal : .different
    } catch let error as SyncError {
        return .failed(context.words(error.told))
    }
}

private func json(_ report: RepairReport, _ comparison: Comparison) -> JSONValue {
    [
        "records": JSONValue(report.records), "unsent": JSONValue(report.unsent),
        "refusedRows": JSONValue(report.refusedRows), "hasGaps": .bool(report.hasGaps),
        "mayLackUnsent": .bool(report.mayLackUnsent), "hasLostIdentity": .bool(report.hasLostIdentity),
        "equal": comparison == .equal ? .bool(true) : comparison == .different ? .bool(false) : nil,
        "damagedFile": comparison == .equal ? nil : .string(report.damagedPath),
    ]
}

private func sentences(_ report: RepairReport, _ comparison: Comparison, _ words: Words) -> [String] {
    var lines = [words("repair.read", ["records": "\(report.records)", "unsent": "\(report.unsent)"])]
    if report.hasGaps || report.refusedRows > 0 { lines.append(words("repair.gaps")) }
    if report.mayLackUnsent { lines.append(words("repair.lacksUnsent")) }
    if report.hasLostIdentity { lines.append(words("repair.lostIdentity")) }
    switch comparison {
    case .equal: return lines + [words("repair.equal")]
    case .different: lines.append(words("repair.different"))
    case .notJoined: lines.append(words("repair.notJoined"))
    case .failed(let why): lines.append(words("repair.later", ["why": why]))
    }
    return lines + [words("repair.kept", ["path": report.damagedPath])]
}
