/// The random 64-bit name under which a replica's commits are numbered on their way to the server.
///
/// It says nothing about causality (``Dot`` does): it makes repeated requests harmless and finds copies out. A copied
/// replica takes a new one, and so does every replica that begins a healing.
public struct ReplicaID: Hashable, Comparable, Sendable, CustomStringConvertible {
    public var rawValue: UInt64
    @inlinable public init(rawValue: UInt64) { self.rawValue = rawValue }
    @inlinable public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }

    /// Sixteen lowercase hexadecimal digits.
    public var description: String { hexadecimal(rawValue) }

    /// Reads sixteen hexadecimal digits; anything else is nil.
    public init?(_ text: String) {
        guard text.utf8.count == 16, text.utf8.allSatisfy({ $0 != UInt8(ascii: "+") && $0 != UInt8(ascii: "-") }),
            let value = UInt64(text, radix: 16)
        else { return nil }
        rawValue = value
    }
}
