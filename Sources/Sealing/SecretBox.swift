import CSodium

/// Seals a short secret or text under a key that both sides have: XChaCha20-Poly1305
/// (draft-irtf-cfrg-xchacha) with a random nonce in front.
public enum SecretBox {
    /// Nonce and tag.
    public static let overheadBytes = 24 + 16

    /// - Parameter purpose: is authenticated, so that a box made for one thing opens as no other.
    public static func seal(_ plain: [UInt8], key: SecretBytes, purpose: [UInt8]) -> [UInt8] {
        precondition(key.count == 32)
        let nonce = randomBytes(24)
        var sealed = [UInt8](repeating: 0, count: plain.count + 16)
        let result = unsafe key.withBytes { key in
            unsafe crypto_aead_xchacha20poly1305_ietf_encrypt(
                &sealed, nil, plain, UInt64(plain.count), purpose, UInt64(purpose.count), nil, nonce, key)
        }
        precondition(result == 0)
        return nonce + sealed
    }

    /// Nil if it is not what was sealed under this key for this purpose.
    public static func open(_ box: [UInt8], key: SecretBytes, purpose: [UInt8]) -> [UInt8]? {
        precondition(key.count == 32)
        guard box.count >= overheadBytes else { return nil }
        let sealed = Array(box[24...])
        var plain = [UInt8](repeating: 0, count: max(1, sealed.count - 16))
        let result = unsafe key.withBytes { key in
            unsafe crypto_aead_xchacha20poly1305_ietf_decrypt(
                &plain, nil, nil, sealed, UInt64(sealed.count), purpose, UInt64(purpose.count), Array(box[..<24]), key)
        }
        guard result == 0 else { return nil }
        plain.removeLast(plain.count - (sealed.count - 16))
        return plain
    }
}
