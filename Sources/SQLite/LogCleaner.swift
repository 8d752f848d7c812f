import Support

/// Empties the write-ahead log where erased content may stand in it.
///
/// What was erased is overwritten in the database file (`secure_delete`), but stands in the log until that is moved into
/// the file. If this fails, because a long read is in the way or the disk is full, it is tried again after the next
/// transaction, by a server after some seconds too, and when the file is next opened: what was written is durable either
/// way, and nobody must hear otherwise.
public final class LogCleaner: Sendable {
    private let isUnclean: Lock<Bool>
    /// How long to wait for readers, in milliseconds. Writes wait with it.
    private static let patienceMilliseconds: Int32 = 1_000

    /// - Parameter hasErased: whether the file has ever known an erasure; then nobody knows in what state it was left.
    public init(hasErased: Bool) { isUnclean = Lock(hasErased) }

    /// Whether erased content may still stand in the log.
    public var isWaiting: Bool { isUnclean.withLock { $0 } }

    /// To be called outside of transactions: empties the log if this transaction erased something, or an earlier one did
    /// and the log could not be emptied since.
    ///
    /// - Parameter isSettled: whether nothing that was erased may still leave other tables later.
    public func clean(_ connection: Connection, hasErased: Bool = false, isSettled: () throws -> Bool = { true }) {
        guard hasErased || isUnclean.withLock({ $0 }) else { return }
        connection.setBusyTimeout(milliseconds: Self.patienceMilliseconds)
        defer { connection.setBusyTimeout(milliseconds: Connection.busyTimeoutMilliseconds) }
        do {
            let isClean = try connection.checkpoint() && isSettled()
            isUnclean.withLock { $0 = !isClean }
            // The file's pages were cleaned on their way; the same pages in memory would be written to the log again.
            connection.releaseMemory()
        } catch {
            isUnclean.withLock { $0 = true }
        }
    }
}
