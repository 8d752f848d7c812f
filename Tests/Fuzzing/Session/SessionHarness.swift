import HTTPServer
import Support
import SyncProtocol

/// A whole server, over a real store, with two enrolled desks. One of them, A, sends what the fuzzer's bytes make of its
/// requests; the other, B, works as it should. The server may be started again at any moment.
///
/// Whatever A sends: what B has written stands as it did, but for what a valid request of A may replace; nothing
/// crashes; every answer is one of the protocol's, or a problem document; the line's fingerprint is that of what stands;
/// and no content is in an answer or a log line.
struct SessionHarness: Sendable {
    /// More steps find nothing that fewer do not, and take longer.
    private static let steps = 24

    private let template: SessionTemplate

    init() async throws { template = try await SessionTemplate() }

    @Sendable func run(_ bytes: [UInt8]) async throws {
        var choices = Choices(bytes)
        let site = try SessionSite(template)
        defer { site.close() }
        var adversary = Adversary(site)
        var witness = try await Witness(site)
        for _ in 0..<Self.steps where !choices.isAtEnd {
            switch choices.below(13) {
            case 0, 1: try adversary.write(&choices, witness)
            case 2, 3, 4: try await send(adversary.sync(&choices, witness), &adversary, &witness)
            case 5, 6: try await send(adversary.heal(&choices, witness), &adversary, &witness)
            case 7: try await send(adversary.join(&choices), &adversary, &witness)
            case 8: if let last = adversary.last { try await send(last, &adversary, &witness) }
            case 9: try await send(adversary.anything(&choices), &adversary, &witness)
            case 10: try await witness.work(&choices)
            case 11: try await send(adversary.usurp(&choices), &adversary, &witness)
            default:
                let number = choices.number()
                if number % 8 == 7 {
                    try site.restart()
                } else {
                    site.clock.advance(byMilliseconds: Int64(number % 100_000))
                }
            }
        }
        try await witness.finish()
    }

    private func send(
        _ request: Adversary.Sending, _ adversary: inout Adversary, _ witness: inout Witness
    ) async throws {
        let response = try await witness.site.send(
            request.method, request.path, request.signer, request.body, isIntact: request.isIntact)
        try Answers.check(response, to: request, witness.site)
        try await witness.look(after: request, response)
        adversary.learn(from: response, to: request)
    }
}
