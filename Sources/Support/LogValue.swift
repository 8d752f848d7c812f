/// A value that may stand in a log line.
///
/// There is deliberately no case for a `String`: what people wrote, tokens and addresses cannot reach the log
/// by accident, because they do not have one of these types. A word must be a literal in the source code.
public enum LogValue: Sendable {
    case int(Int64)
    case bool(Bool)
    /// An opaque identifier, written as lower-case hexadecimal; only the first 16 bytes are written.
    case identifier([UInt8])
    /// A duration, written in milliseconds with three decimals: `duration=12.345ms`.
    case duration(Duration)
    /// A word from the source code. Written in quotes when it is anything but letters, digits and `_-./:`.
    case word(StaticString)

    /// An integer of any width; one that does not fit in 64 bits is written as the nearest that does.
    public static func int(_ number: some BinaryInteger) -> LogValue {
        .int(Int64(clamping: number))
    }

    /// The text after the equals sign. Never contains a line break.
    var text: String {
        switch self {
        case .int(let number): String(number)
        case .bool(let truth): truth ? "true" : "false"
        case .identifier(let bytes): Self.hexadecimal(bytes.prefix(16))
        case .duration(let duration): Self.milliseconds(duration)
        case .word(let word): Self.quotedIfNeeded(word.description)
        }
    }

    private static func hexadecimal(_ bytes: ArraySlice<UInt8>) -> String {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count * 2)
        for byte in bytes {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }

    private static func milliseconds(_ duration: Duration) -> String {
        let parts = duration.components
        // More than 30 000 years can only be a mistake, and must not overflow in the log.
        if parts.seconds.magnitude > 1_000_000_000_000 { return parts.seconds < 0 ? "-inf" : "inf" }
        let microseconds = parts.seconds * 1_000_000 + parts.attoseconds / 1_000_000_000_000
        let magnitude = microseconds.magnitude
        let decimals = String(magnitude % 1000)
        let zeros = String(repeating: "0", count: 3 - decimals.count)
        return (microseconds < 0 ? "-" : "") + String(magnitude / 1000) + "." + zeros + decimals + "ms"
    }

    static func quotedIfNeeded(_ word: String) -> String {
        let isPlain = word.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                true
            default:
                "_-./:".utf8.contains(byte)
            }
        }
        if isPlain && !word.isEmpty { return word }
        var text = "\""
        for scalar in word.unicodeScalars {
            switch scalar {
            case "\"", "\\": text += "\\" + String(scalar)
            case "\u{0}"..."\u{1F}", "\u{7F}"..."\u{9F}", "\u{2028}", "\u{2029}": text += "?"
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text + "\""
    }
}

extension LogValue: ExpressibleByIntegerLiteral {
    public init(integerLiteral value: Int64) {
        self = .int(value)
    }
}

extension LogValue: ExpressibleByBooleanLiteral {
    public init(booleanLiteral value: Bool) {
        self = .bool(value)
    }
}

// The literal type is StaticString, so a literal is accepted here and a String variable or an interpolation is not.
extension LogValue: ExpressibleByStringLiteral {
    public init(stringLiteral value: StaticString) {
        self = .word(value)
    }
}
