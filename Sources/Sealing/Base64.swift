import CSodium

/// Base 64 (RFC 4648), with padding and nothing else in it.
public enum Base64 {
    public static func text(_ bytes: [UInt8]) -> String {
        Sodium.prepare()
        let count = sodium_base64_encoded_len(bytes.count, sodium_base64_VARIANT_ORIGINAL)
        var text = [CChar](repeating: 0, count: count)
        _ = unsafe sodium_bin2base64(&text, count, bytes, bytes.count, sodium_base64_VARIANT_ORIGINAL)
        return String(decoding: text.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Nil for anything that is not the one encoding of some bytes.
    public static func bytes(_ text: String) -> [UInt8]? {
        Sodium.prepare()
        let source = text.utf8.map { CChar(bitPattern: $0) }
        var bytes = [UInt8](repeating: 0, count: source.count)
        var count = 0
        guard
            unsafe sodium_base642bin(
                &bytes, bytes.count, source, source.count, nil, &count, nil, sodium_base64_VARIANT_ORIGINAL) == 0
        else { return nil }
        bytes.removeLast(bytes.count - count)
        return Self.text(bytes) == text ? bytes : nil
    }
}
