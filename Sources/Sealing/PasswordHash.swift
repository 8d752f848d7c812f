import CSodium

/// A password or PIN as it is kept: an Argon2id hash with its salt and cost in it (RFC 9106), as libsodium writes them.
///
/// What it is made of cannot be found but by trying; each try takes about 64 MiB of memory and a tenth of a second.
public struct PasswordHash: Sendable, Equatable {
    /// `$argon2id$v=19$…`
    public let text: String

    /// Of a hash that was kept.
    public init(text: String) { self.text = text }

    /// Hashes anew, with a random salt. Nil where the memory it takes is not there.
    public init?(of secret: String) {
        Sodium.prepare()
        var bytes = [CChar](repeating: 0, count: Int(crypto_pwhash_STRBYTES))
        // With the zero at its end, so that there is an address also for an empty one.
        let result = unsafe secret.utf8CString.withUnsafeBufferPointer { source in
            unsafe crypto_pwhash_str(
                &bytes, source.baseAddress!, UInt64(source.count - 1),
                UInt64(crypto_pwhash_OPSLIMIT_INTERACTIVE), Int(crypto_pwhash_MEMLIMIT_INTERACTIVE))
        }
        guard result == 0 else { return nil }
        text = String(decoding: bytes.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Whether this is the hash of it. Takes as long whether it is or not.
    public func matches(_ secret: String) -> Bool {
        Sodium.prepare()
        return unsafe secret.utf8CString.withUnsafeBufferPointer { source in
            unsafe crypto_pwhash_str_verify(text, source.baseAddress!, UInt64(source.count - 1)) == 0
        }
    }
}
