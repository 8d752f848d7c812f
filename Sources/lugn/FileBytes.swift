import Casework
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
    /// In bytes; nil for what is no regular file.
    private let size: Int64?
    private var readCount: Int64 = 0
    /// A terminal must not be asked again.
    private var isAtEnd = false

    /// `-` is standard input.
    init(_ path: String) throws {
        descriptor = path == "-" ? 0 : unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw CommandFailure(.failed, key: "failure.fileUnreadable", ["error": "\(errno)"])
        }
        var facts = stat()
        let isRegular = unsafe fstat(descriptor, &facts) == 0 && facts.st_mode & S_IFMT == S_IFREG
        size = isRegular ? Int64(facts.st_size) : nil
    }

    deinit { if descriptor > 0 { close(descriptor) } }

    func next() throws -> UInt8? {
        if offset == end {
            try fill()
            if end == 0 { return nil }
        }
        defer { offset += 1 }
        return buffer[offset]
    }

    /// How much of the file has been read, 0 to 1; nil where its size is not known.
    var fraction: Double? {
        guard let size else { return nil }
        return size == 0 ? 1 : min(1, Double(readCount) / Double(size))
    }

    /// Goes back to the beginning.
    private func rewind() throws {
        guard lseek(descriptor, 0, SEEK_SET) == 0 else { throw failure() }
        readCount = 0
        offset = 0
        end = 0
        isAtEnd = false
    }

    /// For an import, which reads a file more than once: what is no regular file is read into memory.
    func importBytes() throws -> ImportBytes {
        if size != nil {
            return ImportBytes {
                try self.rewind()
                return self.next
            }
        }
        var all: [UInt8] = []
        repeat {
            try fill()
            all += buffer[..<end]
            guard all.count <= Self.memoryBytes else {
                throw CommandFailure(
                    .failed, key: "failure.inputTooLarge", ["limit": "\(Self.memoryBytes >> 20)"])
            }
        } while end > 0
        return ImportBytes(all)
    }

    private static let memoryBytes = 256 << 20

    /// As many bytes as there is room for, or all that are left.
    private func fill() throws {
        offset = 0
        end = 0
        while end < buffer.count, !isAtEnd {
            let count = unsafe buffer.withUnsafeMutableBytes { bytes in
                unsafe read(descriptor, bytes.baseAddress! + end, bytes.count - end)
            }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw failure() }
            isAtEnd = count == 0
            end += count
            readCount += Int64(count)
        }
    }

    private func failure() -> CommandFailure {
        CommandFailure(.failed, key: "failure.readingFailed", ["error": "\(errno)"])
    }
}
