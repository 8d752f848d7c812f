import SQLite
import Sealing
import Support
import SyncProtocol
import Trust

extension SQLiteChangeLog {
    /// Copies the store, as it is at this moment, into a new file, while others go on reading and writing.
    ///
    /// The copy is one file, without a write-ahead log: so a store's folder never takes it for its own
    /// (``StoreCheck/file(_:isBackup:)`` looks whether it is sound). Blocks while it copies; the store's write-ahead log
    /// grows meanwhile, since its pages cannot be moved into the file.
    public func backUp(to path: String) throws {
        try read { source in
            // Of one moment: without a read before it, each of the backup's steps would begin a transaction of its own.
            _ = try source.integer("SELECT count(*) FROM line")
            try source.copyStore(to: path)
        }
    }

    /// The same for a store that another process may be serving; opens it for reading only.
    public static func backUp(storeAt path: String, to copy: String) throws {
        do {
            let source = try Connection(path: path, mode: .readOnly)
            try source.transaction(.deferred) {
                try LogTables.requireKnown(source, path: path)
                try source.copyStore(to: copy)
            }
        } catch let error as SQLiteError {
            throw ChangeLogError(error, path: path)
        }
    }

    /// Makes a copied file the store of a server that has lost what came after it: every line gets a new log id, so that
    /// each replica finds out that its cursor is of another log, and brings back what it knows.
    ///
    /// Errors: `unusable` for a file that is no store of this version.
    public static func beginAgain(at path: String, now: Int64) throws {
        do {
            let connection = try Connection(path: path, mode: .readWrite)
            try LogTables.requireKnown(connection, path: path)
            try connection.configureForDurability(cacheKibibytes: 2_000)
            let generation = RandomSource.system.nextWord()
            try connection.transaction(.immediate) {
                try StoreTable(connection: connection).setGeneration(generation)
                try SQLiteRegistryAccess(connection: connection).note(.restored, now: now)
                let lines = LineTable(connection: connection)
                for line in try lines.all() {
                    try lines.giveLog(randomBytes(Cursor.logBytes), to: line.ref)
                    let replicas = ReplicaTable(connection: connection)
                    let devices = try DeviceTable(connection: connection).all(line: line.ref).values
                        .count { $0.standing == .present && !$0.isBlocked }
                    try replicas.forgetAgreement(line: line.ref)
                    try RestorationTable(connection: connection)
                        .begin(line: line.ref, devices: devices, now: now)
                }
            }
            guard try connection.checkpoint() else {
                throw ChangeLogError(.storage, "\(path) is in use by another program; nothing was put back")
            }
        } catch let error as SQLiteError {
            throw ChangeLogError(error, path: path)
        }
    }
}

extension Connection {
    fileprivate func copyStore(to path: String) throws {
        let copy = try Connection(path: path, mode: .create)
        try backUp(to: copy)
        // One file: what is copied is a file that has a write-ahead log.
        try copy.execute("PRAGMA journal_mode = DELETE")
    }
}
