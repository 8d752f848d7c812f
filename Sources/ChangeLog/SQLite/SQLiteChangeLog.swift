public import Merge
import SQLite
public import Support
public import SyncProtocol

/// The change log in one SQLite file, for a server of its own.
public final class SQLiteChangeLog: ChangeLog {
    public let path: String
    // In this order: the last connection to close moves the write-ahead log into the file, and a reader cannot.
    private let readers: ReaderPool
    private let writer: GroupCommitter
    private let limits: Limits
    private let bound: ClockBound
    private let sums = SumCache()
    let rosters = RosterCache()
    let random: RandomSource

    /// How long the disk takes for a transaction, for metrics.
    public var commitTimes: DurationHistogram { writer.commitTimes }

    /// Opens the store, or creates it.
    ///
    /// - Parameters:
    ///   - creates: makes the file where there is none.
    ///   - random: draws the blocks of reference numbers. Simulations draw them from their seed.
    ///   - cleaningSeconds: after an erasure whose traces a reader kept in the write-ahead log, how long to wait before it is
    ///     emptied again. Writes wait a second with it.
    ///   - schedule: runs the writes it is given later, one after the other; nil for a thread of their own.
    ///     Simulations own the order of everything.
    ///   - vfs: the name of the SQLite file system that the path belongs to, such as a simulated disk; nil: the
    ///     operating system's.
    ///
    /// Errors: `unusable` for another program's file, another version's or damage; nothing was touched then.
    public init(
        path: String, creates: Bool = true, limits: Limits = Limits(), bound: ClockBound = ClockBound(),
        cacheKibibytes: Int = 16_000,
        random: RandomSource = .system, vfs: String? = nil, cleaningSeconds: Double = 5,
        schedule: (@Sendable (@escaping @Sendable () -> Void) -> Void)? = nil
    ) throws {
        self.path = path
        self.random = random
        self.limits = limits
        self.bound = bound
        do {
            let connection = try Connection(path: path, mode: creates ? .create : .readWrite, vfs: vfs)
            try Self.prepare(connection, cacheKibibytes: cacheKibibytes, generation: random.nextWord())
            writer = try GroupCommitter(
                connection: connection, cleaningSeconds: cleaningSeconds, schedule: schedule)
            readers = ReaderPool(path: path, vfs: vfs, cacheKibibytes: cacheKibibytes)
        } catch let error as SQLiteError {
            throw ChangeLogError(error, path: path)
        }
    }

    static func prepare(_ connection: Connection, cacheKibibytes: Int, generation: UInt64) throws {
        let application = try connection.applicationID()
        let version = try connection.userVersion()
        let tables = try connection.integer("SELECT count(*) FROM sqlite_schema")
        let isNew = application == 0 && version == 0 && tables == 0
        guard isNew || application == LogTables.applicationID else {
            throw ChangeLogError(.unusable, "the store's file is a database of another program; it was not touched")
        }
        guard version <= LogTables.formatVersion else {
            throw ChangeLogError(
                .unusable, "the store was written by a newer version; it was not touched: install that version")
        }
        guard isNew || version == LogTables.formatVersion else {
            throw ChangeLogError(
                .unusable,
                "the store is of format \(version), from before the first release, which this version does not read; it was "
                    + "not touched: start with a new file")
        }
        try connection.configureForDurability(cacheKibibytes: cacheKibibytes)
        guard isNew else { return try requireWhole(connection) }
        try connection.transaction(.immediate) {
            guard try connection.applicationID() == 0 else { return }
            try connection.execute(LogTables.definition)
            try connection.execute(RegistryTables.definition)
            try StoreTable(connection: connection).setGeneration(generation)
            try connection.setApplicationID(LogTables.applicationID)
            try connection.setUserVersion(LogTables.formatVersion)
        }
    }

    /// A store whose parts are of different moments is found out here, and not by what it does to its workstations.
    private static func requireWhole(_ connection: Connection) throws {
        for line in try LineTable(connection: connection).all()
        where try !LogTable(connection: connection, line: line.ref).endsRight(line) {
            throw ChangeLogError(
                .unusable,
                "\(connection.path) and its write-ahead log are not of the same moment, or damaged; neither was touched: "
                    + StoreAdvice.restore)
        }
    }

    // MARK: The session

    public func accept(_ request: SyncRequest, from device: Device, now: Int64) async throws -> Acceptance {
        // Whoever writes is not kept waiting by a request that changes nothing.
        if request.commits.isEmpty,
            let idle = try read({
                try self.acceptor($0, ErasureFlag(), device, now).answerWithoutWriting(request)
            })
        {
            return idle
        }
        return try await write { connection, erasures in
            try self.acceptor(connection, erasures, device, now).run(request)
        }
    }

    private func acceptor(
        _ connection: Connection, _ erasures: ErasureFlag, _ device: Device, _ now: Int64
    ) -> Acceptor {
        Acceptor(
            connection: connection, device: device, limits: limits, bound: bound, now: now, random: random,
            erasures: erasures)
    }

