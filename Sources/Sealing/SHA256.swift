import CSodium

/// SHA-256 of something that comes in parts, such as a large file: what `sha256sum` computes. From libsodium.
public struct SHA256 {
    private var state = crypto_hash_sha256_state()

    public init() {
        Sodium.prepare()
        _ = unsafe crypto_hash_sha256_init(&state)
    }

    /// Cost: about 0.5 ms for a megabyte.
    public mutating func update(_ bytes: UnsafeRawBufferPointer) {
        _ = unsafe crypto_hash_sha256_update(
            &state, bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), UInt64(bytes.count))
    }

    /// The 32 bytes of the hash. Once.
    public mutating func finish() -> [UInt8] {
        var hash = [UInt8](repeating: 0, count: Int(crypto_hash_sha256_bytes()))
        _ = unsafe crypto_hash_sha256_final(&state, &hash)
        return hash
    }
}
