/// How text can stand out on a terminal.
public enum TextStyle: Sendable {
    case bold, dim, red, green, yellow

    /// The control sequence that begins the style (ECMA-48, SGR).
    var opening: String {
        switch self {
        case .bold: "\u{1B}[1m"
        case .dim: "\u{1B}[2m"
        case .red: "\u{1B}[31m"
        case .green: "\u{1B}[32m"
        case .yellow: "\u{1B}[33m"
        }
    }

    static let closing = "\u{1B}[0m"

    /// Changes a line's text, and not the style around the whole of it.
    static func keepingStyle(_ line: String, _ change: (String) -> String) -> String {
        for style in [TextStyle.bold, .dim, .red, .green, .yellow]
        where line.hasPrefix(style.opening) && line.hasSuffix(closing) {
            return style.opening + change(String(line.dropFirst(style.opening.count).dropLast(closing.count))) + closing
        }
        return change(line)
    }
}
