public import Merge
import SQLite
import Sealing
import Support
public import SyncProtocol

/// The change log in one SQLite file, for a server of its own.
public final class SQLiteChangeLog: ChangeLog {
    public let path: String
    public let incarnation: Incarnation
    // In this order: the last connection to close moves the write-ahead log into the file, and a reader cannot.
    private let readers: ReaderPool
    private let writer: GroupCommitter
    private let limits: Limits
    private let bound: ClockBound

    /// Opens the store, or creates it.
    ///
    /// - Parameters:
    ///   - incarnation: never used before; nil: a random one. Simulations draw it from their seed.
    ///   - cleaningSeconds: after an erasure whose traces a reader kept in the write-ahead log, how long to wait before it is
    ///     emptied again. Writes wait a second with it.
    ///   - schedule: runs the writes it is given later, one after the other; nil for a thread of their own.
    ///     Simulations own the order of everything.
    ///   - vfs: the name of the SQLite file system that the path belongs to, such as a simulated disk; nil: the
    ///     operating system's.
    ///
    /// Errors: `unusable` for another program's file, a newer version or damage; nothing was touched then.
    public init(
        path: String, limits: Limits = Limits(), bound: ClockBound = ClockBound(), cacheKibibytes: Int = 16_000,
        incarnation: Incarnation? = nil, vfs: String? = nil, cleaningSeconds: Double = 5,
        schedule: (@Sendable (@escaping @Sendable () -> Void) -> Void)? = nil
    ) throws {
        self.path = path
        self.incarnation = incarnation ?? Incarnation(rawValue: randomWord())
        self.limits = limits
        self.bound = bound
        do {
            let connection = try Connection(path: path, mode: .create, vfs: vfs)
            try Self.prepare(connection, cacheKibibytes: cacheKibibytes)
            writer = try GroupCommitter(
                connection: connection, cleaningSeconds: cleaningSeconds, schedule: schedule)
            readers = ReaderPool(path: path, vfs: vfs, cacheKibibytes: cacheKibibytes)
        } catch let error as SQLiteError {
            throw ChangeLogError(error)
        }
    }

    private static func prepare(_ connection: Connection, cacheKibibytes: Int) throws {
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
        try connection.configureForDurability(cacheKibibytes: cacheKibibytes)
        guard isNew else { return }
        try connection.transaction(.immediate) {
            guard try connection.applicationID() == 0 else { return }
            try connection.execute(LogTables.definition)
            try connection.setApplicationID(LogTables.applicationID)
            try connection.setUserVersion(LogTables.formatVersion)
        }
    }

    // MARK: The session

    public func accept(_ request: SyncRequest, from device: Device, now: Int64) async throws -> Acceptance {
        if let idle = try mapped({ try readers.read { try self.idleAcceptance(request, device, now, $0) } }) {
            return idle
        }
        return try await mapped {
            try await writer.run { [limits, bound, incarnation] connection, erasures in
                try Acceptor(
                    connection: connection, device: device, limits: limits, bound: bound, incarnation: incarnation,
                    now: now, erasures: erasures
                ).run(request)
            }
        }
    }

    /// How stale the store's word on when a replica was last seen may be, in milliseconds: an idle one costs no write.
    private static let seenToleranceMilliseconds: Int64 = 10_000

    /// The acceptance of a request that brings nothing new and whose replica stands as it did: it needs no write.
    private func idleAcceptance(
        _ request: SyncRequest, _ device: Device, _ now: Int64, _ connection: Connection
    ) throws -> Acceptance? {
        guard request.commits.isEmpty, request.leases.wanted == 0, request.line == device.line, request.formerly == nil,
            let line = try LineState(connection, id: request.line),
            let origin = try OriginState.find(request.replica, line: line.ref, connection),
            origin.device == device.reference, origin.lastNumber == request.acknowledged,
            origin.lastDigest == request.acknowledgedDigest, try line.contains(request.cursor, connection),
            origin.cursor == request.cursor.position, origin.pending == request.pending,
            origin.schema == request.schema,
            origin.leasesGiven == request.leases.received, now - origin.lastSeen < Self.seenToleranceMilliseconds
        else { return nil }
        if request.cursor.position == line.head, let fingerprint = request.fingerprint,
            origin.verified != (fingerprint == line.fingerprint)
        {
            return nil
        }
        try device.checkStanding(connection)
        return Acceptance(
            outcome: .done, heldNumber: origin.lastNumber, heldDigests: [], leases: [], desk: origin.desk,
            hasAdvanced: false, head: line.head)
    }

    public func page(for request: SyncRequest, from device: Device) throws -> FeedPage {
        guard request.line == device.line else {
            throw ChangeLogError(.wrongLine, "this device belongs to another line; nothing was changed")
        }
        return try mapped { try readers.read { try FeedReader(connection: $0, limits: limits).page(request) } }
    }

    public func heal(_ request: HealRequest, from device: Device, now: Int64) async throws -> HealOutcome {
        let healer = Healer(device: device, incarnation: incarnation, limits: limits, now: now)
        // Comparing is reading: whoever writes is not kept waiting.
        if request.isQuestion { return try mapped { try readers.read { try healer.answer(request, $0) } } }
        return try await mapped {
            try await writer.run { connection, erasures in try healer.join(request, connection, erasures) }
        }
    }

    // MARK: Helpers for the other files

    func read<Result>(_ body: (Connection) throws -> Result) throws -> Result { try mapped { try readers.read(body) } }

    func write<Result>(_ body: (Connection) throws -> Result) throws -> Result {
        try mapped { try writer.runAlone(body) }
    }

    func writeInGroup<Result: Sendable>(
        _ body: @escaping @Sendable (Connection) throws -> Result
    ) async throws -> Result {
        try await mapped { try await writer.run { connection, _ in try body(connection) } }
    }

    private func mapped<Result>(_ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch let error as SQLiteError {
            throw ChangeLogError(error)
        }
    }

    private func mapped<Result: Sendable>(_ body: () async throws -> Result) async throws -> Result {
        do {
            return try await body()
        } catch let error as SQLiteError {
            throw ChangeLogError(error)
        }
    }
}

extension ChangeLogError {
    init(_ error: SQLiteError) {
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
}
