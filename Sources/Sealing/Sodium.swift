import CSodium

/// Makes sure that libsodium is ready; every type of this target goes through it.
enum Sodium {
    private static let isReady: Bool = sodium_init() >= 0

    static func prepare() {
        // Fails only where the system gives no randomness, which nothing here could work without.
        precondition(isReady, "libsodium could not be initialised")
    }
}

/// Bytes from the system's cryptographic random generator.
public func randomBytes(_ count: Int) -> [UInt8] {
    Sodium.prepare()
    var bytes = [UInt8](repeating: 0, count: count)
    unsafe bytes.withUnsafeMutableBytes { buffer in
        unsafe randombytes_buf(buffer.baseAddress!, buffer.count)
    }
    return bytes
}

/// A random 64-bit number.
public func randomWord() -> UInt64 {
    Sodium.prepare()
    var word: UInt64 = 0
    unsafe withUnsafeMutableBytes(of: &word) { unsafe randombytes_buf($0.baseAddress!, $0.count) }
    return word
}

/// Whether two secrets are equal, in a time that tells nothing about where they differ.
public func constantTimeEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    Sodium.prepare()
    guard left.count == right.count else { return false }
    return unsafe left.withUnsafeBytes { left in
        unsafe right.withUnsafeBytes { right in
            unsafe sodium_memcmp(left.baseAddress!, right.baseAddress!, left.count) == 0
        }
    }
}
