#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#endif

/// Looks at the disk that the data folder is on.
struct ComputerExamination {
    let folder: String

    private static let leastFreeBytes: UInt64 = 200 << 20

    func all() -> [Examination] { [writing(), room(), encryption()] }

    private func writing() -> Examination {
        let path = folder + "/doctor-\(getpid())"
        let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return .fault("disk.write", ["error": "\(errno)"]) }
        defer {
            close(descriptor)
            unsafe unlink(path)
        }
        let bytes = [UInt8](repeating: 0, count: 4_096)
        guard unsafe write(descriptor, bytes, bytes.count) == bytes.count, fsync(descriptor) == 0 else {
            return .fault("disk.write", ["error": "\(errno)"])
        }
        return .well("disk.write")
    }

    private func room() -> Examination {
        var info = statvfs()
        guard unsafe statvfs(folder, &info) == 0 else { return .unknown("disk.room") }
        let free = UInt64(info.f_bavail).multipliedReportingOverflow(by: UInt64(info.f_frsize)).partialValue
        let values = ["megabytes": "\(free >> 20)"]
        return free < Self.leastFreeBytes ? .fault("disk.room", values) : .well("disk.room", values)
    }

    /// Linux names encrypted block devices in /sys; other ways to encrypt a disk are not told there.
    private func encryption() -> Examination {
        var info = stat()
        guard unsafe stat(folder, &info) == 0 else { return .unknown("disk.encryption") }
        let device = UInt64(info.st_dev)
        let major = device >> 8 & 0xFFF
        let minor = device & 0xFF | device >> 12 & 0xFFFFF00
        return isEncrypted("/sys/dev/block/\(major):\(minor)", depth: 0)
            ? .well("disk.encryption") : .unknown("disk.encryption")
    }

    /// Itself, or what it lies on: a volume of a group on an encrypted partition.
    private func isEncrypted(_ block: String, depth: Int) -> Bool {
        if let uuid = try? readFile(block + "/dm/uuid", limit: 256), uuid.starts(with: "CRYPT-".utf8) { return true }
        guard depth < 4, let handle = unsafe opendir(block + "/slaves") else { return false }
        defer { unsafe closedir(handle) }
        while let entry = unsafe readdir(handle) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
            }
            if !name.hasPrefix("."), isEncrypted(block + "/slaves/" + name, depth: depth + 1) { return true }
        }
        return false
    }
}
