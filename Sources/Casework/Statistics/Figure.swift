/// A number of a report, or that it is not shown.
public struct Figure: Hashable, Sendable {
    /// Nil where the number is hidden.
    public let count: Int?

    public init(_ count: Int) { self.count = count }

    private init() { count = nil }

    /// A number that is not published.
    public static let hidden = Figure()

    /// Nothing was counted, and that is shown.
    public var isZero: Bool { count == 0 }
}
