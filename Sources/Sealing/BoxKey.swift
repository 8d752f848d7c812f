import CSodium

/// An X25519 key that receives (RFC 7748), from its 32-byte seed; what is sealed to it are libsodium's sealed boxes
/// (`crypto_box_seal`: X25519 with a key pair of its own for each box, XSalsa20-Poly1305), which say nothing of who sealed them.
public struct BoxKey: Sendable {
    public static let seedBytes = 32
    public static let publicBytes = 32
    /// How much longer a box is than what is in it.
    public static let overheadBytes = 48

    private let secret: SecretBytes
    public let publicKey: [UInt8]

    /// From a seed of 32 bytes.
    public init(seed: SecretBytes) {
        precondition(seed.count == Self.seedBytes)
        Sodium.prepare()
        var publicKey = [UInt8](repeating: 0, count: Self.publicBytes)
        secret = unsafe SecretBytes(count: 32) { secret in
            let result = unsafe seed.withBytes {
                unsafe crypto_box_seed_keypair(&publicKey, secret.baseAddress!.assumingMemoryBound(to: UInt8.self), $0)
            }
            precondition(result == 0)
        }
        self.publicKey = publicKey
    }

    /// Seals a secret to a public key. Nil for a public key that is none.
    public static func seal(_ secret: SecretBytes, to publicKey: [UInt8]) -> [UInt8]? {
        Sodium.prepare()
        guard publicKey.count == publicBytes else { return nil }
        var box = [UInt8](repeating: 0, count: secret.count + overheadBytes)
        let result = unsafe secret.withBytes {
            unsafe crypto_box_seal(&box, $0, UInt64(secret.count), publicKey)
        }
        return result == 0 ? box : nil
    }

    /// What is in a box; nil if it was not sealed to this key, or was changed.
    public func open(_ box: [UInt8]) -> SecretBytes? {
        guard box.count >= Self.overheadBytes else { return nil }
        var isOpen = false
        let opened = unsafe SecretBytes(count: box.count - Self.overheadBytes) { target in
            isOpen = unsafe secret.withBytes {
                unsafe crypto_box_seal_open(
                    target.baseAddress!.assumingMemoryBound(to: UInt8.self), box, UInt64(box.count), publicKey, $0) == 0
            }
        }
        return isOpen ? opened : nil
    }
}
