import CSodium

/// Secret bytes in guarded memory (libsodium's `sodium_malloc`): never written to swap where the system allows it, in no core
/// dump, overwritten when the last reference goes.
///
/// It has no description and no value that could be printed by mistake.
@safe public final class SecretBytes: Sendable {
    // Written in `init` only; what is read afterwards never changes.
    nonisolated(unsafe) private let memory: UnsafeMutableRawPointer
    public let count: Int

    /// Random bytes from the system.
    public convenience init(randomCount count: Int) {
        unsafe self.init(count: count) { unsafe randombytes_buf($0.baseAddress!, $0.count) }
    }

    /// A copy. Whoever gives bytes from ordinary memory overwrites them: ``wipe(_:)``.
    public convenience init(copying bytes: [UInt8]) {
        unsafe self.init(count: bytes.count) { target in
            unsafe bytes.withUnsafeBytes { unsafe target.copyMemory(from: $0) }
        }
    }

    @unsafe public init(count: Int, _ fill: (UnsafeMutableRawBufferPointer) -> Void) {
        Sodium.prepare()
        guard let memory = unsafe sodium_malloc(max(1, count)) else {
            // Without memory for 32 bytes nothing goes on, here or anywhere.
            fatalError("no memory for a key")
        }
        unsafe fill(UnsafeMutableRawBufferPointer(start: memory, count: count))
        unsafe sodium_mprotect_readonly(memory)
        unsafe self.memory = memory
        self.count = count
    }

    deinit { unsafe sodium_free(memory) }

    /// Lends the bytes. They must not be kept.
    @unsafe public func withBytes<Result>(_ body: (UnsafePointer<UInt8>) throws -> Result) rethrows -> Result {
        try unsafe body(UnsafePointer(memory.assumingMemoryBound(to: UInt8.self)))
    }

    /// A copy in ordinary memory, for what must be written to a file or a message. Overwrite it after use: ``wipe(_:)``.
    public func copied() -> [UInt8] {
        unsafe Array(UnsafeRawBufferPointer(start: memory, count: count))
    }

    /// Overwrites a copy.
    public static func wipe(_ bytes: inout [UInt8]) {
        let count = bytes.count
        unsafe bytes.withUnsafeMutableBytes { buffer in
            if count > 0 { unsafe sodium_memzero(buffer.baseAddress!, count) }
        }
        bytes = []
    }

    /// Equal in a time that tells nothing.
    public func isEqual(to other: SecretBytes) -> Bool {
        guard count == other.count else { return false }
        return unsafe sodium_memcmp(memory, other.memory, count) == 0
    }
}
