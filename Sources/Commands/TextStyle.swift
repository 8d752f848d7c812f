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
}
