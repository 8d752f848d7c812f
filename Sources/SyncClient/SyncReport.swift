public import Replica

/// What a sync did, in sum.
public struct SyncReport: Sendable {
    public var acknowledged = 0
    public var applied = 0
    public var exchanges = 0
    public var events: [Receipt.Event] = []
    /// Proven equal with the server; nil where it could not be compared.
    public var isVerified: Bool?
    public var position: UInt64 = 0
    /// What was compared and joined.
    public var healing = HealingReport()

    mutating func add(_ receipt: Receipt) {
        acknowledged += receipt.acknowledged
        applied += receipt.applied
        exchanges += 1
        events += receipt.events
        isVerified = receipt.isVerified
        position = max(position, receipt.position)
    }

    /// Whether the same things happened so often that they can only happen again.
    var hasGoneInCircles: Bool {
        count { if case .forked = $0 { true } else { false } } > 20
            || count { if case .clockCorrected = $0 { true } else { false } } > 20
            || count { $0 == .diverged || $0 == .differs || $0 == .healingRestarted } > 10
    }

    private func count(_ isCounted: (Receipt.Event) -> Bool) -> Int { events.count(where: isCounted) }
}
