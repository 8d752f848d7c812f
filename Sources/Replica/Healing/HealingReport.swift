/// What a comparison with the server found and mended.
public struct HealingReport: Sendable, Hashable {
    /// Ranges whose sums were compared.
    public var comparedRanges = 0
    /// Ranges that had to be offered.
    public var differingRanges = 0
    /// Changes that came from the server.
    public var receivedChanges = 0
    public var exchanges = 0
    public var sentBytes = 0
    public var receivedBytes = 0

    public init() {}
}
