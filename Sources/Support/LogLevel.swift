/// How much an event matters; the order is from most to least important.
public enum LogLevel: Int, Sendable, Comparable, CaseIterable {
    /// Something failed and somebody must look at it.
    case error
    /// Something is not as it should be, and the program goes on.
    case warning
    /// What an operator wants to know of a healthy program.
    case info
    /// What a developer wants to know.
    case debug

    /// True when `left` is less important than `right`.
    public static func < (left: LogLevel, right: LogLevel) -> Bool {
        left.rawValue > right.rawValue
    }

    /// The word that stands in a log line, and that ``init(word:)`` reads.
    public var word: String {
        switch self {
        case .error: "error"
        case .warning: "warning"
        case .info: "info"
        case .debug: "debug"
        }
    }

    /// The level of a word from a command line; nil when there is none.
    public init?(word: String) {
        guard let level = Self.allCases.first(where: { $0.word == word }) else { return nil }
        self = level
    }
}
