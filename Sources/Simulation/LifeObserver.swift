import ChangeLog
import SyncProtocol

/// Passes on what one life of the server takes, for as long as it lives.
struct LifeObserver: AcceptanceObserver {
    private let record: ServerRecord
    private let network: SimulatedNetwork
    private let life: Int

    init(_ record: ServerRecord, _ network: SimulatedNetwork) {
        self.record = record
        self.network = network
        network.serverLives += 1
        life = network.serverLives
    }

    func accepted(_ request: SyncRequest, _ acceptance: Acceptance, now: Int64) {
        if network.serverLives == life { record.accepted(request, acceptance, now: now) }
    }

    func healed(_ request: HealRequest, _ outcome: HealOutcome) {
        if network.serverLives == life { record.healed(request) }
    }
}
