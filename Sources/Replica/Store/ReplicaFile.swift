import SQLite
import Support

/// Opens a replica's file, or says why it is none of ours, without having touched it.
enum ReplicaFile {
    static func open(
        path: String, vfs: String?, newReplica: UInt64, schema: Schema, cacheKibibytes: Int
    ) throws -> Connection {
        let connection = try mapped(path) { try Connection(path: path, mode: .create, vfs: vfs) }
        return try mapped(path) {
            let isNew = try checkOwner(connection)
            try connection.configureForDurability(cacheKibibytes: cacheKibibytes)
            try connection.transaction(.immediate) {
                // Another process may have been faster.
                if isNew, try connection.applicationID() == 0 { try create(connection, newReplica) }
                if try SchemaMigration(connection: connection, schema: schema).run() {
                    try ParkedValues(connection: connection, schema: schema).unpark()
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
        guard version <= Tables.formatVersion else {
            throw ReplicaError(
                .newerVersion,
                "the data was written by a newer version of the program; it was not touched: install the newer version")
        }
        return false
    }

    private static func create(_ connection: Connection, _ newReplica: UInt64) throws {
        try connection.execute(Tables.definition)
        try connection.withStatement(
            "INSERT INTO lugn_state VALUES (1, ?, 0, 0, 0, 0, 0, 0, 0, zeroblob(16), 0, 0)"
        ) { statement in
            try statement.bind(1, Int64(bitPattern: newReplica))
            try statement.run()
        }
        try connection.execute(
            """
            INSERT INTO lugn_link (id, log, cursor_check, acknowledged_digest, incarnation, ancestry, seen, seen_ahead,
                horizon, first_sync_done, heals, healed_under, healed_through, desk, leases_received, leases_highest)
            VALUES (1, zeroblob(16), zeroblob(8), zeroblob(16), 0, zeroblob(0), zeroblob(0), zeroblob(0), 0, 0, 0, 0, 0, 0, 0,
                0)
            """)
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
                .damaged, "the file is damaged or no database; it was not changed: restore it from a backup",
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
