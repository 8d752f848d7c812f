#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#endif

/// Lets one process at a time watch a replica. A second one would do no harm, only everything twice; whoever starts it
/// wants to know.
///
/// The lock is the system's, on a file beside the replica's: it ends with the process, however that ends.
public final class WatchLock: Sendable {
    private let descriptor: Int32

    /// Errors: `alreadyWatching`.
    public init(replicaPath: String) throws {
        let path = replicaPath + ".watch"
        descriptor = unsafe open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw SyncError(
                .unavailable, "the data folder cannot be written; nothing was changed: check its permissions")
        }
        // All is set: what is thrown from here on runs deinit, which closes. Closing here too would close whatever got the number since.
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            throw SyncError(
                .alreadyWatching,
                "another process is syncing these data already; it goes on, and this one ends: nothing needs to be done"
            )
        }
    }

    deinit { if descriptor >= 0 { close(descriptor) } }
}
