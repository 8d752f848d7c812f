#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#endif

/// The files of one run, in memory where the system has a file system there, and gone with the run.
final class RunFolder: @unchecked Sendable {
    // @unchecked: confined to its simulation's thread.
    let path: String
    private var count = 0
    private var files: [String] = []
    private static let suffixes = ["", "-wal", "-shm", "-journal"]

    init() throws {
        let shared = unsafe access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp"
        var template = Array("\(shared)/lugn-sim-XXXXXX".utf8CString)
        let made = unsafe template.withUnsafeMutableBufferPointer { buffer in
            unsafe mkdtemp(buffer.baseAddress!) != nil
        }
        guard made else { throw Violation("simulator", "no folder can be made for a run") }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit {
        for file in files { for suffix in Self.suffixes { unsafe unlink(file + suffix) } }
        unsafe rmdir(path)
    }

    /// The path of a new file, which does not exist yet.
    func newFile(_ name: String) -> String {
        count += 1
        let file = "\(path)/\(name)-\(count).db"
        files.append(file)
        return file
    }

    /// A copy of a database as it stands on disk: what a process finds that is started after another one has died.
    func copy(_ source: String, as name: String) throws -> String {
        let target = newFile(name)
        for suffix in ["", "-wal"] {
            if let bytes = contents(source + suffix) { try write(bytes, to: target + suffix) }
        }
        return target
    }

    /// A database's bytes, its log included.
    func contents(ofDatabase file: String) -> [UInt8] {
        ["", "-wal", "-journal"].reduce(into: []) { $0 += contents(file + $1) ?? [] }
    }

    private func contents(_ file: String) -> [UInt8]? {
        let descriptor = unsafe open(file, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        let size = Int(lseek(descriptor, 0, SEEK_END))
        lseek(descriptor, 0, SEEK_SET)
        return unsafe [UInt8](unsafeUninitializedCapacity: max(0, size)) { buffer, count in
            count = max(0, unsafe read(descriptor, buffer.baseAddress, size))
        }
    }

    private func write(_ bytes: [UInt8], to file: String) throws {
        let descriptor = unsafe open(file, O_CREAT | O_WRONLY | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Violation("simulator", "a file cannot be made") }
        defer { close(descriptor) }
        let written = unsafe bytes.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
        guard written == bytes.count else { throw Violation("simulator", "a file cannot be written") }
    }
}
