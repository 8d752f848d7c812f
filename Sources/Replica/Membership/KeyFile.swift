import Sealing
public import Trust

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#endif

/// A workstation's keys in a file that only its owner reads (mode 0600).
public struct KeyFile: DeviceKeyStore {
    public let path: String

    public init(path: String) { self.path = path }

    /// The file beside a replica.
    public static func beside(replica path: String) -> KeyFile { KeyFile(path: path + "-keys") }

    public func load() throws(ReplicaError) -> DeviceKeys? {
        let descriptor = openFile(path, O_RDONLY | O_CLOEXEC)
        if descriptor < 0, errno == ENOENT { return nil }
        guard descriptor >= 0 else { throw Self.failure("read", errno) }
        defer { close(descriptor) }
        // Longer than any keys' file, so that a longer one is noticed.
        var bytes = [UInt8](repeating: 0, count: 256)
        defer { SecretBytes.wipe(&bytes) }
        let count = unsafe bytes.withUnsafeMutableBytes { unsafe read(descriptor, $0.baseAddress, $0.count) }
        guard count >= 0 else { throw Self.failure("read", errno) }
        guard let keys = DeviceKeys(fileBytes: Array(bytes.prefix(count))) else {
            throw ReplicaError(
                .damagedKeys,
                "the file of this workstation's keys is damaged; your work is safe here: put the file back from a copy, or join again with an invitation"
            )
        }
        return keys
    }

    public func keep(_ keys: DeviceKeys) throws(ReplicaError) {
        let temporary = path + ".new"
        unsafe unlink(temporary)
        let descriptor = openFile(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC)
        guard descriptor >= 0 else { throw Self.failure("written", errno) }
        var bytes = keys.fileBytes()
        defer { SecretBytes.wipe(&bytes) }
        let written = unsafe bytes.withUnsafeBytes { unsafe write(descriptor, $0.baseAddress, $0.count) }
        let isSynced = fsync(descriptor) == 0
        let number = errno
        close(descriptor)
        // A link and not a rename: keys that are there already are never replaced.
        guard written == bytes.count, isSynced, unsafe link(temporary, path) == 0 else {
            let failure = written == bytes.count && isSynced ? errno : number
            unsafe unlink(temporary)
            throw Self.failure("written", failure)
        }
        unsafe unlink(temporary)
        syncFolder()
    }

    /// Makes the new name durable. Without it the file may be missing after a power cut, and joining is repeated.
    private func syncFolder() {
        let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        let descriptor = openFile(folder.isEmpty ? "/" : folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        if descriptor >= 0 {
            fsync(descriptor)
            close(descriptor)
        }
    }

    private static func failure(_ what: String, _ number: Int32) -> ReplicaError {
        number == ENOSPC || number == EDQUOT
            ? ReplicaError(
                .diskFull, "the disk is full; this workstation's keys were not saved, and nothing was changed")
            : ReplicaError(
                .inaccessible,
                "the file of this workstation's keys cannot be \(what) (error \(number)); nothing was changed: check the data folder's permissions"
            )
    }
}

private func openFile(_ path: String, _ flags: Int32) -> Int32 { unsafe open(path, flags, 0o600) }
