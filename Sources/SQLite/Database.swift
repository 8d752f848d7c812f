import Support

/// One database file: a writer, and a pool of readers that see consistent snapshots and never wait for it.
///
/// Calls block the calling thread, for as long as SQLite works; writes of one process queue up for the writer, those
/// of several processes for SQLite's lock.
public final class Database: Sendable {
    public let path: String
    private let writer: Lock<Connection>
    private let readers: Lock<[Connection]>
    private let cacheKibibytes: Int

    /// Takes over an opened and configured connection as the writer.
    public init(writer: sending Connection, cacheKibibytes: Int = 2_000) {
        path = writer.path
        self.writer = Lock(writer)
        readers = Lock([])
        self.cacheKibibytes = cacheKibibytes
    }

    /// Runs the body alone on the writer.
    public func write<Result>(_ body: (Connection) throws -> Result) throws -> Result {
        try writer.withLock { connection throws(any Error) in try body(connection) }
    }

    /// Runs the body in a read transaction on a connection of the pool.
    public func read<Result>(_ body: (Connection) throws -> Result) throws -> Result {
        let connection = try takeReader()
        defer { putBack(connection) }
        return try connection.transaction(.deferred) { try body(connection) }
    }

    /// Connections are confined to whoever took them out of the pool.
    private struct Reader: @unchecked Sendable { let connection: Connection }

    private func takeReader() throws -> Connection {
        let pooled = readers.withLock { pool in pool.popLast().map(Reader.init) }
        if let pooled { return pooled.connection }
        let connection = try Connection(path: path, mode: .readOnly)
        try connection.configureForReading(cacheKibibytes: cacheKibibytes)
        return connection
    }

    private func putBack(_ connection: Connection) {
        let reader = Reader(connection: connection)
        readers.withLock { $0.append(reader.connection) }
    }
}
