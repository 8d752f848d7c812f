/// Where in a text something points to a person. It holds no part of the text.
public struct GuardFinding: Hashable, Sendable, Comparable, CustomStringConvertible {
    public let kind: PersonalDataKind
    /// Where it stands, in bytes of UTF-8 from the start. It does not depend on a version of Unicode, and is what a
    /// ``GuardExemption`` records.
    public let bytes: Range<Int>
    /// Where it stands, in characters as a person counts them (extended grapheme clusters), from the start.
    public let characters: Range<Int>

    /// `phone@23`: as it is named on the command line, by the first byte.
    public var description: String { "\(kind.rawValue)@\(bytes.lowerBound)" }

    public static func < (left: Self, right: Self) -> Bool {
        (left.bytes.lowerBound, left.bytes.upperBound) < (right.bytes.lowerBound, right.bytes.upperBound)
    }
}
