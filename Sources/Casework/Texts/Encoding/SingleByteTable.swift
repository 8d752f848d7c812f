#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#endif

/// The characters of an encoding that has one byte for each, as the system's iconv knows them. All of these agree with
/// ASCII in their lower half.
struct SingleByteTable: Sendable {
    /// Of the bytes 0x80 to 0xFF; nil for what is no character.
    let upper: [Unicode.Scalar?]

    static let windows1252 = SingleByteTable("CP1252")
    static let macRoman = SingleByteTable("MACINTOSH")
    static let latin9 = SingleByteTable("ISO-8859-15")
    static let dos = SingleByteTable("CP850")

    /// Nil where the system does not know the encoding.
    private init?(_ name: String) {
        let converter = unsafe iconv_open("UTF-8", name)
        guard unsafe converter != iconv_t(bitPattern: -1) else { return nil }
        defer { unsafe iconv_close(converter) }
        upper = (UInt8(0x80)...0xFF).map { unsafe Self.character($0, converter) }
    }

    private static func character(_ byte: UInt8, _ converter: iconv_t?) -> Unicode.Scalar? {
        var input = [CChar(bitPattern: byte)]
        var output = [CChar](repeating: 0, count: 8)
        var outputLeft = output.count
        let isConverted = unsafe input.withUnsafeMutableBufferPointer { input in
            unsafe output.withUnsafeMutableBufferPointer { output in
                var (from, to) = (input.baseAddress, output.baseAddress)
                var inputLeft = 1
                let result = unsafe iconv(converter, &from, &inputLeft, &to, &outputLeft)
                return result == 0 && inputLeft == 0
            }
        }
        guard isConverted else { return nil }
        let bytes = output.prefix(output.count - outputLeft).map { UInt8(bitPattern: $0) }
        let scalars = String(validating: bytes, as: UTF8.self)?.unicodeScalars
        // Control characters have no place in a text, and are the sign of another encoding.
        guard let scalar = scalars?.first, scalars?.count == 1, scalar.value >= 0xA0 else { return nil }
        return scalar
    }
}
