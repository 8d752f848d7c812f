import ChangeLog
import Commands
import JSON
import ServerStore
import Support
import SyncProtocol

/// What is done with a store as a whole: to copy it, to look whether it is sound, to put it back.
let storeCommands: [Command] = [
    Command(
        "backup", summary: "Copy the store into a file, while it is served.",
        details: """
            The copy is looked at before it gets its name, and its SHA-256 stands beside it. A running server can make \
            copies by itself: see run --backup-every.
            """,
        arguments: [.required("FILE", "The file to make.")],
        example: "lugn-server backup /var/backups/lugn/before-upgrade.db"
    ) { context in
        let folder = try StoreFolder(context)
        try folder.requireStore()
        let path = try context.require("FILE")
        let began = WallClock.system.nowMilliseconds()
        _ = try Backup.write(to: path, storeBytes: folder.storeBytes) {
            try SQLiteChangeLog.backUp(storeAt: folder.database, to: $0)
        }
        try folder.noteBackup(at: began)
        let size = SystemFile.size(path) ?? 0
        if context.flag("json") {
            return context.output.write(["file": .string(path), "bytes": JSONValue(size)])
        }
        context.output.print("\(path): \(size) bytes, looked at and sound.")
    },
    Command(
        "check", summary: "Look at every page and every change of a backup, or of a stopped server's store.",
        details: "Changes nothing. Compares each change with the hash that was taken when it came in.",
        arguments: [.optional("FILE", "A backup; the store in --data otherwise.")],
        example: "lugn-server check /var/backups/lugn/lugn-20261127T145631Z.db\nlugn-server check --data /var/lib/lugn"
    ) { context in
        let check: StoreCheck
        let path: String
        var isHashed = true
        if let file = context.value("FILE") {
            path = file
            isHashed = try Backup(path: file).requireUnchanged()
            check = try StoreCheck.file(file, isBackup: true)
        } else {
            let folder = try StoreFolder(context)
            path = folder.database
            let lock = try folder.open()
            defer { withExtendedLifetime(lock) {} }
            check = try StoreCheck.file(path, isBackup: false)
        }
        tell(check, path, isHashed, context)
        guard check.isSound else {
            throw CommandFailure(
                "\(path) is damaged", safe: "Nothing was changed; the workstations have their data",
                action: context.value("FILE") == nil
                    ? "Move the folder away and put back the last sound backup: lugn-server restore FILE"
                    : "Take an older backup")
        }
    },
    Command(
        "restore", summary: "Put a backup back, into a folder without a store.",
        details: """
            The lines keep their ids, and their logs get new ones: so every workstation finds out when it calls next, and \
            brings back what is missing. lugn-admin status says how many have. Stop the server, and move what is left of the \
            old store away, before.
            """,
        arguments: [.required("FILE", "The backup.")],
        example: "lugn-server restore /var/backups/lugn/lugn-20261127T145631Z.db --data /var/lib/lugn"
    ) { context in try restore(context) },
]

private func restore(_ context: CommandContext) throws {
    let file = try context.require("FILE")
    let folder = try StoreFolder(context)
    let isHashed = try Backup(path: file).requireUnchanged()
    let check = try StoreCheck.file(file, isBackup: true)
    guard check.isSound else {
        throw CommandFailure(
            "\(file) is damaged", safe: "Nothing was put back",
            action: "Take another backup: lugn-server check says which are sound")
    }
    let lock = try folder.createEmpty()
    defer { withExtendedLifetime(lock) {} }
    let part = folder.database + ".restoring"
    for leftover in [part, part + "-wal", part + "-shm"] { SystemFile.remove(leftover) }
    do {
        try SystemFile.copy(file, to: part)
        guard try SystemFile.hash(part) == SystemFile.hash(file) else {
            throw CommandFailure(
                "what was written to \(folder.path) is not what was read back", safe: "Nothing was put back",
                action: "Use another disk")
        }
        try SQLiteChangeLog.beginAgain(at: part, now: WallClock.system.nowMilliseconds())
        try SystemFile.bringToDisk(part)
        try SystemFile.rename(part, to: folder.database)
        // What the store holds is in that backup: it is as old as that.
        if let made = SystemFile.modified(file) { try folder.noteBackup(at: made) }
    } catch {
        for leftover in [part, part + "-wal", part + "-shm"] { SystemFile.remove(leftover) }
        throw error
    }
    tell(check, folder.database, isHashed, context)
    context.output.note(
        "Start the server. lugn-admin status says how many workstations have brought back what is missing.")
}

private func tell(_ check: StoreCheck, _ path: String, _ isHashed: Bool, _ context: CommandContext) {
    if !isHashed { context.output.note("no hash lies beside it: whether it is as it was written cannot be told") }
    if context.flag("json") {
        return context.output.write([
            "file": .string(path), "sound": .bool(check.isSound), "hashed": .bool(isHashed),
            "problems": .array(check.problems.map { .string($0) }),
            "lines": .array(
                check.lines.map { line in
                    [
                        "line": .string(line.id.description), "name": .string(line.name), "head": JSONValue(line.head),
                        "liveChanges": JSONValue(line.liveChanges), "damagedChanges": JSONValue(line.damagedChanges),
                        "sumRight": .bool(line.isSumRight), "endRight": .bool(line.isEndRight),
                    ]
                }),
        ])
    }
    for problem in check.problems { context.output.print("damaged: \(problem)") }
    var table = Table("LINE", "NAME", "HEAD", "CHANGES", "DAMAGED", "SUM", "END")
    for line in check.lines {
        table.addRow([
            line.id.description, line.name, "\(line.head)", "\(line.liveChanges)", "\(line.damagedChanges)",
            line.isSumRight ? "right" : "WRONG", line.isEndRight ? "right" : "WRONG",
        ])
    }
    if !check.lines.isEmpty { context.output.write(table) }
    if check.isSound { context.output.print("Sound.") }
}
