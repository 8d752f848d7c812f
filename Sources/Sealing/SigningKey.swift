import CSodium

/// An Ed25519 key that signs (RFC 8032), from its 32-byte seed.
public struct SigningKey: Sendable {
    public static let seedBytes = 32
    public static let publicBytes = 32
    public static let signatureBytes = 64

    /// The seed and the public key, as libsodium wants them together.
    private let secret: SecretBytes
    public let publicKey: [UInt8]

    /// From a seed of 32 bytes.
    public init(seed: SecretBytes) {
        precondition(seed.count == Self.seedBytes)
        var publicKey = [UInt8](repeating: 0, count: Self.publicBytes)
        secret = unsafe SecretBytes(count: 64) { secret in
            let result = unsafe seed.withBytes {
                unsafe crypto_sign_seed_keypair(&publicKey, secret.baseAddress!.assumingMemoryBound(to: UInt8.self), $0)
            }
            precondition(result == 0)
        }
        self.publicKey = publicKey
    }

    /// 64 bytes. Cost: 20 µs.
    public func sign(_ message: [UInt8]) -> [UInt8] {
        var signature = [UInt8](repeating: 0, count: Self.signatureBytes)
        let result = unsafe secret.withBytes {
            unsafe crypto_sign_detached(&signature, nil, message, UInt64(message.count), $0)
        }
        precondition(result == 0)
        return signature
    }

    /// Whether a signature is that of a message under a public key. Keys of small order and signatures in another form than
    /// the canonical one are none. Cost: 50 µs.
    public static func isValid(_ signature: [UInt8], of message: [UInt8], by publicKey: [UInt8]) -> Bool {
        Sodium.prepare()
        guard signature.count == signatureBytes, publicKey.count == publicBytes else { return false }
        return unsafe crypto_sign_verify_detached(signature, message, UInt64(message.count), publicKey) == 0
    }
}
