import Commands

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#endif

/// A file that is made, for its owner alone, and written from its beginning to its end.
final class NewFile {
    let path: String
    private let writtenPath: String
    private let descriptor: Int32
    private var isOpen = true
    private var buffer: [UInt8] = []

    private static let bufferBytes = 256 << 10

    /// Makes a file; nil if there is one already. Errors: where it cannot be made.
    static func ifAbsent(_ path: String) throws -> NewFile? {
        let descriptor = unsafe open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0o600)
        if descriptor < 0, errno == EEXIST { return nil }
        return try NewFile(path, writtenPath: path, descriptor)
    }

    /// Makes a file. Errors: where there is one already, or it cannot be made.
    static func new(_ path: String) throws -> NewFile {
        if let file = try ifAbsent(path) { return file }
        throw CommandFailure(.failed, key: "failure.fileExists")
    }

    /// Makes a file that takes the place of the one there is when it is closed, and not before. It is written beside it.
    static func replacing(_ path: String) throws -> NewFile {
        let written = path + ".part-\(getpid())"
        return try NewFile(
            path, writtenPath: written, unsafe open(written, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0o600))
    }

    private init(_ path: String, writtenPath: String, _ descriptor: Int32) throws {
        self.path = path
        self.writtenPath = writtenPath
        self.descriptor = descriptor
        isOpen = descriptor >= 0
        guard isOpen else {
            throw CommandFailure(.failed, key: "failure.fileNotMade", ["error": "\(errno)"])
        }
        buffer.reserveCapacity(Self.bufferBytes)
    }

    deinit {
        guard isOpen else { return }
        _ = Self.close(descriptor)
        if writtenPath != path { unsafe unlink(writtenPath) }
    }

    func write(_ bytes: some Sequence<UInt8>) throws {
        buffer += bytes
        if buffer.count >= Self.bufferBytes { try flush() }
    }

    func write(_ text: String) throws { try write(text.utf8) }

    /// Brings all of it to the disk. What is not closed is no whole file.
    func close() throws {
        guard isOpen else { return }
        try flush()
        guard fsync(descriptor) == 0 else { throw failure() }
        isOpen = false
        guard Self.close(descriptor) == 0 else { throw failure() }
        if writtenPath != path, unsafe rename(writtenPath, path) != 0 { throw failure() }
    }

    private static func close(_ descriptor: Int32) -> Int32 {
        #if canImport(Glibc)
            Glibc.close(descriptor)
        #elseif canImport(Darwin)
            Darwin.close(descriptor)
        #elseif canImport(Musl)
            Musl.close(descriptor)
        #endif
    }

    private func flush() throws {
        var start = 0
        while start < buffer.count {
            let count = unsafe buffer.withUnsafeBytes { bytes in
                unsafe Self.write(descriptor, bytes.baseAddress! + start, bytes.count - start)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw failure() }
            start += count
        }
        buffer.removeAll(keepingCapacity: true)
    }

    private static func write(_ descriptor: Int32, _ bytes: UnsafeRawPointer, _ count: Int) -> Int {
        #if canImport(Glibc)
            unsafe Glibc.write(descriptor, bytes, count)
        #elseif canImport(Darwin)
            unsafe Darwin.write(descriptor, bytes, count)
        #elseif canImport(Musl)
            unsafe Musl.write(descriptor, bytes, count)
        #endif
    }

    private func failure() -> CommandFailure {
        CommandFailure(.failed, key: "failure.fileNotWritten", ["error": "\(errno)"])
    }
}
