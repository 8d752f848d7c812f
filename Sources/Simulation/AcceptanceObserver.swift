import ChangeLog
import SyncProtocol

/// Sees what a server's store has taken, at the moment it is durable.
protocol AcceptanceObserver: Sendable {
    func accepted(_ request: SyncRequest, _ acceptance: Acceptance)
    func healed(_ request: HealRequest, _ outcome: HealOutcome)
}
