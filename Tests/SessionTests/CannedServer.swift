import HTTPClient
import Sealing
import Support

/// Answers, or fails, as a test says, request by request; the last one again and again.
final class CannedServer: HTTPTransport {
    enum Answer: Sendable {
        case failure(HTTPClientError.Code)
        case response(
            status: Int, type: String = "application/problem+json", body: [UInt8] = [], retryAfter: String? = nil)
        /// The real server's.
        case passed
        static func problem(_ status: Int, _ name: String) -> Answer {
            .response(status: status, body: Array("{\"type\":\"urn:lugn:problem:\(name)\"}".utf8))
        }
    }
    private let answers: Lock<[Answer]>
    private let network: TestNetwork?
    let count = Lock(0)
    /// The sizes of what was sent.
    let bodies = Lock<[Int]>([])

    init(_ answers: Answer..., network: TestNetwork? = nil) {
        self.answers = Lock(answers)
        self.network = network
    }

    func send(_ request: HTTPClientRequest) async throws(HTTPClientError) -> HTTPClientResponse {
        count.withLock { $0 += 1 }
        bodies.withLock { $0.append(request.body.count) }
        switch answers.withLock({ $0.count > 1 ? $0.removeFirst() : $0[0] }) {
        case .failure(let code): throw HTTPClientError(code, "the test says so")
        case .response(let status, let type, let body, let retryAfter):
            return HTTPClientResponse(
                status: status,
                headers: [("Content-Type", type), (ContentDigest.name, ContentDigest.value(of: body))]
                    + (retryAfter.map { [("Retry-After", $0)] } ?? []), body: body)
        case .passed: return try await network!.send(request)
        }
    }
}