    public func page(for request: SyncRequest, proven: UInt64, from device: Device) async throws -> FeedPage {
        try read { connection in
            guard request.line == device.line, let line = try LineTable(connection: connection).find(request.line)
            else {
                throw ChangeLogError(.wrongLine, "this device belongs to another line; nothing was changed")
            }
            return try FeedReader(connection: connection, line: line, limits: limits).page(request, proven: proven)
        }
    }

    public func heal(_ request: HealRequest, from device: Device, now: Int64) async throws -> HealOutcome {
        @Sendable func healer(_ connection: Connection, _ erasures: ErasureFlag) -> Healer<SQLiteLineAccess> {
            Healer(
                access: self.access(connection, erasures), device: device, limits: limits, bound: bound, now: now)
        }
        if request.isQuestion {
            let (outcome, isSumRight) = try read { try healer($0, ErasureFlag()).answer(request, sums) }
            if !isSumRight { _ = try await verify(line: request.line, now: now) }
            return outcome
        }
        return try await write { try healer($0, $1).join(request) }
    }

    public func verify(line: LineID, now: Int64) async throws -> LineVerification {
        let seen = try read { try Verifier(access: access($0, ErasureFlag()), line: line).look() }
        if let seen, seen.isSound {
            try await write { connection, erasures in
                try Verifier(access: self.access(connection, erasures), line: line).noteSound(now: now)
            }
            return seen
        }
        defer { sums.forget(line) }
        return try await write { connection, erasures in
            // Whatever is set aside may have been of something that is erased later.
            erasures.isSet = true
            return try Verifier(access: self.access(connection, erasures), line: line).mend(now: now)
        }
    }

    /// Moves what stands in the write-ahead log into the file, for a server that ends: whoever copies the file then has all
    /// of it. False if readers were in the way; nothing is lost then.
    @discardableResult
    public func emptyLog() throws -> Bool {
        do {
            return try writer.emptyLog()
        } catch let error as SQLiteError {
            throw ChangeLogError(error)
        }
    }

    public func compact() async throws {
        do {
            try await writer.compact()
        } catch let error as SQLiteError {
            throw ChangeLogError(error)
        }
    }

    public func scrub(line: LineID, count: Int, now: Int64) async throws -> ScrubStep {
        let result = try await write { connection, erasures in
            try Scrubber(access: self.access(connection, erasures)).step(line, count: count, now: now)
        }
        switch result {
        case .goesOn: return .goesOn
        case .finished: return .finished
        case .isWrong:
            // Somebody else may have mended it meanwhile; begun anew in any case.
            defer { sums.forget(line) }
            return .mended(
                try await write { connection, erasures in
                    erasures.isSet = true
                    return try Verifier(access: self.access(connection, erasures), line: line).mend(now: now)
                })
        }
    }

    private func access(_ connection: Connection, _ erasures: ErasureFlag) -> SQLiteLineAccess {
        SQLiteLineAccess(connection: connection, limits: limits, erasures: erasures)
    }

    // MARK: Reading and writing

    func read<Result>(_ body: (Connection) throws -> Result) throws -> Result {
        do {
            return try readers.read(body)
        } catch let error as SQLiteError {
            throw ChangeLogError(error)
        }
    }

    func write<Result: Sendable>(
        _ body: @escaping @Sendable (Connection, ErasureFlag) throws -> Result
    ) async throws -> Result {
        do {
            return try await writer.run(body)
        } catch let error as SQLiteError {
            throw ChangeLogError(error)
        }
    }
}

extension ChangeLogError {
    /// - Parameter path: the file that it is about, for operators; nil while requests are answered.
    init(_ error: SQLiteError, path: String? = nil) {
        defer { storageCause = Self.storageCause(error) }
        if let path, error.isDamaged {
            self.init(
                .unusable,
                "\(path) is damaged: \(error.description); the workstations have their data: "
                    + StoreAdvice.restore, cause: error)
            return
        }
        if let path, error.cannotOpen {
            self.init(.unusable, "\(path) cannot be opened: \(error.description)", cause: error)
            return
        }
        if error.isFull {
            Marks.reach(.diskFull)
            self.init(
                .storageFull, "the server's disk is full; nothing of this was kept, everything before is safe",
                cause: error)
        } else if error.isDamaged || error.cannotOpen {
            self.init(.unusable, "the store cannot be opened: \(error.description)", cause: error)
        } else {
            self.init(.storage, "the store refused: \(error.description); nothing of this was kept", cause: error)
        }
    }

    private static func storageCause(_ error: SQLiteError) -> StaticString {
        if error.isFull { return "disk-full" }
        if error.isReadOnly { return "read-only" }
        if error.isBusy { return "busy" }
        if error.isDamaged { return "damaged" }
        if error.cannotOpen { return "cannot-open" }
        return error.isDiskError ? "disk-error" : "store"
    }
}
