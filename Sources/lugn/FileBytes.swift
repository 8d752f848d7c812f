import Commands

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#endif

/// A file's bytes, one by one, out of a buffer of 64 KiB.
final class FileBytes {
    private let descriptor: Int32
    private var buffer = [UInt8](repeating: 0, count: 64 * 1_024)
    private var offset = 0
    private var end = 0

    /// `-` is standard input.
    init(_ path: String) throws {
        descriptor = path == "-" ? 0 : unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw CommandFailure(
                "the file cannot be read (error \(errno))", safe: "Nothing was changed", action: "Check its name")
        }
    }

    deinit { if descriptor > 0 { close(descriptor) } }

    func next() throws -> UInt8? {
        if offset == end {
            let count = unsafe buffer.withUnsafeMutableBytes { unsafe read(descriptor, $0.baseAddress!, $0.count) }
            guard count >= 0 else {
                throw CommandFailure(
                    "the file cannot be read (error \(errno))", safe: "What was taken in before is kept")
            }
            if count == 0 { return nil }
            offset = 0
            end = count
        }
        defer { offset += 1 }
        return buffer[offset]
    }
}
