import HTTPClient
import Support
import SyncProtocol

/// One workstation's way into the simulated network.
final class DeskTransport: HTTPTransport, @unchecked Sendable {
    // @unchecked: confined to its simulation's thread.
    private let network: SimulatedNetwork
    private let desk: Int
    private var random: RandomSource
    private var onTheWay: [Int: [UInt8]] = [:]
    private var count = 0

    init(_ network: SimulatedNetwork, desk: Int, random: RandomSource) {
        self.network = network
        self.desk = desk
        self.random = random
    }

    /// Whether commits are on their way to the server in a request that has not been answered.
    var hasUnansweredCommits: Bool {
        onTheWay.values.contains { body in
            guard let request = try? SyncRequest(encoded: body) else { return false }
            return !request.commits.isEmpty
        }
    }

    func send(_ request: HTTPClientRequest) async throws(HTTPClientError) -> HTTPClientResponse {
        count += 1
        let number = count
        onTheWay[number] = request.body
        defer { onTheWay[number] = nil }
        do {
            return try await network.send(request, desk: desk, random: &random).value()
        } catch let error as HTTPClientError {
            throw error
        } catch {
            throw HTTPClientError(.cancelled, "the simulation ended it")
        }
    }
}
