public import Commands

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#endif

/// Lets one process at a time work on a store: two servers would hand out news to their own clients only, and two programs
/// of different versions would spoil each other's work.
///
/// The lock is the system's, on a file of the folder: it ends with the process, however that ends.
public final class StoreLock: Sendable {
    private let descriptor: Int32

    public init(folder: String) throws(CommandFailure) {
        descriptor = unsafe open(folder + "/server.lock", O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw CommandFailure(
                "the store's folder cannot be written (error \(errno))", safe: "Nothing was changed",
                action: "Check its permissions and its disk")
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            // All is set: deinit closes.
            let owner = Self.owner(descriptor)
            throw CommandFailure(
                "another lugn-server\(owner) works on this store", safe: "It goes on, and nothing was changed",
                action: "Stop it first, or give another folder with --data")
        }
        let text = Array("\(getpid())\n".utf8)
        _ = ftruncate(descriptor, 0)
        // The number is for people: without it the lock holds all the same.
        _ = unsafe text.withUnsafeBytes { unsafe pwrite(descriptor, $0.baseAddress, $0.count, 0) }
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    private static func owner(_ descriptor: Int32) -> String {
        var buffer = [UInt8](repeating: 0, count: 20)
        let count = unsafe buffer.withUnsafeMutableBytes { unsafe pread(descriptor, $0.baseAddress, $0.count, 0) }
        guard let number = Int(String(decoding: buffer.prefix(max(0, count)).prefix { $0 != 10 }, as: UTF8.self)) else {
            return ""
        }
        return " (process \(number))"
    }
}
