/// What the columns and words of somebody else's log mean, where it uses none of those that are known.
///
/// A text, one mapping a line; empty lines and those that begin with `#` say nothing:
///
///     # a column of theirs = one of ours; a minus leaves it out
///     Samtalsdag = date
///     Internt id = -
///     # a word of theirs in a column = one of ours
///     concern: våldsbejakande islamism = religious
///
/// Ours are those that the import's help names, in English or Swedish. What stands on the left is compared without regard
/// to case, spaces, hyphens and punctuation.
public struct ImportMapping: Sendable {
    /// Plain title → the name of one of ours; nil to leave it out.
    private(set) var columns: [String: String?] = [:]
    /// Plain name of one of our columns, as it is written in the file → plain word of theirs → word of ours.
    private(set) var words: [String: [String: String]] = [:]

    /// No mapping.
    public init() {}

    /// Errors: `badFile`, with the line.
    public init(parsing text: String) throws(CaseworkError) {
        for (index, line) in text.normalForm.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let content = Self.trimmed(line.drop { $0 == "\u{FEFF}" })
            if content.isEmpty || content.hasPrefix("#") { continue }
            guard let equals = content.lastIndex(of: "=") else { throw Self.error(index) }
            let ours = Self.trimmed(content[content.index(after: equals)...])
            let theirs = Self.trimmed(content[..<equals])
            guard !ours.isEmpty, !theirs.isEmpty else { throw Self.error(index) }
            if let colon = theirs.firstIndex(of: ":") {
                let column = ImportWords.plain(String(theirs[..<colon]))
                let word = ImportWords.plain(String(theirs[theirs.index(after: colon)...]))
                guard !column.isEmpty, !word.isEmpty else { throw Self.error(index) }
                words[column, default: [:]][word] = ours
            } else {
                columns[ImportWords.plain(theirs)] = .some(ours == "-" ? nil : ImportWords.plain(ours))
            }
        }
    }

    private static func error(_ index: Int) -> CaseworkError {
        CaseworkError(
            .badFile,
            "import.mappingLine", ["line": "\(index + 1)"]
        )
    }

    static func trimmed(_ text: some StringProtocol) -> String {
        let rest = text.drop { $0.isWhitespace }
        guard let last = rest.lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return String(rest[...last])
    }
}
