extension JSONValue {
    /// The value as JSON on one line, without spaces.
    public var text: String {
        var bytes: [UInt8] = []
        append(to: &bytes, indentation: nil)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The value as JSON for people: one element or member a line, two spaces a level.
    public var indentedText: String {
        var bytes: [UInt8] = []
        append(to: &bytes, indentation: 0)
        return String(decoding: bytes, as: UTF8.self)
    }

    private func append(to bytes: inout [UInt8], indentation: Int?) {
        switch self {
        case .null: bytes += "null".utf8
        case .bool(let truth): bytes += (truth ? "true" : "false").utf8
        case .integer(let number): bytes += String(number).utf8
        case .decimal(let decimal): bytes += decimal.text.utf8
        case .string(let text): Self.append(text, to: &bytes)
        case .array(let elements):
            Self.append(elements, "[", "]", to: &bytes, indentation) { element, bytes, inner in
                element.append(to: &bytes, indentation: inner)
            }
        case .object(let members):
            Self.append(members, "{", "}", to: &bytes, indentation) { member, bytes, inner in
                Self.append(member.name, to: &bytes)
                bytes += (inner == nil ? ":" : ": ").utf8
                member.value.append(to: &bytes, indentation: inner)
            }
        }
    }

    private static func append<Element>(
        _ elements: [Element], _ opening: String, _ closing: String, to bytes: inout [UInt8], _ indentation: Int?,
        appendElement: (Element, inout [UInt8], Int?) -> Void
    ) {
        let inner = indentation.map { $0 + 2 }
        bytes += opening.utf8
        for (index, element) in elements.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            appendLineBreak(to: &bytes, inner)
            appendElement(element, &bytes, inner)
        }
        if !elements.isEmpty { appendLineBreak(to: &bytes, indentation) }
        bytes += closing.utf8
    }

    private static func appendLineBreak(to bytes: inout [UInt8], _ indentation: Int?) {
        guard let indentation else { return }
        bytes.append(UInt8(ascii: "\n"))
        bytes += repeatElement(UInt8(ascii: " "), count: indentation)
    }

    /// Beyond what RFC 8259 asks for, this escapes DEL and the C1 controls (a terminal obeys them) and U+2028 and U+2029
    /// (line ends to JavaScript and to tools that read by the line).
    private static func append(_ text: String, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\""))
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": bytes += "\\\"".utf8
            case "\\": bytes += "\\\\".utf8
            case "\u{8}": bytes += "\\b".utf8
            case "\u{C}": bytes += "\\f".utf8
            case "\n": bytes += "\\n".utf8
            case "\r": bytes += "\\r".utf8
            case "\t": bytes += "\\t".utf8
            case "\u{0}"..."\u{1F}", "\u{7F}"..."\u{9F}", "\u{2028}", "\u{2029}":
                let digits = String(scalar.value, radix: 16)
                bytes += ("\\u" + String(repeating: "0", count: 4 - digits.count) + digits).utf8
            default: bytes += Array(String(scalar).utf8)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }
}
