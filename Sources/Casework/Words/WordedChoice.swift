/// A choice that the files of words have in both languages, to be shown and to be typed.
public protocol WordedChoice: Choice {
    /// Under which its words stand: `caller` for `caller.relative`.
    static var wordsTopic: String { get }

    /// Reads one of the words in either language. Errors: `badValue`, with all of them.
    init(typed text: String) throws(CaseworkError)
}

extension WordedChoice {
    public func label(_ words: Words) -> String { words.label(Self.wordsTopic, rawValue) }

    public init(typed text: String) throws(CaseworkError) {
        let words = Self.allCases.map(\.rawValue)
        try self.init(word: TypedWords.word(text, topic: Self.wordsTopic, of: words) ?? text)
    }
}

extension CaseStatus: WordedChoice { public static let wordsTopic = "status" }
extension Caller: WordedChoice { public static let wordsTopic = "caller" }
extension Concern: WordedChoice { public static let wordsTopic = "concern" }
extension Channel: WordedChoice { public static let wordsTopic = "channel" }
extension ContactKind: WordedChoice { public static let wordsTopic = "contact" }
extension ClosingReason: WordedChoice { public static let wordsTopic = "reason" }
extension Request: WordedChoice { public static let wordsTopic = "request" }
extension Interpreting: WordedChoice { public static let wordsTopic = "interpreting" }
extension NoteKind: WordedChoice { public static let wordsTopic = "note" }
extension MeasureKind: WordedChoice { public static let wordsTopic = "measure" }
extension MeasureStatus: WordedChoice { public static let wordsTopic = "promise" }
extension ResearchOffer: WordedChoice { public static let wordsTopic = "research" }
extension HeardOf: WordedChoice { public static let wordsTopic = "heardOf" }
extension ReferralWay: WordedChoice { public static let wordsTopic = "way" }
extension ReferralOutcome: WordedChoice { public static let wordsTopic = "outcome" }
extension FollowUpKind: WordedChoice { public static let wordsTopic = "followUp" }
extension FollowUpStatus: WordedChoice { public static let wordsTopic = "followUpStatus" }
extension AttemptResult: WordedChoice { public static let wordsTopic = "attempt" }
extension OrganisationKind: WordedChoice { public static let wordsTopic = "organisation" }
extension DirectorySource: WordedChoice { public static let wordsTopic = "source" }
extension VerificationResult: WordedChoice { public static let wordsTopic = "verification" }
extension ActivityKind: WordedChoice { public static let wordsTopic = "activity" }

extension AgeBand: WordedChoice {
    public static let wordsTopic = "age"

    /// As above, and an age in years: `17`, `17 år`.
    public init(typed text: String) throws(CaseworkError) {
        let words = Self.allCases.map(\.rawValue)
        let digits = text.lowercased().hasSuffix("år") ? text.dropLast(2) : text[...]
        let number = digits.split(separator: " ").first.map(String.init) ?? ""
        if (1...3).contains(number.utf8.count), number.utf8.allSatisfy({ (48...57).contains($0) }),
            digits.split(separator: " ").count == 1, let years = Int(number), AgeRange.years.contains(years)
        {
            self.init(years: years)
            return
        }
        try self.init(word: TypedWords.word(text, topic: Self.wordsTopic, of: words) ?? text)
    }
}
