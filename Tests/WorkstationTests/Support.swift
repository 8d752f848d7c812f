import Support
import TestSupport

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#endif

/// A number that a test sets.
final class Lockable: Sendable {
    private let lock: Lock<Int64>
    init(_ value: Int64) { lock = Lock(value) }
    var value: Int64 {
        get { lock.withLock { $0 } }
        set { lock.withLock { $0 = newValue } }
    }
}

extension TemporaryFolder {
    /// Whether any of its files has these bytes in it.
    ///
    /// - Parameter prefix: of the files that are looked at.
    func holds(_ text: String, in prefix: String = "") throws -> Bool {
        guard let folder = unsafe opendir(path) else { return false }
        defer { unsafe closedir(folder) }
        while let entry = unsafe readdir(folder) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
            }
            guard !name.hasPrefix("."), name.hasPrefix(prefix) else { continue }
            let bytes = Self.bytes(of: path + "/" + name)
            if bytes.firstRange(of: Array(text.utf8)) != nil { return true }
        }
        return false
    }

    private static func bytes(of path: String) -> [UInt8] {
        guard let file = unsafe fopen(path, "r") else { return [] }
        defer { unsafe fclose(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = unsafe fread(&buffer, 1, buffer.count, file)
            if count == 0 { return bytes }
            bytes += buffer[..<count]
        }
    }
}
