/// How the text of a file to be imported is written in bytes.
public enum TextEncoding: String, CaseIterable, Sendable {
    case utf8 = "utf-8"
    /// What Swedish versions of Excel save as CSV: Latin letters, one byte each (the WHATWG Encoding Standard's index).
    case windows1252 = "windows-1252"

    /// The characters of 0x80 to 0x9F; U+FFFD for the five bytes that are no character.
    private static let upper: [Unicode.Scalar] = [
        "\u{20AC}", "\u{FFFD}", "\u{201A}", "\u{0192}", "\u{201E}", "\u{2026}", "\u{2020}", "\u{2021}", "\u{02C6}",
        "\u{2030}", "\u{0160}", "\u{2039}", "\u{0152}", "\u{FFFD}", "\u{017D}", "\u{FFFD}", "\u{FFFD}", "\u{2018}",
        "\u{2019}", "\u{201C}", "\u{201D}", "\u{2022}", "\u{2013}", "\u{2014}", "\u{02DC}", "\u{2122}", "\u{0161}",
        "\u{203A}", "\u{0153}", "\u{FFFD}", "\u{017E}", "\u{0178}",
    ]

    /// The bytes as text; nil if they are none in this encoding.
    func text(_ bytes: [UInt8]) -> String? {
        switch self {
        case .utf8: return String(validating: bytes, as: UTF8.self)
        case .windows1252:
            var text = ""
            text.unicodeScalars.reserveCapacity(bytes.count)
            for byte in bytes {
                let scalar = (0x80...0x9F).contains(byte) ? Self.upper[Int(byte) - 0x80] : Unicode.Scalar(byte)
                if scalar == "\u{FFFD}" { return nil }
                text.unicodeScalars.append(scalar)
            }
            return text
        }
    }

    /// Text as bytes of this encoding, with `?` for what it does not have.
    func bytes(_ text: String) -> [UInt8] {
        switch self {
        case .utf8: return Array(text.utf8)
        case .windows1252:
            return text.unicodeScalars.map { scalar in
                if scalar.value < 0x80 || (0xA0...0xFF).contains(scalar.value) { return UInt8(scalar.value) }
                return Self.upper.firstIndex(of: scalar).map { UInt8(0x80 + $0) } ?? UInt8(ascii: "?")
            }
        }
    }
}
