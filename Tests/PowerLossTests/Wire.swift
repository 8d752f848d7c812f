import HTTPClient
import HTTPServer
import Support
import SyncServer

/// The way from the workstations to a server in the same process; there may be none just now.
final class Wire: HTTPTransport {
    static let address = "http://test"
    private let server = Lock<SyncServer?>(nil)

    func connect(_ server: SyncServer?) { self.server.withLock { $0 = server } }

    func send(_ request: HTTPClientRequest) async throws(HTTPClientError) -> HTTPClientResponse {
        guard let server = server.withLock({ $0 }) else {
            throw HTTPClientError(.unreachable, "the server is switched off")
        }
        let head = HTTPRequestHead(
            method: HTTPMethod(rawValue: request.method), target: String(request.url.dropFirst(Self.address.count)),
            headers: request.headers.map { HTTPHeader($0.name, $0.value) }, contentLength: request.body.count)
        let response = await server.answer(head, body: request.body)
        return HTTPClientResponse(
            status: response.status, headers: response.headers.map { ($0.name, $0.value) }, body: response.body)
    }
}
