/// Where in a text something points to a person. It holds no part of the text.
public struct GuardFinding: Hashable, Sendable, Comparable, CustomStringConvertible {
    public let kind: PersonalDataKind
    /// Where it stands, in Unicode code points from the start: the one place by which it is named, marked and recorded.
    /// It depends on no version of Unicode; in JavaScript these are the elements of `[...text]`.
    public let characters: Range<Int>
    /// The same place in bytes of UTF-8.
    public let bytes: Range<Int>

    /// What is done about it.
    public var response: GuardResponse { kind.response }

    /// `phone@23`: as it is named on the command line, by its first character, counted from 1.
    public var description: String { "\(kind.rawValue)@\(characters.lowerBound + 1)" }

    public static func < (left: Self, right: Self) -> Bool {
        (left.bytes.lowerBound, left.bytes.upperBound) < (right.bytes.lowerBound, right.bytes.upperBound)
    }
}
