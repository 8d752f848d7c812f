import Merge
import Replica
import SyncProtocol

extension SyncClient {
    /// Compares the replica with the server range by range, and joins what differs.
    ///
    /// First everything unsent is sent, since only what the server knows can be joined. Interrupted, it begins anew, and
    /// what was joined is equal by then: little has to be repeated.
    func heal(_ report: inout SyncReport, onExchange: (Receipt) -> Void = { _ in }) async throws {
        try replica.beginHealing()
        let enrolment = try enrolment()
        let endpoint = Endpoint(
            server: enrolment.server, path: "/v1/heal", token: enrolment.token, transport: transport)
        for _ in 0..<Self.healingAttempts {
            try await sendEverything(&report, onExchange)
            var walk = HealingWalk(endpoint: endpoint, timeoutSeconds: configuration.timeoutSeconds)
            let begun = try await walk.begin(try replica.healingRequest())
            if begun.outcome == .done, try await join(&walk, &report, onExchange), let ended = try await walk.end() {
                try replica.finishHealing(begun: begun, ended: ended)
                report.healing.add(walk.report)
                return
            }
            report.healing.add(walk.report)
        }
        throw SyncError(
            .noProgress,
            "the comparison with the server was interrupted too often; your work is safe here and will be compared later"
        )
    }

    /// How often it may have to begin anew.
    private static let healingAttempts = 10

    /// False if it has to begin anew: the server was started again meanwhile, or a commit was put aside here.
    private func join(
        _ walk: inout HealingWalk, _ report: inout SyncReport, _ onExchange: (Receipt) -> Void
    ) async throws -> Bool {
        while try !replica.hasWithdrawn(since: walk.request) {
            if !walk.toJoin.isEmpty {
                guard let offer = try replica.offer(walk.toJoin, in: walk.request) else {
                    try await sendEverything(&report, onExchange)
                    continue
                }
                guard let answer = try await walk.send(offer.request) else { return false }
                // Nil: somebody else of this computer has sent something meanwhile, and it is offered again.
                guard let (rest, changes) = try replica.receive(answer, to: offer) else { continue }
                walk.toJoin = rest
                walk.report.receivedChanges += changes
            } else if let ranges = walk.nextToDivide() {
                let groups = try ranges.map { try replica.divide($0, into: HealingWalk.parts) }
                guard try await walk.compare(groups) else { return false }
            } else {
                return true
            }
        }
        return false
    }

    /// Sends the outbox, without taking anything in.
    private func sendEverything(_ report: inout SyncReport, _ onExchange: (Receipt) -> Void) async throws {
        for _ in 0..<Self.sendingLimit {
            if try replica.status().pending == 0 { return }
            let receipt = try await exchange(waitMilliseconds: 0)
            onExchange(receipt)
            report.add(receipt)
        }
        throw SyncError(
            .noProgress, "so much is written that the comparison with the server cannot begin; your work is safe here")
    }

    private static let sendingLimit = 10_000
}
