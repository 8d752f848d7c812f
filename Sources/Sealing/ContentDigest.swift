import CSodium

/// The `Content-Digest` of a message (RFC 9530): SHA-256 of its body. A bit that flips on the way is noticed by whoever
/// receives the message, before anything of it is read.
public enum ContentDigest {
    public static let name = "Content-Digest"

    /// `sha-256=:…:`, the digest in base64. Cost: 0.5 ms for a megabyte.
    public static func value(of body: [UInt8]) -> String {
        Sodium.prepare()
        var hash = [UInt8](repeating: 0, count: Int(crypto_hash_sha256_bytes()))
        _ = unsafe crypto_hash_sha256(&hash, body, UInt64(body.count))
        return "sha-256=:" + Base64.text(hash) + ":"
    }

    /// Whether a body is the one that a header speaks of. Only this one algorithm and form are understood.
    public static func matches(_ header: String?, _ body: [UInt8]) -> Bool {
        // Bytes, not characters: Swift holds a Kelvin sign for a K.
        header.map { $0.utf8.elementsEqual(value(of: body).utf8) } ?? false
    }
}
