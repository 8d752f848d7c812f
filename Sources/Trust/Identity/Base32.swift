/// Douglas Crockford's base 32: digits and capitals without I, L, O and U. Small letters, O for 0, I and L for 1, spaces and
/// hyphens are understood, since people read and type it.
public enum Base32 {
    private static let digits = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ")

    /// Five bits to a character; the last ones are filled up with zeros.
    public static func text(_ bytes: [UInt8]) -> String {
        var text = ""
        var word = 0
        var bits = 0
        for byte in bytes {
            word = (word << 8 | Int(byte)) & 0xFFFF
            bits += 8
            while bits >= 5 {
                bits -= 5
                text.append(digits[word >> bits & 31])
            }
        }
        if bits > 0 { text.append(digits[word << (5 - bits) & 31]) }
        return text
    }

    /// The bytes; nil where a character is none of the alphabet's, or the last bits are not zeros.
    public static func bytes(_ text: some StringProtocol) -> [UInt8]? {
        var bytes: [UInt8] = []
        var word = 0
        var bits = 0
        for scalar in text.unicodeScalars {
            if scalar == " " || scalar == "-" || scalar == "\n" || scalar == "\r" || scalar == "\t" { continue }
            guard let value = value(scalar) else { return nil }
            word = (word << 5 | value) & 0xFFFF
            bits += 5
            if bits >= 8 {
                bits -= 8
                bytes.append(UInt8(word >> bits & 255))
            }
        }
        return bits < 5 && word & (1 << bits - 1) == 0 ? bytes : nil
    }

    static func value(_ scalar: Unicode.Scalar) -> Int? {
        switch scalar {
        case "O", "o": return 0
        case "I", "i", "L", "l": return 1
        default:
            guard scalar.isASCII else { return nil }
            return digits.firstIndex(of: Character(Character(scalar).uppercased()))
        }
    }

    static func character(_ value: Int) -> Character { digits[value] }
}
