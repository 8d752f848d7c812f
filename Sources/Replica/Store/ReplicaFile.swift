import Merge
import SQLite
import Sealing
import Support
import SyncProtocol

/// Opens a replica's file, or says why it is none of ours, without having touched it.
enum ReplicaFile {
    static func open(
        path: String, vfs: String?, randomWord: () -> UInt64, schema: Schema, cacheKibibytes: Int
    ) throws -> Connection {
        let connection = try mapped(path) { try Connection(path: path, mode: .create, vfs: vfs) }
        return try mapped(path) {
            let isNew = try checkOwner(connection)
            try connection.configureForDurability(cacheKibibytes: cacheKibibytes)
            try connection.transaction(.immediate) {
                // Another process may have been faster.
                if isNew, try connection.applicationID() == 0 { try create(connection, randomWord) }
                if try SchemaMigration(connection: connection, schema: schema).run() {
                    let store = RecordStore(
                        connection: connection, schema: schema, limits: Limits(), hasher: ItemHasher(Blake2b.hash128))
                    try Unparking(store: store).run()
                }
            }
            return connection
        }
    }

    /// True for an empty file; throws for another program's, a newer one, or one that is damaged.
    private static func checkOwner(_ connection: Connection) throws -> Bool {
        let application = try connection.applicationID()
        let version = try connection.userVersion()
        let tables = try connection.integer("SELECT count(*) FROM sqlite_schema") ?? 0
        if application == 0, version == 0, tables == 0 { return true }
        guard application == Tables.applicationID else {
            throw ReplicaError(.foreignFile, "the file is a database of another program; it was not touched")
        }
        guard version == Tables.formatVersion else {
            throw ReplicaError(
                .newerVersion,
                "the data are of format \(version), and this program knows format \(Tables.formatVersion); they were not touched: install the program that fits"
            )
        }
        return false
    }

    private static func create(_ connection: Connection, _ randomWord: () -> UInt64) throws {
        for definition in Tables.definitions { try connection.execute(definition) }
        try ReplicaState(randomWord: randomWord).insert(connection)
        try Link().insert(connection)
        try DateClockTable(connection: connection).insert()
        try connection.setApplicationID(Tables.applicationID)
        try connection.setUserVersion(Tables.formatVersion)
    }

    private static func mapped<Result>(_ path: String, _ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch let error as SQLiteError {
            throw ReplicaError(error)
        }
    }
}

extension ReplicaError {
    /// In people's words, by what SQLite's code means for their work.
    init(_ error: SQLiteError) {
        if error.isFull {
            Marks.reach(.diskFull)
            self.init(.diskFull, "the disk is full; this was not saved, everything saved before is safe", cause: error)
        } else if error.isDamaged {
            self.init(
                .damaged,
                "the file is damaged or no database; it was not changed: repair it, or restore it from a backup",
                cause: error)
        } else if error.isReadOnly || error.cannotOpen {
            self.init(
                .inaccessible, "the data folder cannot be read or written; nothing was changed: check its permissions",
                cause: error)
        } else if error.isBusy {
            self.init(
                .busy, "another program is using the data and did not let go in time; nothing was changed: try again",
                cause: error)
        } else {
            self.init(.storage, "the local database refused: \(error.description); nothing was changed", cause: error)
        }
    }
}
