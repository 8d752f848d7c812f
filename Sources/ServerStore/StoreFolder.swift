public import Commands
public import Support
public import SyncServer

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#endif

/// The folder of a store: the database, and the lock that keeps a second server out.
public struct StoreFolder: Sendable {
    public let path: String
    public var database: String { path + "/log.db" }
    /// Why the last scheduled backup was not made, in words for an operator; nil when it was.
    public let backupFailure = Lock<String?>(nil)

    /// By --data, else $LUGN_SERVER_DATA, else the file of settings; else `lugn-server` in the present folder.
    public init(_ context: CommandContext) throws(CommandFailure) {
        if let given = context.value("data") ?? SettingsFile.environment("LUGN_SERVER_DATA") {
            path = given
        } else {
            path = try SettingsFile.values(context)["data"] ?? "lugn-server"
        }
    }

    public init(path: String) { self.path = path }

    /// Makes the folder if there is none, and takes the lock.
    public func create() throws(CommandFailure) -> StoreLock {
        try makeFolder(path)
        let lock = try StoreLock(folder: path)
        if size(database) == nil, size(database + "-wal") != nil {
            throw CommandFailure(
                "the store's log.db is missing, and its log.db-wal is there: they are parts of one store",
                safe: "Nothing was changed", action: "Put log.db back beside it, or give another folder with --data")
        }
        return lock
    }

    /// Makes a folder, for its owner alone, if there is none.
    func makeFolder(_ path: String) throws(CommandFailure) {
        if unsafe mkdir(path, 0o700) != 0, errno != EEXIST {
            throw CommandFailure(
                "the folder \(path) cannot be made: \(unsafe String(cString: strerror(errno)))",
                safe: "Nothing was changed", action: "Check its name, and who may write where it is to be")
        }
    }

    /// Makes the folder for a store that is put back, and takes the lock. Nothing of another store may be left in it: an old
    /// file under a newer write-ahead log would be a mixture of both.
    public func createEmpty() throws(CommandFailure) -> StoreLock {
        try makeFolder(path)
        let lock = try StoreLock(folder: path)
        for name in ["log.db", "log.db-wal", "log.db-shm", "log.db-journal"] where size(path + "/" + name) != nil {
            throw CommandFailure(
                "\(path)/\(name) is there", safe: "Nothing was changed",
                action: "Move what is left of the old store to another folder, then restore again")
        }
        return lock
    }

    /// Errors: where there is no store.
    public func requireStore() throws(CommandFailure) {
        guard let bytes = size(database), bytes > 0 else {
            throw CommandFailure("there is no store in \(path)", safe: "Nothing was made", action: "Check --data")
        }
    }

    /// Bytes of the store's file and its write-ahead log.
    public var storeBytes: Int64 { (size(database) ?? 0) + (size(database + "-wal") ?? 0) }

    // MARK: Backups

    private var lastBackupFile: String { path + "/last-backup" }

    /// Notes when a backup that was made began, so that a server knows of those that were made beside it.
    public func noteBackup(at milliseconds: Int64) throws(CommandFailure) {
        try SystemFile.replace(lastBackupFile, with: "\(milliseconds)\n")
    }

    /// When the last backup that was made began, in milliseconds since 1970; nil if none was.
    public func lastBackup() -> Int64? {
        guard size(lastBackupFile) != nil, let text = try? SmallFile.text(lastBackupFile, what: "the note of backups")
        else { return nil }
        return Int64(text.prefix { $0.isNumber })
    }

    /// What operators are told of the store: what the file system's books say, never anything that was counted.
    public func facts() -> HostFacts {
        var facts = HostFacts()
        facts.storeBytes = SystemFile.size(database)
        facts.logBytes = SystemFile.size(database + "-wal")
        facts.freeBytes = SystemFile.freeBytes(path)
        facts.lastBackup = lastBackup()
        facts.backupFailure = backupFailure.withLock { $0 }
        return facts
    }

    // MARK: Opening

    /// Takes the lock of a store that exists. It makes none: a store that is missing was moved, or is on a disk that is
    /// not mounted, and an empty one in its place would make every workstation heal.
    public func open() throws(CommandFailure) -> StoreLock {
        guard let bytes = size(database) else {
            throw CommandFailure(
                "there is no store in \(path)", safe: "Nothing was made",
                action:
                    "Check --data and that its disk is mounted; a new store is made by: lugn-server init --operator-key FILE"
            )
        }
        guard bytes > 0 else {
            throw CommandFailure(
                "the store's log.db is empty", safe: "Nothing was changed; the workstations have their data",
                action: "Move the folder away and put back the last backup: lugn-server restore FILE")
        }
        guard SystemFile.usesWriteAheadLog(database) != false else {
            throw CommandFailure(
                "\(database) is a backup that was put there as it is", safe: "It was not touched",
                action: "Move the folder away, and use lugn-server restore: it makes a store of a backup")
        }
        return try StoreLock(folder: path)
    }

    /// Writes something durably beside the store, as a commit would be. The file of the last time stays until the new one
    /// is there: otherwise its room would do on a full disk.
    public func probe() throws(Readiness.Failure) {
        let (new, last) = (path + "/write-probe.new", path + "/write-probe")
        do throws(Readiness.Failure) {
            try write(to: new)
            guard unsafe rename(new, last) == 0 else { throw Self.failure(errno) }
        } catch {
            unsafe unlink(new)
            throw error
        }
    }

    private func write(to file: String) throws(Readiness.Failure) {
        let descriptor = openForProbe(file)
        guard descriptor >= 0 else { throw Self.failure(errno) }
        defer { close(descriptor) }
        // What a commit needs at least: a few pages of the write-ahead log.
        let pages = [UInt8](repeating: 0x6C, count: 16_384)
        let written = unsafe pages.withUnsafeBytes { unsafe writeBytes(descriptor, $0) }
        guard written == pages.count else { throw written < 0 ? Self.failure(errno) : Self.failure(ENOSPC) }
        guard fsync(descriptor) == 0 else { throw Self.failure(errno) }
    }

    private static func failure(_ number: Int32) -> Readiness.Failure {
        switch number {
        case ENOSPC, EDQUOT: .init("the disk is full")
        case EROFS: .init("the disk is read-only")
        case EACCES, EPERM: .init("the folder may not be written by this user")
        case ENOENT: .init("the folder is gone")
        case EIO: .init("the disk fails")
        default: .init("error \(number)")
        }
    }

    private func size(_ path: String) -> Int64? { SystemFile.size(path) }
}

// Outside the type, whose own `open` and `write` would be meant.
private func openForProbe(_ path: String) -> Int32 {
    unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
}

private func writeBytes(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
    unsafe write(descriptor, bytes.baseAddress, bytes.count)
}
