public import Merge
import SQLite
import Sealing
public import Support
public import SyncProtocol

/// A workstation's local copy of a line: one SQLite file, one typed table per collection.
///
/// ```swift
/// let replica = try Replica(path: "notebook.db", schema: Notebook.schema)
/// let id = try replica.write { try $0.insert(Notebook.page) { $0[Notebook.title] = "Calm" } }
/// let page = try replica.read { try $0.fetch(Notebook.page, id) }
/// ```
///
/// All of it works without a network, at all times. Several processes may use one file; within a process, one instance
/// serves all threads. Calls block for as long as SQLite works: a small write takes a sync to disk, a read never waits
/// for a write.
public final class Replica: Sendable {
    /// What comes from outside, so that tests can settle it.
    public struct Environment: Sendable {
        /// Milliseconds since 1970, by the workstation's own clock, right or wrong.
        public var wallMilliseconds: @Sendable () -> Int64
        /// How long the computer has run; nil where it does not tell.
        public var boot: @Sendable () -> ClockReading.Boot?
        /// Where a file lies: a copy of it lies elsewhere. Nil where nobody can tell.
        public var place: @Sendable (_ path: String) -> UInt64?
        public var randomWord: @Sendable () -> UInt64
        /// Where the workstation's own keys are kept; nil: in a file beside the replica, or in memory with a disk of its own.
        public var keyStore: (any DeviceKeyStore)?
        /// The name of the SQLite file system that the path belongs to, such as a simulated disk; nil: the system's.
        public var vfs: String?
        /// The version of the program, which operators are told; at most 40 bytes of it.
        public var program: String

        /// The system's clocks and randomness.
        public init(vfs: String? = nil) {
            self.init(wallMilliseconds: systemWallMilliseconds, boot: systemBoot, place: systemPlace, vfs: vfs)
        }

        /// - Parameters:
        ///   - boot: none unless one is given: it has to belong to the wall clock.
        ///   - place: none unless one is given: no file is taken for a copy.
        public init(
            wallMilliseconds: @escaping @Sendable () -> Int64,
            boot: @escaping @Sendable () -> ClockReading.Boot? = { nil },
            place: @escaping @Sendable (String) -> UInt64? = { _ in nil },
            randomWord: @escaping @Sendable () -> UInt64 = systemRandomWord,
            keyStore: (any DeviceKeyStore)? = nil, vfs: String? = nil,
            program: String = Release.version
        ) {
            self.wallMilliseconds = wallMilliseconds
            self.boot = boot
            self.place = place
            self.randomWord = randomWord
            self.keyStore = keyStore
            self.vfs = vfs
            self.program = program
        }
    }

    public let path: String
    public let schema: Schema
    public let limits: Limits
    let environment: Environment
    // In this order: the last connection to close moves the write-ahead log into the file, and a reader cannot.
    let readers: ReaderPool
    let writer: Lock<Writer>
    /// Nil on a simulated disk.
    let files: OpenFiles?
    private let writingThread = Lock<ThreadName?>(nil)
    let observers = Observers()
    let members: MembershipCache
    /// A log lay beside the file when it was opened: others have it open, or a process ended without closing it, or somebody
    /// put another file beside a log that is not its own. Whoever keeps it in sync looks it over first.
    public let wasLeftOpen: Bool

    /// Opens the file, or creates it with an identity of its own.
    ///
    /// Errors: `foreignFile`, `newerVersion`, `damaged`, `inaccessible`, `schemaConflict`; none of them has touched the
    /// file. Cost: a few milliseconds, whatever the size.
    public init(
        path: String, schema: Schema, limits: Limits = Limits(), environment: Environment = Environment(),
        cacheKibibytes: Int = 8_000
    ) throws {
        self.path = path
        self.schema = schema
        self.limits = limits
        self.environment = environment
        members = MembershipCache(environment.keyStore ?? Self.usualKeys(path, environment))
        wasLeftOpen = environment.vfs == nil && OpenFiles.holdsLog(path: path)
        let connection = try ReplicaFile.open(
            path: path, vfs: environment.vfs, randomWord: environment.randomWord, schema: schema,
            cacheKibibytes: cacheKibibytes)
        do {
            writer = Lock(try Writer(connection: connection, schema: schema, limits: limits))
        } catch let error as SQLiteError {
            throw ReplicaError(error)
        }
        files = environment.vfs == nil ? OpenFiles(path: path) : nil
        readers = ReaderPool(path: path, vfs: environment.vfs, cacheKibibytes: cacheKibibytes)
        if environment.vfs == nil, let place = environment.place(path) { try settle(at: place) }
    }

    /// What one process has for writing: a connection and its compiled statements. Guarded by the lock around it.
    final class Writer {
        let connection: Connection
        let store: RecordStore
        let cleaner: LogCleaner

