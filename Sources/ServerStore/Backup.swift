import ChangeLog
import Commands
import Support

/// A copy of a store in one file, with its SHA-256 beside it in a file that `sha256sum -c` reads.
public struct Backup {
    public let path: String
    public init(path: String) { self.path = path }

    private var hashPath: String { path + ".sha256" }

    /// Copies a store while it is served. Under its own name it stands only once it was written, looked at page by page and
    /// change by change, and hashed.
    ///
    /// - Parameter copy: writes the store's copy into a file.
    /// Errors: where it exists, does not fit, or is not sound; nothing is left of it then.
    public static func write(
        to path: String, storeBytes: Int64, _ copy: (String) throws -> Void
    ) throws -> Backup {
        guard SystemFile.size(path) == nil else {
            throw CommandFailure(
                "\(path) exists already", safe: "It was not touched", action: "Name a file that does not exist")
        }
        let folder = SystemFile.folder(of: path)
        if let free = SystemFile.freeBytes(folder), free < storeBytes {
            throw CommandFailure(
                "the disk of \(folder) has \(free) bytes left, and the store has \(storeBytes)",
                safe: "Nothing was written; the store was not changed", action: "Make room there, or name another disk")
        }
        let backup = Backup(path: path)
        let part = path + ".part"
        SystemFile.remove(part)
        do {
            try copy(part)
            try SystemFile.bringToDisk(part)
            try requireSound(part)
            try SystemFile.replace(backup.hashPath, with: "\(SystemFile.hash(part))  \(SystemFile.name(of: path))\n")
            try SystemFile.rename(part, to: path)
        } catch {
            for leftover in [part, part + "-journal", backup.hashPath] { SystemFile.remove(leftover) }
            throw error
        }
        return backup
    }

    /// What the copy holds is right now; whether the disk keeps it, the hash tells later.
    private static func requireSound(_ part: String) throws {
        guard try StoreCheck.file(part, isBackup: true).isSound else {
            throw CommandFailure(
                "the copy is not sound, so the store is not either",
                safe: "The copy was removed; the store was not changed",
                action: "Find out what is damaged: lugn-admin verify, or lugn-server check when the server is stopped")
        }
    }

    public enum Hash { case right, wrong, missing }

    /// Whether the file is still what was written, by the hash beside it.
    public func compareHash() throws -> Hash {
        guard SystemFile.size(hashPath) != nil else { return .missing }
        let kept = try SmallFile.text(hashPath, what: "the file with the backup's hash").prefix(64)
        return try kept == SystemFile.hash(path) ? .right : .wrong
    }

    /// Errors: where the file is missing, is a store's own, or has changed since it was written.
    ///
    /// - Returns: whether there was a hash to compare it with.
    public func requireUnchanged() throws -> Bool {
        guard SystemFile.size(path) != nil else {
            throw CommandFailure("there is no \(path)", safe: "Nothing was changed", action: "Check its name")
        }
        for companion in ["-wal", "-shm"] where SystemFile.size(path + companion) != nil {
            throw CommandFailure(
                "\(path)\(companion) lies beside it: this is a store's own file and no backup, and it may lack its latest "
                    + "changes", safe: "Nothing was changed", action: "Make backups with lugn-server backup")
        }
        let hash = try compareHash()
        guard hash != .wrong else {
            throw CommandFailure(
                "\(path) is not what was written: its SHA-256 differs from the one beside it",
                safe: "Nothing was changed",
                action: "Take another backup; the disk that holds this one fails, or somebody changed it")
        }
        return hash == .right
    }
}
