import Merge
import Replica
import SyncProtocol

extension SyncClient {
    /// Offers the server the replica's whole state, part by part, then lets the feed be read anew.
    ///
    /// The seam for finding only what differs: the parts are ranges of record ids, and the server joins each by itself.
    /// Interrupted, it starts over; what was joined before stays joined.
    func heal() async throws {
        let enrolment = try enrolment()
        let endpoint = Endpoint(
            server: enrolment.server, path: "/v1/heal", token: enrolment.token, transport: transport)
        var corrections = 0
        var seen = try replica.healingVector()
        var after: RecordID?
        while true {
            let part = try replica.healingPart(seen: seen, after: after)
            let answer = try await endpoint.post(part.encoded(), timeoutSeconds: configuration.timeoutSeconds)
            let response = try HealResponse(answer: answer)
            if response.outcome == .clock {
                corrections += 1
                guard corrections <= 3 else {
                    throw SyncError(
                        .noProgress,
                        "the server refuses this workstation's times; your work is safe here: tell the operator")
                }
                try replica.healingRefused(serverTime: response.serverTime)
                seen = try replica.healingVector()
                after = nil
                continue
            }
            guard let through = part.through else { break }
            after = through
        }
        try replica.healingDone()
    }
}

extension HealResponse {
    init(answer: [UInt8]) throws {
        do {
            try self.init(encoded: answer)
        } catch {
            throw SyncError(
                .badAnswer, "the server's answer cannot be read: \(error); your work is safe here", cause: error)
        }
    }
}
