import Support

/// Words that a field may hold. The raw words are those of the command line, stand in databases and logs, and never
/// change.
public protocol Choice: RawRepresentable, CaseIterable, Hashable, Sendable where RawValue == String {
    /// What the choice is about, for messages: "caller".
    static var topic: String { get }
}

extension Choice {
    /// Reads one of the words. Errors: `badValue`, with all of them.
    public init(word: String) throws(CaseworkError) {
        guard let value = Self(rawValue: word) else {
            let words = Self.allCases.map(\.rawValue).joined(separator: ", ")
            throw CaseworkError(.badValue, "choice", ["what": .words("topic." + Self.topic), "words": "\(words)"])
        }
        self = value
    }
}

public enum CaseStatus: String, Choice {
    case open
    case closed
    public static let topic = "status"
}

/// Who got in touch.
public enum Caller: String, Choice {
    /// Meets the person through work or a voluntary role (extern aktör).
    case external
    /// A relative or close person (anhörig, närstående).
    case relative
    /// Involved personally (själv involverad).
    case involved
    public static let topic = "caller"
}

/// What the worry is about; a case may have several.
public enum Concern: String, Choice {
    case general
    case religious
    case rightWing
    case leftWing
    public static let topic = "concern"
}

/// How old the person concerned is. Exactly 21 belongs to the second, 25 to the third.
public enum AgeBand: String, Choice {
    case under18
    case from18To21 = "18-21"
    case from22To25 = "22-25"
    case over25
    public static let topic = "age"

    /// The band of an age in whole years.
    public init(years: Int) {
        self =
            switch years {
            case ..<18: .under18
            case 18...21: .from18To21
            case 22...25: .from22To25
            default: .over25
            }
    }
}

public enum Channel: String, Choice {
    case phone
    case chat
    /// A follow-up call made by the helpline.
    case outbound
    public static let topic = "channel"
}

public enum ContactKind: String, Choice {
    case opening
    case `repeat`
    case withoutCase
    public static let topic = "contact"
}

public enum ClosingReason: String, Choice {
    /// The caller found, in conversation, that it is time.
    case finished
    /// No answer after the last attempt.
    case unreachable
    case referred
    /// Opened by mistake.
    case mistake
    public static let topic = "reason"
}
