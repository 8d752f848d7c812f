/// What a counsellor is known by: a short code such as `S3`, never a name.
///
/// One to three letters A to Z and one to four digits. Without a digit it could be somebody's name.
public struct AuthorCode: Hashable, Sendable, CustomStringConvertible {
    public let text: String
    public var description: String { text }

    /// Small letters become capitals. Errors: `badValue`.
    public init(_ text: String) throws(CaseworkError) {
        let capitals = text.uppercased()
        let letters = capitals.utf8.prefix { (65...90).contains($0) }
        let digits = capitals.utf8.dropFirst(letters.count)
        guard (1...3).contains(letters.count), (1...4).contains(digits.count),
            digits.allSatisfy({ (48...57).contains($0) })
        else {
            throw CaseworkError(
                .badValue, "author"
            )
        }
        self.text = capitals
    }
}
