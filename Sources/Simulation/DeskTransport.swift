import HTTPClient
import Support

/// One workstation's way into the simulated network.
final class DeskTransport: HTTPTransport, @unchecked Sendable {
    // @unchecked: confined to its simulation's thread.
    private let network: SimulatedNetwork
    private let desk: Int
    private var random: RandomSource

    init(_ network: SimulatedNetwork, desk: Int, random: RandomSource) {
        self.network = network
        self.desk = desk
        self.random = random
    }

    func send(_ request: HTTPClientRequest) async throws(HTTPClientError) -> HTTPClientResponse {
        do {
            return try await network.send(request, desk: desk, random: &random).value()
        } catch let error as HTTPClientError {
            throw error
        } catch {
            throw HTTPClientError(.cancelled, "the simulation ended it")
        }
    }
}
