#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#endif

/// A small file with a secret, for its owner alone.
public enum PrivateFile {
    public enum Failure: Error, Sendable, Hashable {
        /// There is one already; it was not touched.
        case exists
        case missing
        /// Others than its owner may read it.
        case exposed
        /// It is larger than such files are.
        case tooLarge
        /// The system's number of the error.
        case system(Int32)
    }

    /// Makes a file of mode 0600 and writes it durably. Whoever gives secret bytes overwrites them.
    public static func create(_ path: String, _ bytes: [UInt8]) throws(Failure) {
        let descriptor = unsafe open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw errno == EEXIST ? .exists : .system(errno) }
        var failure: Failure?
        let written = unsafe bytes.withUnsafeBytes { unsafe write(descriptor, $0.baseAddress, $0.count) }
        if written != bytes.count || fsync(descriptor) != 0 { failure = .system(errno) }
        if close(descriptor) != 0 { failure = failure ?? .system(errno) }
        guard let failure else { return }
        // Half a key opens nothing, and would be in the way of the next try.
        unsafe unlink(path)
        throw failure
    }

    /// Reads a file that only its owner may read.
    public static func read(_ path: String, limitBytes: Int = 4_096) throws(Failure) -> [UInt8] {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw errno == ENOENT ? .missing : .system(errno) }
        defer { close(descriptor) }
        var info = stat()
        guard unsafe fstat(descriptor, &info) == 0 else { throw .system(errno) }
        guard info.st_mode & 0o077 == 0 else { throw .exposed }
        var buffer = [UInt8](repeating: 0, count: limitBytes + 1)
        let count = unsafe buffer.withUnsafeMutableBytes { unsafe readBytes(descriptor, $0) }
        guard count >= 0 else { throw .system(errno) }
        guard count <= limitBytes else { throw .tooLarge }
        buffer.removeLast(buffer.count - count)
        return buffer
    }
}

// Outside the type, whose own `read` would be meant.
private func readBytes(_ descriptor: Int32, _ buffer: UnsafeMutableRawBufferPointer) -> Int {
    unsafe read(descriptor, buffer.baseAddress, buffer.count)
}
