import CCleanPages
import CSQLite
import Support

/// One connection to a SQLite database.
///
/// Not thread-safe, and not `Sendable`: whoever shares one guards it with a lock (``Database`` does). Statements must
/// not outlive it; they keep it alive.
@safe
public final class Connection {
    public struct Mode: Hashable, Sendable {
        let flags: Int32
        /// Reads only; the file must exist.
        public static let readOnly = Mode(flags: SQLITE_OPEN_READONLY)
        /// Reads and writes; the file must exist.
        public static let readWrite = Mode(flags: SQLITE_OPEN_READWRITE)
        /// Reads and writes; the file is created, for its owner only, where there is none.
        public static let create = Mode(flags: SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE)
    }

    public let path: String
    /// The name of SQLite's file system that the path belongs to; nil: the operating system's.
    public let vfs: String?
    let handle: OpaquePointer
    private var cache: [String: CachedStatement] = [:]
    /// By the numbers of their texts.
    private var frequent: [CachedStatement?] = []

    /// Opens the file. Nothing is read yet: a file that is no database is found out by the first statement.
    ///
    /// - Parameters:
    ///   - vfs: the name of a registered file system that the path belongs to, such as a simulated disk
    ///     (<https://www.sqlite.org/vfs.html>); nil: the operating system's.
    ///   - busyTimeoutMilliseconds: how long a statement waits for another process's write to end.
    public init(
        path: String, mode: Mode, vfs: String? = nil,
        busyTimeoutMilliseconds: Int32 = Connection.busyTimeoutMilliseconds
    ) throws(SQLiteError) {
        self.path = path
        self.vfs = vfs
        // Owners and rights are the operating system's own affair.
        if mode == .create, vfs == nil { makePrivateFile(path) }
        var pointer: OpaquePointer?
        let flags = mode.flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE
        let code = unsafe sqlite3_open_v2(path, &pointer, flags, vfs)
        guard code == SQLITE_OK, let opened = unsafe pointer else {
            let error = SQLiteError(code: code, connection: pointer)
            unsafe sqlite3_close_v2(pointer)
            throw error
        }
        unsafe handle = opened
        // Also where SQLite has opened the file for reading only: whoever closes the last connection empties the log.
        let cleaning = unsafe clean_pages_install(opened)
        // All is set: deinit closes.
        guard cleaning == SQLITE_OK else { throw SQLiteError(code: cleaning, connection: opened) }
        unsafe sqlite3_busy_timeout(handle, busyTimeoutMilliseconds)
    }

    /// How long a statement waits for another process's write to end, unless it is said otherwise.
    public static let busyTimeoutMilliseconds: Int32 = 10_000

    public func setBusyTimeout(milliseconds: Int32) { unsafe sqlite3_busy_timeout(handle, milliseconds) }

    deinit {
        cache.removeAll()
        frequent.removeAll()
        unsafe sqlite3_close_v2(handle)
    }

    // MARK: Statements

    /// Compiles a statement, to be kept and run often.
    public func prepare(_ sql: String) throws(SQLiteError) -> Statement {
        try Statement(self, sql)
    }

    /// Runs the body with a compiled statement out of this connection's cache, reset before and after.
    ///
    /// Not for a statement that is already running further up: that one is compiled a second time.
    public func withStatement<Result>(_ sql: String, _ body: (borrowing Statement) throws -> Result) throws -> Result {
        if let cached = cache[sql] {
            // It is running further up: a second one, for this time only.
            if cached.isRunning { return try body(try Statement(self, sql)) }
            return try cached.run(body)
        }
        let made = CachedStatement(try Statement(self, sql, isOwned: true))
        cache[sql] = made
        return try made.run(body)
    }

