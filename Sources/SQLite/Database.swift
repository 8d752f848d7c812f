import Support

/// One database file: a writer, and a pool of readers.
///
/// Calls block the calling thread, for as long as SQLite works; writes of one process queue up for the writer, those
/// of several processes for SQLite's lock.
public final class Database: Sendable {
    public let path: String
    private let writer: Lock<Connection>
    private let readers: ReaderPool

    /// Takes over an opened and configured connection as the writer.
    public init(writer: sending Connection, cacheKibibytes: Int = 2_000) {
        path = writer.path
        readers = ReaderPool(path: writer.path, vfs: writer.vfs, cacheKibibytes: cacheKibibytes)
        self.writer = Lock(writer)
    }

    /// Runs the body alone on the writer.
    public func write<Result>(_ body: (Connection) throws -> Result) throws -> Result {
        try writer.withLock { connection throws(any Error) in try body(connection) }
    }

    /// Runs the body in a read transaction on a connection of the pool.
    public func read<Result>(_ body: (Connection) throws -> Result) throws -> Result {
        try readers.read(body)
    }
}
