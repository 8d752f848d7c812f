import Support

/// SQL that is run often: its compiled form is found again by a number, without hashing the text.
///
/// Make each one once, as a `static let`.
public final class StatementText: Sendable {
    public let sql: String
    /// Its place in every connection's table of compiled statements.
    let number: Int

    public init(_ sql: String) {
        self.sql = sql
        number = Self.count.withLock { count in
            defer { count += 1 }
            return count
        }
    }

    private static let count = Lock(0)
}
