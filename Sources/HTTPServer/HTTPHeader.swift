/// One header line of a response (RFC 9110, section 5).
public struct HTTPHeader: Hashable, Sendable {
    /// The field name; compared without regard to case by its reader.
    public var name: String
    /// The field value, without line breaks.
    public var value: String

    public init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}
