#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#endif

/// Whole files of a harness.
enum ScratchFile {
    static func store(_ bytes: [UInt8], at path: String) throws {
        let descriptor = unsafe open(path, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw ScratchFailure(description: "a file cannot be made (error \(errno))") }
        defer { close(descriptor) }
        var offset = 0
        while offset < bytes.count {
            let count = unsafe bytes.withUnsafeBytes {
                unsafe write(descriptor, $0.baseAddress! + offset, $0.count - offset)
            }
            guard count > 0 else { throw ScratchFailure(description: "a file cannot be written (error \(errno))") }
            offset += count
        }
    }

    static func load(_ path: String) throws -> [UInt8] {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw ScratchFailure(description: "a file cannot be read (error \(errno))") }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = unsafe buffer.withUnsafeMutableBytes { unsafe read(descriptor, $0.baseAddress!, $0.count) }
            guard count >= 0 else { throw ScratchFailure(description: "a file cannot be read (error \(errno))") }
            if count == 0 { return bytes }
            bytes += buffer[..<count]
        }
    }
}
