public import Commands
import Sealing
import SyncProtocol

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#endif

/// What is done with whole files of any size: to find their length and hash, to copy them, to bring them to the disk.
public enum SystemFile {
    private static let stretchBytes = 1 << 20

    /// In bytes; nil if there is no such file.
    public static func size(_ path: String) -> Int64? {
        var info = stat()
        return unsafe stat(path, &info) == 0 ? Int64(info.st_size) : nil
    }

    /// When a file was last written, in milliseconds since 1970; nil if there is no such file.
    public static func modified(_ path: String) -> Int64? {
        var info = stat()
        guard unsafe stat(path, &info) == 0 else { return nil }
        #if canImport(Darwin)
            return Int64(info.st_mtimespec.tv_sec) * 1_000
        #else
            return Int64(info.st_mtim.tv_sec) * 1_000
        #endif
    }

    /// Bytes that whoever runs the program may still write to the disk of a folder; nil if the system does not tell.
    public static func freeBytes(_ folder: String) -> Int64? {
        var info = statvfs()
        guard unsafe statvfs(folder, &info) == 0 else { return nil }
        return Int64(
            clamping: UInt64(info.f_bavail).multipliedReportingOverflow(by: UInt64(info.f_frsize)).partialValue)
    }

    /// Whether a SQLite database is one that has a write-ahead log, by what its own file says and whatever lies beside it; nil
    /// for what is no database. A store is one, a backup is none. <https://www.sqlite.org/fileformat.html>, section 1.3.3.
    static func usesWriteAheadLog(_ path: String) -> Bool? {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var header = [UInt8](repeating: 0, count: 20)
        let count = unsafe header.withUnsafeMutableBytes { unsafe readBytes(descriptor, $0) }
        guard count == header.count, String(decoding: header.prefix(15), as: UTF8.self) == "SQLite format 3" else {
            return nil
        }
        return header[18] == 2 || header[19] == 2
    }

    /// The folder that a path lies in.
    public static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    public static func name(of path: String) -> String {
        path.lastIndex(of: "/").map { String(path[path.index(after: $0)...]) } ?? path
    }

    /// SHA-256, in hexadecimal digits, as `sha256sum` prints it.
    public static func hash(_ path: String) throws(CommandFailure) -> String {
        let source = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard source >= 0 else { throw failure("cannot be read", path) }
        defer { close(source) }
        var hash = SHA256()
        unsafe try read(source, path) { (bytes) throws(CommandFailure) in unsafe hash.update(bytes) }
        return hexadecimalText(hash.finish())
    }

    /// Copies a file into one that does not exist yet, for its owner alone, and brings it to the disk.
    public static func copy(_ path: String, to copy: String) throws(CommandFailure) {
        let source = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard source >= 0 else { throw failure("cannot be read", path) }
        defer { close(source) }
        let target = unsafe open(copy, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard target >= 0 else { throw failure("cannot be made", copy) }
        defer { close(target) }
        unsafe try read(source, path) { (bytes) throws(CommandFailure) in unsafe try write(bytes, target, copy) }
        guard fsync(target) == 0 else { throw failure("cannot be written", copy) }
    }

    /// Writes a small file whole: what was there is replaced when all of it is on the disk.
    public static func replace(_ path: String, with text: String) throws(CommandFailure) {
        let part = path + ".part"
        let target = unsafe open(part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard target >= 0 else { throw failure("cannot be made", path) }
        defer { close(target) }
        let bytes = Array(text.utf8)
        let refusal = unsafe bytes.withUnsafeBytes { bytes in
            do throws(CommandFailure) { unsafe try write(bytes, target, path) } catch {
                return error as CommandFailure?
            }
            return nil
        }
        if let refusal { throw refusal }
        guard fsync(target) == 0 else { throw failure("cannot be written", path) }
        try rename(part, to: path)
    }

    /// Gives a file its name, and brings that to the disk.
    public static func rename(_ path: String, to name: String) throws(CommandFailure) {
        guard renameFile(path, name) == 0 else { throw failure("cannot be given its name", name) }
        try bringToDisk(folder(of: name))
    }

    /// What is in a file or folder, also what another program has written.
    public static func bringToDisk(_ path: String) throws(CommandFailure) {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("cannot be read", path) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw failure("cannot be written", path) }
    }

    public static func remove(_ path: String) { unsafe unlink(path) }

    /// The names in a folder, in order; none if it cannot be read.
    public static func names(in folder: String) -> [String] {
        guard let handle = unsafe opendir(folder) else { return [] }
        defer { unsafe closedir(handle) }
        var names: [String] = []
        while let entry = unsafe readdir(handle) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    // MARK: Steps

    private static func read(
        _ descriptor: Int32, _ path: String, _ take: (UnsafeRawBufferPointer) throws(CommandFailure) -> Void
    ) throws(CommandFailure) {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: stretchBytes, alignment: 16)
        defer { unsafe buffer.deallocate() }
        while true {
            let count = unsafe readBytes(descriptor, buffer)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw failure("cannot be read", path) }
            if count == 0 { return }
            unsafe try take(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        }
    }

    private static func write(
        _ bytes: UnsafeRawBufferPointer, _ descriptor: Int32, _ path: String
    ) throws(CommandFailure) {
        var start = 0
        while start < bytes.count {
            let count = unsafe writeBytes(descriptor, UnsafeRawBufferPointer(rebasing: bytes[start...]))
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw failure("cannot be written", path) }
            start += count
        }
    }

    private static func failure(_ what: String, _ path: String) -> CommandFailure {
        let reason = unsafe String(cString: strerror(errno))
        return CommandFailure("\(path) \(what): \(reason)", safe: "The store was not changed")
    }
}

// Outside the type, whose own names would be meant.
private func readBytes(_ descriptor: Int32, _ buffer: UnsafeMutableRawBufferPointer) -> Int {
    unsafe read(descriptor, buffer.baseAddress, buffer.count)
}

private func writeBytes(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
    unsafe write(descriptor, bytes.baseAddress, bytes.count)
}

private func renameFile(_ path: String, _ name: String) -> Int32 { unsafe rename(path, name) }
