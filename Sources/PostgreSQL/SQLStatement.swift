import Support

/// A statement that is prepared once on each connection. Made once in a program: as a static constant.
public struct SQLStatement: Sendable {
    /// Counts up from 0.
    let number: Int
    let name: String
    /// With `$1`, `$2` … for parameters.
    public let text: String

    private static let count = Lock(0)

    public init(_ text: String) {
        number = Self.count.withLock { count in
            defer { count += 1 }
            return count
        }
        name = "lugn_\(number)"
        self.text = text
    }
}
