#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#endif

/// Removes a file, if it is there.
func removeFile(_ path: String) throws {
    guard unsafe unlink(path) == 0 || errno == ENOENT else {
        throw WorkstationError(
            .cannotKeep, "a file in the data folder cannot be removed (error \(errno)); nothing was changed")
    }
}

/// The first bytes of a file; nil where there is none.
///
/// Errors: `cannotKeep` for one that is there and cannot be read.
func readFile(_ path: String, limit: Int) throws(WorkstationError) -> [UInt8]? {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    if descriptor < 0, errno == ENOENT { return nil }
    guard descriptor >= 0 else { throw .unreadable(errno) }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: limit)
    var count = 0
    while count < limit {
        let got = unsafe bytes.withUnsafeMutableBytes { buffer in
            unsafe read(descriptor, buffer.baseAddress! + count, limit - count)
        }
        guard got >= 0 else { throw .unreadable(errno) }
        if got == 0 { break }
        count += got
    }
    return Array(bytes[..<count])
}

/// Replaces a file by one that only its owner may read; it is on disk, whole, when this returns.
///
/// Errors: `cannotKeep`; the file is as it was then.
package func writePrivateFile(_ path: String, _ text: String) throws(WorkstationError) {
    let new = path + ".new"
    unsafe unlink(new)
    let descriptor = unsafe open(new, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else { throw .unwritable(errno) }
    let bytes = Array(text.utf8)
    let count = unsafe bytes.withUnsafeBytes { unsafe write(descriptor, $0.baseAddress!, $0.count) }
    let isSafe = count == bytes.count && fsync(descriptor) == 0
    close(descriptor)
    guard isSafe, unsafe rename(new, path) == 0 else { throw .unwritable(errno) }
}

extension WorkstationError {
    fileprivate static func unreadable(_ error: Int32) -> WorkstationError {
        WorkstationError(
            .cannotKeep, "a file in the data folder cannot be read (error \(error)); nothing was changed: check it")
    }

    fileprivate static func unwritable(_ error: Int32) -> WorkstationError {
        WorkstationError(
            .cannotKeep,
            "a file in the data folder cannot be written (error \(error)); nothing was changed: check the disk")
    }
}