    /// The same for SQL that is run often.
    public func withStatement<Result>(
        _ text: StatementText, _ body: (borrowing Statement) throws -> Result
    ) throws -> Result {
        if text.number < frequent.count, let known = frequent[text.number] {
            if known.isRunning { return try body(try Statement(self, text.sql)) }
            return try known.run(body)
        }
        let made = CachedStatement(try Statement(self, text.sql, isOwned: true))
        while frequent.count <= text.number { frequent.append(nil) }
        frequent[text.number] = made
        return try made.run(body)
    }

    /// Runs one or more statements without parameters and results.
    public func execute(_ sql: String) throws(SQLiteError) {
        let code = unsafe sqlite3_exec(handle, sql, nil, nil, nil)
        if code != SQLITE_OK { throw SQLiteError(code: code, connection: unsafe handle) }
    }

    private func run(_ text: StatementText) throws { try withStatement(text) { try $0.run() } }

    /// The first column of the first row as an integer; nil if there is no row or it is NULL.
    public func integer(_ sql: String) throws -> Int64? {
        try withStatement(sql) { statement in try statement.step() ? statement.optionalInteger(0) : nil }
    }

    /// The same for SQL that is run often.
    public func integer(_ text: StatementText) throws -> Int64? {
        try withStatement(text) { statement in try statement.step() ? statement.optionalInteger(0) : nil }
    }

    /// The first column of the first row as text; nil if there is no row or it is NULL.
    public func text(_ sql: String) throws -> String? {
        try withStatement(sql) { statement in try statement.step() ? statement.optionalText(0) : nil }
    }

    // MARK: Transactions

    public enum TransactionKind: Sendable {
        /// Takes a read snapshot at the first read.
        case deferred
        /// Takes the write lock at once, so that what is read in it is still true when it writes.
        case immediate

        fileprivate var beginning: StatementText {
            switch self {
            case .deferred: Self.beginDeferred
            case .immediate: Self.beginImmediate
            }
        }

        private static let beginDeferred = StatementText("BEGIN DEFERRED")
        private static let beginImmediate = StatementText("BEGIN IMMEDIATE")
        fileprivate static let commit = StatementText("COMMIT")
    }

    public var isInTransaction: Bool { unsafe sqlite3_get_autocommit(handle) == 0 }

    /// Runs the body in a transaction: committed when it returns, rolled back when it throws.
    public func transaction<Result>(_ kind: TransactionKind, _ body: () throws -> Result) throws -> Result {
        try run(kind.beginning)
        do {
            let result = try body()
            try run(TransactionKind.commit)
            return result
        } catch {
            try rollBackIfOpen()
            throw error
        }
    }

    /// Runs the body in a savepoint: what it did is undone when it throws, and nothing else.
    public func savepoint<Result>(_ body: () throws -> Result) throws -> Result {
        try execute("SAVEPOINT lugn")
        do {
            let result = try body()
            try execute("RELEASE lugn")
            return result
        } catch {
            // A full disk or an I/O error has already rolled back the whole transaction, savepoint and all.
            if isInTransaction { try execute("ROLLBACK TO lugn; RELEASE lugn") }
            throw error
        }
    }

    private func rollBackIfOpen() throws(SQLiteError) {
        // Some errors roll back by themselves: <https://www.sqlite.org/lang_transaction.html>, section 3.
        if isInTransaction { try execute("ROLLBACK") }
    }

    // MARK: Facts

    public var lastInsertedRowID: Int64 { unsafe sqlite3_last_insert_rowid(handle) }

    /// Rows changed by the latest statement.
    public var changedRowCount: Int { Int(unsafe sqlite3_changes64(handle)) }

    public static var libraryVersion: String { unsafe String(cString: sqlite3_libversion()) }
}

/// A box, so that a noncopyable statement can stand in a dictionary.
private final class CachedStatement {
    private let statement: Statement
    private(set) var isRunning = false
    init(_ statement: consuming Statement) { self.statement = statement }

    func run<Result>(_ body: (borrowing Statement) throws -> Result) rethrows -> Result {
        isRunning = true
        defer {
            statement.reset()
            isRunning = false
        }
        return try body(statement)
    }
}
