/// A JSON number that is no 64-bit integer, kept as it was written: `0.10`, `1e400`, `-0`.
public struct JSONDecimal: Sendable, Equatable {
    /// The number as it stands in the document, by the grammar of RFC 8259 section 6.
    public let text: String

    /// For the parser, which has checked the grammar.
    init(checkedText: String) {
        text = checkedText
    }

    init(_ number: some BinaryInteger) {
        text = String(number)
    }
}
