import Support

/// Connections of one database file that see consistent snapshots, beside a writer, and never wait for it.
///
/// As many exist as ever read at the same time. Source: <https://www.sqlite.org/wal.html#concurrency>.
public final class ReaderPool: Sendable {
    public let path: String
    private let vfs: String?
    private let idle: Lock<[Connection]>
    private let cacheKibibytes: Int

    public init(path: String, vfs: String? = nil, cacheKibibytes: Int = 2_000) {
        self.path = path
        self.vfs = vfs
        self.cacheKibibytes = cacheKibibytes
        idle = Lock([])
    }

    /// Runs the body in a read transaction: all that it reads is of one moment. Blocks while SQLite works.
    public func read<Result>(_ body: (Connection) throws -> Result) throws -> Result {
        let connection = try take()
        defer { putBack(connection) }
        return try connection.transaction(.deferred) { try body(connection) }
    }

    /// Connections are confined to whoever took them out of the pool.
    private struct Confined: @unchecked Sendable { let connection: Connection }

    private func take() throws -> Connection {
        if let pooled = idle.withLock({ pool in pool.popLast().map(Confined.init) }) { return pooled.connection }
        let connection = try Connection(path: path, mode: .readOnly, vfs: vfs)
        try connection.configureForReading(cacheKibibytes: cacheKibibytes)
        return connection
    }

    private func putBack(_ connection: Connection) {
        let confined = Confined(connection: connection)
        idle.withLock { $0.append(confined.connection) }
    }
}
