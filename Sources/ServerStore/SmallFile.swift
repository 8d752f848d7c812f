public import Commands

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#endif

/// Files of at most a megabyte, read whole.
public enum SmallFile {
    public static let limitBytes = 1 << 20

    /// - Parameter what: what the file is, for the error: names of files may say more than a log should.
    public static func text(_ path: String, what: String) throws(CommandFailure) -> String {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw CommandFailure(
                "\(what) cannot be read (error \(errno))", safe: "Nothing was changed",
                action: "Check its name and permissions")
        }
        defer { close(descriptor) }
        var buffer = [UInt8](repeating: 0, count: limitBytes)
        var count = 0
        while count < buffer.count {
            let taken = unsafe buffer.withUnsafeMutableBytes {
                unsafe read(descriptor, $0.baseAddress! + count, $0.count - count)
            }
            if taken < 0 && errno == EINTR { continue }
            guard taken >= 0 else { throw CommandFailure("\(what) cannot be read (error \(errno))") }
            if taken == 0 { return String(decoding: buffer[..<count], as: UTF8.self) }
            count += taken
        }
        throw CommandFailure("\(what) is larger than a megabyte", action: "Check its name")
    }
}
