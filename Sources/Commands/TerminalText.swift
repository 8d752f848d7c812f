/// Text as a terminal shows it: how wide it is, and free of what would control the terminal.
public enum TerminalText {
    /// Replaces whatever could move the cursor, start a control sequence or reorder the line (C0 and C1 controls, line
    /// and paragraph separators, bidirectional controls) by a space or U+FFFD. The result is one line.
    public static func oneLine(_ text: String) -> String {
        replacingControls(text, keepingLineFeeds: false)
    }

    /// As ``oneLine(_:)``, but line feeds stay: for text of several lines that others wrote.
    public static func lines(_ text: String) -> String {
        replacingControls(text, keepingLineFeeds: true)
    }

    /// A JSON document that says the same, without characters that could steer a terminal: they stand within strings only,
    /// where each may be written as its number.
    static func escapedForJSON(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: { $0 != "\n" && isControl($0) }) else { return text }
        var result = ""
        for scalar in text.unicodeScalars {
            guard scalar != "\n", isControl(scalar) else {
                result.unicodeScalars.append(scalar)
                continue
            }
            let digits = String(scalar.value, radix: 16)
            result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        }
        return result
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "\u{0}"..."\u{1F}", "\u{7F}"..."\u{9F}", "\u{200E}", "\u{200F}", "\u{061C}", "\u{2028}", "\u{2029}",
            "\u{202A}"..."\u{202E}", "\u{2066}"..."\u{2069}":
            true
        default: false
        }
    }

    /// The columns a line of text takes: one for most characters, two for wide ones (East Asian, emoji).
    public static func widthColumns(_ text: String) -> Int {
        text.reduce(0) { $0 + widthColumns($1) }
    }

    /// The longest beginning of at most `columns` columns, ending in `…` when something was cut.
    public static func cut(_ text: String, toColumns columns: Int) -> String {
        if widthColumns(text) <= columns { return text }
        var result = ""
        var used = 1
        for character in text {
            used += widthColumns(character)
            if used > columns { break }
            result.append(character)
        }
        return columns > 0 ? result + "…" : ""
    }

    private static func replacingControls(_ text: String, keepingLineFeeds: Bool) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\n" where keepingLineFeeds: result.append(scalar)
            case "\n", "\r", "\t", "\u{2028}", "\u{2029}": result.append(" ")
            case _ where isControl(scalar): result.append("\u{FFFD}")
            default: result.append(scalar)
            }
        }
        return String(result)
    }

    private static func widthColumns(_ character: Character) -> Int {
        guard let first = character.unicodeScalars.first else { return 0 }
        if first.isASCII { return 1 }
        let properties = first.properties
        if properties.generalCategory == .nonspacingMark || properties.generalCategory == .enclosingMark { return 0 }
        if properties.generalCategory == .format { return 0 }
        if properties.isEmojiPresentation || character.unicodeScalars.contains("\u{FE0F}") { return 2 }
        return isWide(first) ? 2 : 1
    }

    /// The blocks whose characters are wide or fullwidth (Unicode Standard Annex 11).
    private static func isWide(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xA000...0xA4CF,
            0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6,
            0x1F300...0x1F64F, 0x1F900...0x1F9FF, 0x20000...0x3FFFD:
            true
        default: false
        }
    }
}
