#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#endif

/// A folder for a harness's files, in memory where the system has such a place, gone with the last reference.
///
/// libFuzzer ends its process without a goodbye: `fuzz.sh` names the folder's parent in `LUGN_FUZZ_SCRATCH` and removes
/// that.
final class ScratchFolder: Sendable {
    let path: String

    init() throws {
        let template = Self.parent + "/lugn-fuzz-XXXXXX"
        var name = template.utf8CString
        let isMade = unsafe name.withUnsafeMutableBufferPointer { unsafe mkdtemp($0.baseAddress!) != nil }
        guard isMade else { throw ScratchFailure(description: "no folder can be made in \(Self.parent)") }
        path = String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    private static var parent: String {
        if let given = unsafe getenv("LUGN_FUZZ_SCRATCH") { return unsafe String(cString: given) }
        return unsafe access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp"
    }

    /// Removes a database with what SQLite keeps beside it.
    func remove(_ database: String) {
        for suffix in ["", "-wal", "-shm"] { unsafe unlink("\(path)/\(database)\(suffix)") }
    }

    deinit {
        guard let folder = unsafe opendir(path) else { return }
        while let entry = unsafe readdir(folder) {
            let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { unsafe unlink("\(path)/\(name)") }
        }
        unsafe closedir(folder)
        unsafe rmdir(path)
    }
}

struct ScratchFailure: Error, CustomStringConvertible { let description: String }
