import CSimulatedDisk

extension SimulatedDisk {
    /// The files that exist now, sorted.
    public var fileNames: [String] {
        var names: [String] = []
        var index = 0
        while let name = unsafe simulated_disk_file_name(handle, index) {
            unsafe names.append(String(cString: name))
            unsafe simulated_disk_free(name)
            index += 1
        }
        return names.sorted()
    }

    /// A file's content as it reads now; nil if there is none.
    public func bytes(of path: String) -> [UInt8]? { content(path, isDurable: false) }

    /// A file's content as it is sure to survive a power cut; nil if its name may not.
    public func durableBytes(of path: String) -> [UInt8]? { content(path, isDurable: true) }

    /// Writes a whole file, durably, in place of what was there; open handles keep the old one.
    public func put(_ bytes: [UInt8], at path: String) {
        let isDone = unsafe bytes.withUnsafeBufferPointer {
            unsafe simulated_disk_put_file(handle, Self.absolute(path), $0.baseAddress, $0.count)
        }
        precondition(isDone, "no memory for a simulated file")
    }

    /// How many bytes of unsynced writes the files hold.
    public var unsyncedByteCount: UInt64 { unsafe simulated_disk_unsynced_bytes(handle) }

    /// Whether the bytes stand in any file, as it reads now, as it is durable, or in a write not yet synced.
    public func contains(_ bytes: [UInt8]) -> Bool {
        unsafe bytes.withUnsafeBufferPointer { unsafe simulated_disk_contains(handle, $0.baseAddress, $0.count) }
    }

    private func content(_ path: String, isDurable: Bool) -> [UInt8]? {
        var size = 0
        guard let bytes = unsafe simulated_disk_file_bytes(handle, Self.absolute(path), isDurable, &size) else {
            return nil
        }
        defer { unsafe simulated_disk_free(bytes) }
        return unsafe Array(UnsafeBufferPointer(start: bytes, count: size))
    }

    private static func absolute(_ path: String) -> String { path.hasPrefix("/") ? path : "/" + path }
}
