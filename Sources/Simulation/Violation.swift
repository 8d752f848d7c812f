/// Something that must never be, and was.
public struct Violation: Error, Hashable, Sendable, CustomStringConvertible {
    /// The invariant's number, as docs/architecture.md has them, or a word.
    public var invariant: String
    public var message: String

    public init(_ invariant: String, _ message: String) {
        self.invariant = invariant
        self.message = message
    }

    public var description: String { "\(invariant): \(message)" }
}
