import CSQLite

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#endif

extension Connection {
    /// The four bytes by which a file says whose it is: <https://www.sqlite.org/pragma.html#pragma_application_id>.
    public func applicationID() throws -> Int32 { Int32(truncatingIfNeeded: try integer("PRAGMA application_id") ?? 0) }
    public func setApplicationID(_ value: Int32) throws(SQLiteError) { try execute("PRAGMA application_id = \(value)") }

    /// The version of the file's tables, as its program counts them.
    public func userVersion() throws -> Int32 { Int32(truncatingIfNeeded: try integer("PRAGMA user_version") ?? 0) }
    public func setUserVersion(_ value: Int32) throws(SQLiteError) { try execute("PRAGMA user_version = \(value)") }

    /// Changes whenever another connection has committed: <https://www.sqlite.org/pragma.html#pragma_data_version>.
    public func dataVersion() throws -> Int64 { try integer("PRAGMA data_version") ?? 0 }

    /// Write-ahead log, a full sync at each commit, and freed content overwritten with zeros.
    ///
    /// FULL, because what somebody was told is saved must be saved; secure_delete, because what was erased must be gone.
    public func configureForDurability(cacheKibibytes: Int) throws {
        // To its end: the new mode is committed to the file after the row is given, and that may fail.
        let mode = try withStatement("PRAGMA journal_mode = WAL") { statement in
            var mode = ""
            while try statement.step() { mode = statement.text(0) }
            return mode
        }
        guard mode == "wal" else {
            throw SQLiteError(extendedCode: SQLITE_CANTOPEN, message: "write-ahead logging cannot be used here")
        }
        try execute(
            """
            PRAGMA synchronous = FULL; PRAGMA secure_delete = ON; PRAGMA foreign_keys = OFF; PRAGMA trusted_schema = OFF;
            PRAGMA temp_store = MEMORY; PRAGMA cache_size = -\(cacheKibibytes);
            PRAGMA wal_autocheckpoint = \(Self.checkpointPages)
            """)
    }

    /// How many pages the write-ahead log holds before they are moved into the file. Twice SQLite's own figure: a row is
    /// written with what tells others of it, so that this many pages hold as many commits as a plain program's 1,000.
    private static let checkpointPages = 2_000

    /// For a connection that only reads.
    public func configureForReading(cacheKibibytes: Int) throws(SQLiteError) {
        try execute("PRAGMA query_only = ON; PRAGMA trusted_schema = OFF; PRAGMA cache_size = -\(cacheKibibytes)")
    }

    /// Moves the write-ahead log into the file and empties it; false if readers or writers were in the way.
    @discardableResult
    public func checkpoint() throws -> Bool {
        try withStatement("PRAGMA wal_checkpoint(TRUNCATE)") { statement in
            try statement.step() && statement.integer(0) == 0
        }
    }

    /// Forgets the pages that are kept in memory: they are read from the file when they are needed again
    /// (<https://www.sqlite.org/c3ref/db_release_memory.html>).
    public func releaseMemory() { _ = unsafe sqlite3_db_release_memory(handle) }

    /// The problems that SQLite's quick check finds, at most `limit`; none in a sound file.
    /// Cost: reads the whole file once.
    public func quickCheck(limit: Int = 10) throws -> [String] { try problems("quick_check", limit) }

    /// The same, and whether each index agrees with its table. Cost: a look-up in each index for each row.
    public func integrityCheck(limit: Int = 10) throws -> [String] { try problems("integrity_check", limit) }

    private func problems(_ check: String, _ limit: Int) throws -> [String] {
        try withStatement("PRAGMA \(check)(\(limit))") { statement in
            var problems: [String] = []
            while try statement.step() {
                let line = statement.text(0)
                if line != "ok" { problems.append(line) }
            }
            return problems
        }
    }

    /// How often in a row a backup may find a database locked before it gives up. Each time SQLite has already waited as
    /// long as the connection's busy timeout says.
    private static let backupRefusals = 10

    /// Copies the whole database to another file while others go on using it: the online backup
    /// (<https://www.sqlite.org/backup.html>), `pagesPerStep` pages at a time.
    ///
    /// Other processes' writes start it over; those through this connection do not.
    public func backUp(
        to destination: Connection, pagesPerStep: Int32 = 1_024,
        progress: (_ remaining: Int, _ total: Int) -> Void = { _, _ in }
    ) throws(SQLiteError) {
        guard let backup = unsafe sqlite3_backup_init(destination.handle, "main", handle, "main") else {
            throw SQLiteError(code: unsafe sqlite3_errcode(destination.handle), connection: unsafe destination.handle)
        }
        var code = SQLITE_OK
        var refusals = 0
        while refusals < Self.backupRefusals {
            code = unsafe sqlite3_backup_step(backup, pagesPerStep)
            progress(
                Int(unsafe sqlite3_backup_remaining(backup)), Int(unsafe sqlite3_backup_pagecount(backup)))
            if code == SQLITE_OK {
                refusals = 0
            } else if code & 0xFF == SQLITE_BUSY || code & 0xFF == SQLITE_LOCKED {
                refusals += 1
                _ = sqlite3_sleep(10)
            } else {
                break
            }
        }
        let finished = unsafe sqlite3_backup_finish(backup)
        guard code == SQLITE_DONE, finished == SQLITE_OK else {
            throw SQLiteError(code: code == SQLITE_DONE ? finished : code, connection: unsafe destination.handle)
        }
    }
}

/// Creates the file for its owner alone before SQLite would with everybody's rights; SQLite gives its log and its
/// shared memory the rights of the file. A failure is left to SQLite, which says what is wrong.
func makePrivateFile(_ path: String) {
    let descriptor = unsafe open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
    if descriptor >= 0 { close(descriptor) }
}
