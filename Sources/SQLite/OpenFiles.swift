import Support

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#endif

/// Which files a process has open as its database and the database's log, so that it notices when somebody puts others in
/// their place, or deletes the log under it: what it writes then goes where nobody will ever find it.
///
/// The log exists for as long as any connection is open (<https://www.sqlite.org/walformat.html>); its name must lead to the
/// same file all that time.
public final class OpenFiles: Sendable {
    private struct Identity: Equatable {
        var device: UInt64
        var number: UInt64

        /// Nil where the name leads nowhere.
        init?(_ path: String) {
            var status = stat()
            guard unsafe stat(path, &status) == 0 else { return nil }
            device = UInt64(status.st_dev)
            number = UInt64(status.st_ino)
        }
    }

    private let path: String
    private let database: Identity?
    private let log: Lock<Identity?>

    /// To be made once the database has been read from.
    public init(path: String) {
        self.path = path
        database = Identity(path)
        log = Lock(Identity(path + "-wal"))
    }

    /// Whether a database has a log with anything in it, as one that is closed in order has not.
    public static func holdsLog(path: String) -> Bool {
        var status = stat()
        return unsafe stat(path + "-wal", &status) == 0 && status.st_size > 0
    }

    /// Whether the names still lead to the files that were opened. Cost: two system calls, some microseconds.
    public func areInPlace() -> Bool {
        guard let database, Identity(path) == database else { return false }
        let now = Identity(path + "-wal")
        return log.withLock { known in
            // Made by the first write where there was none.
            if known == nil { known = now }
            return known == now
        }
    }
}
