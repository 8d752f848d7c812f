import ChangeLog
import SyncProtocol

/// Sees what a server's store has taken, at the moment it is durable.
protocol AcceptanceObserver: Sendable {
    /// - Parameter now: the server's clock when the request came; it may have been set since.
    func accepted(_ request: SyncRequest, _ acceptance: Acceptance, now: Int64)
    func healed(_ request: HealRequest, _ outcome: HealOutcome)
}
