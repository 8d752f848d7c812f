/// Why bytes are not the message they should be. Carries where and which rule, never what was there.
public struct ProtocolError: Error, Hashable, Sendable, CustomStringConvertible {
    public struct Code: Hashable, Sendable {
        let name: StaticString
        init(_ name: StaticString) { self.name = name }
        public static func == (left: Self, right: Self) -> Bool { left.name.description == right.name.description }
        public func hash(into hasher: inout Hasher) { hasher.combine(name.description) }

        /// The bytes end inside an item.
        public static let truncated = Code("the bytes end too early")
        /// Bytes stand behind the last item.
        public static let trailing = Code("bytes follow the message")
        /// An item is of another type than the message has in its place.
        public static let wrongType = Code("an item is of the wrong type")
        /// Longer than necessary, of indefinite length, or with keys out of order.
        public static let notDeterministic = Code("the encoding is not the deterministic one")
        /// A length, count or depth is above its limit.
        public static let limit = Code("a length, count or depth is above its limit")
        /// A value lies outside its range, or contradicts another.
        public static let invalidValue = Code("a value is outside its range")
        /// Text that is not UTF-8.
        public static let invalidText = Code("a text is not UTF-8")
        /// A message of a version that this program does not speak.
        public static let version = Code("the protocol version is unknown")
        /// A required key is missing.
        public static let missing = Code("a required key is missing")
    }

    public var code: Code
    /// Where in the message, in bytes from its start.
    public var offset: Int

    public init(_ code: Code, offset: Int) {
        self.code = code
        self.offset = offset
    }

    public var description: String { "\(code.name) (at byte \(offset))" }
}
