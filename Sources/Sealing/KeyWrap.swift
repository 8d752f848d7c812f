import CSodium

/// Seals one key under another that is used for nothing else: XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha).
///
/// The nonce is not sent: both sides take it from something public that names what is sealed, so that two different secrets
/// sealed under one key never share it.
public enum KeyWrap {
    public static let nonceBytes = 24

    /// 48 bytes for a key of 32.
    public static func seal(_ plain: [UInt8], key: SecretBytes, nonce: [UInt8], purpose: [UInt8]) -> [UInt8] {
        precondition(key.count == 32 && nonce.count == nonceBytes)
        var sealed = [UInt8](repeating: 0, count: plain.count + 16)
        let result = unsafe key.withBytes { key in
            unsafe crypto_aead_xchacha20poly1305_ietf_encrypt(
                &sealed, nil, plain, UInt64(plain.count), purpose, UInt64(purpose.count), nil, nonce, key)
        }
        precondition(result == 0)
        return sealed
    }

    /// Nil if it is not what was sealed under this key for this purpose.
    public static func open(_ sealed: [UInt8], key: SecretBytes, nonce: [UInt8], purpose: [UInt8]) -> [UInt8]? {
        precondition(key.count == 32 && nonce.count == nonceBytes)
        guard sealed.count > 16 else { return nil }
        var plain = [UInt8](repeating: 0, count: sealed.count - 16)
        let result = unsafe key.withBytes { key in
            unsafe crypto_aead_xchacha20poly1305_ietf_decrypt(
                &plain, nil, nil, sealed, UInt64(sealed.count), purpose, UInt64(purpose.count), nonce, key)
        }
        return result == 0 ? plain : nil
    }
}
