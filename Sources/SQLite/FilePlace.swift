import CFilePlace

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#endif

/// Where a file lies: on which computer, and as which file of it. A copy lies elsewhere, a file that was renamed does not.
///
/// It cannot tell a file whose content was overwritten with that of another one, nor two computers whose disks are clones.
public struct FilePlace: Hashable, Sendable {
    /// The computer's name for itself (`/etc/machine-id`), the file's number, and when it was made.
    public let bytes: [UInt8]

    /// Nil where there is no such file.
    public init?(_ path: String) {
        var (number, seconds, nanoseconds) = (UInt64(0), Int64(0), UInt32(0))
        guard unsafe lugn_file_place(path, &number, &seconds, &nanoseconds) == 0 else { return nil }
        var bytes = Self.computer
        for word in [number, UInt64(bitPattern: seconds), UInt64(nanoseconds)] {
            for shift in stride(from: UInt64(56), through: 0, by: -8) {
                bytes.append(UInt8(truncatingIfNeeded: word >> shift))
            }
        }
        self.bytes = bytes
    }

    private static let computer: [UInt8] = {
        let file = unsafe open("/etc/machine-id", O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return [] }
        defer { close(file) }
        var text = [UInt8](repeating: 0, count: 64)
        let count = unsafe read(file, &text, text.count)
        return Array(text.prefix(max(0, count)))
    }()
}