        init(connection: Connection, schema: Schema, limits: Limits) throws {
            cleaner = LogCleaner(hasErased: try !Tombstones(connection: connection).isEmpty())
            self.connection = connection
            store = RecordStore(
                connection: connection, schema: schema, limits: limits, hasher: ItemHasher(Blake2b.hash128))
            // The process before this one may have died between an erasure and the emptying of the log.
            cleanLog()
        }

        /// Empties the write-ahead log where erased content may stand in it.
        func cleanLog(hasErased: Bool = false) { cleaner.clean(connection, hasErased: hasErased) }
    }

    private static func usualKeys(_ path: String, _ environment: Environment) -> any DeviceKeyStore {
        environment.vfs == nil ? KeyFile.beside(replica: path) : MemoryKeyStore()
    }

    // MARK: Work

    /// Runs the body in one transaction; what it changes becomes one commit. When this returns, it is on disk.
    ///
    /// - Parameter basis: what the person was looking at (``Snapshot/basis(_:_:)``). Writes that came in since then have
    ///   not been seen by this one, and stand beside it as a conflict. Nil: what stands now.
    ///
    /// Throwing undoes everything.
    @discardableResult
    public func write<Result>(
        basedOn basis: EditBasis? = nil, _ body: (WriteTransaction) throws -> Result
    ) throws -> Result {
        try mappingErrors {
            try withWriter { writer in try commit(writer, basis, body) }
        }
    }

    private func commit<Result>(
        _ writer: Writer, _ basis: EditBasis?, _ body: (WriteTransaction) throws -> Result
    ) throws -> Result {
        let wall = environment.wallMilliseconds()
        var changed: [RecordID] = []
        let result = try writer.connection.transaction(.immediate) {
            let transaction = try WriteTransaction(
                store: writer.store, basis: basis, environment: environment, wallMilliseconds: wall,
                makeID: { self.makeID(wall) })
            defer { transaction.end() }
            let result = try body(transaction)
            try transaction.finish(wallMilliseconds: wall)
            changed = transaction.changedRecords
            return result
        }
        if !changed.isEmpty { observers.tell(.init(records: changed, origin: .local)) }
        writer.cleanLog(hasErased: writer.store.hasErased)
        return result
    }

    /// Runs the body on a snapshot that does not change while it reads.
    public func read<Result>(_ body: (borrowing Snapshot) throws -> Result) throws -> Result {
        try mappingErrors {
            try readers.read { connection in
                let state = try ReplicaState(connection)
                return try body(Snapshot(connection: connection, schema: schema, position: state.position))
            }
        }
    }

    /// A new record id, for callers that must know it before they write.
    public func makeID() -> RecordID { makeID(environment.wallMilliseconds()) }

    private func makeID(_ wall: Int64) -> RecordID {
        RecordID(milliseconds: wall, randomHigh: environment.randomWord(), randomLow: environment.randomWord())
    }

    /// Lets one thread at a time write. A write inside a write could only wait for itself.
    private func withWriter<Result>(_ body: (Writer) throws -> Result) throws -> Result {
        let me = ThreadName.current
        if writingThread.withLock({ $0 == me }) {
            throw WriteTransaction.misuse("a write inside a write")
        }
        return try writer.withLock { writer throws(any Error) in
            writingThread.withLock { $0 = me }
            defer { writingThread.withLock { $0 = nil } }
            let result = try body(writer)
            try checkFiles()
            return result
        }
    }

    /// Throws `replaced` if the data's file or its log was put somewhere else: what was written since is nowhere.
    func checkFiles() throws {
        guard let files, !files.areInPlace() else { return }
        throw ReplicaError(
            .replaced,
            "the data's file or its log was replaced or deleted while this program was running; what it wrote since may be lost: end all programs that use the data, and start again"
        )
    }

    // MARK: Observation

    /// What changed, from now on, until the task that reads it ends: local writes and received changes of this process,
    /// with the records; other processes' as far as an ``otherProcessWatcher()`` looks for them.
    public func changes() -> AsyncStream<ChangeNotice> { observers.stream() }

    func mappingErrors<Result>(_ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch let error as SQLiteError {
            throw ReplicaError(error)
        }
    }

    /// One write transaction of the session, and what follows it.
    func session<Result>(_ body: (Session) throws -> Result) throws -> Result {
        var changed: [RecordID] = []
        let result = try mappingErrors {
            try withWriter { writer in
                let result = try writer.connection.transaction(.immediate) {
                    let session = try Session(writer.store, environment, members)
                    let result = try body(session)
                    try session.finish()
                    changed = session.changed
                    return result
                }
                writer.cleanLog(hasErased: writer.store.hasErased)
                return result
            }
        }
        if !changed.isEmpty { observers.tell(.init(records: changed, origin: .received)) }
        return result
    }
}
