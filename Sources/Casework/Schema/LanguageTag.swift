/// The language of a conversation, as a tag of BCP 47 (RFC 5646): `sv`, `ar`, `prs`, `so`, `ti`, `zh-Hant`.
///
/// Its shape is checked, not the registry: there is always one more language.
public struct LanguageTag: Hashable, Sendable, CustomStringConvertible {
    public let text: String
    public var description: String { text }

    /// Errors: `badValue`.
    public init(_ text: String) throws(CaseworkError) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        let isPlain = parts.allSatisfy { part in
            (1...8).contains(part.utf8.count)
                && part.utf8.allSatisfy { (48...57).contains($0) || (97...122).contains($0 | 0x20) }
        }
        guard isPlain, text.utf8.count <= 35, let first = parts.first, (2...3).contains(first.utf8.count),
            first.utf8.allSatisfy({ (97...122).contains($0 | 0x20) })
        else {
            throw CaseworkError(
                .badValue, "a language is given by its code, such as sv, ar, prs, so or ti; nothing was changed")
        }
        self.text = ([first.lowercased()] + parts.dropFirst().map(String.init)).joined(separator: "-")
    }
}
