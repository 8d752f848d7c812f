/// The language of a conversation: one that is known, by its code (ISO 639: `sv`, `ar`, `prs`, `so`, `ti`), or another that
/// is named.
///
/// What is typed is a code or a name in Swedish or English, `somaliska`. Two letters that are no language's code are
/// refused: they would be counted as a language for years. One that is not in the list is given with its name,
/// `annat:wolof` or `other:wolof`, and stands as `wolof`.
public struct LanguageTag: Hashable, Sendable, CustomStringConvertible {
    /// The code, or the name.
    public let text: String
    public var description: String { text }

    /// The longest name that may be given, in characters.
    static let nameLength = 40

    /// Errors: `badValue`.
    public init(_ text: String) throws(CaseworkError) {
        let plain = text.lowercased().filter { !$0.isWhitespace || $0 == " " }
        if let code = Self.codes[PlainText.letters(plain)] {
            self.text = code
            return
        }
        // `sv-SE`: what comes after the language is not kept.
        let parts = plain.split(separator: "-")
        if let first = parts.first, Self.codes[String(first)] == String(first),
            parts.dropFirst().allSatisfy({ (2...8).contains($0.utf8.count) })
        {
            self.text = String(first)
            return
        }
        for prefix in ["other:", "annat:"] where plain.hasPrefix(prefix) {
            let name = plain.dropFirst(prefix.count).split(separator: " ").joined(separator: " ")
            if let code = Self.codes[PlainText.letters(name)] {
                self.text = code
                return
            }
            guard (3...Self.nameLength).contains(name.count),
                name.allSatisfy({ $0.isLetter || $0 == " " || $0 == "-" })
            else { break }
            self.text = name
            return
        }
        throw CaseworkError(
            .badValue,
            "language"
        )
    }

    /// What stands in a record: as it was written by a program that took it.
    init(stored text: String) { self.text = text }

    /// All that may be typed, in plain letters → the code.
    private static let codes: [String: String] = {
        var result: [String: String] = [:]
        for language in Words.Language.allCases {
            for (code, name) in Words(language).entries("language") {
                result[code] = code
                result[PlainText.letters(name)] = code
                // `kurdiska (kurmanji)` by its first name too.
                if let first = name.split(separator: "(").first { result[PlainText.letters(String(first))] = code }
            }
        }
        return result
    }()
}
