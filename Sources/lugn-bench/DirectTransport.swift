import HTTPClient
import HTTPServer
import SyncServer

/// Hands requests to a server in the same process: what is measured without a network.
struct DirectTransport: HTTPTransport {
    let server: SyncServer
    static let address = "http://bench"

    func send(_ request: HTTPClientRequest) async throws(HTTPClientError) -> HTTPClientResponse {
        let head = HTTPRequestHead(
            method: HTTPMethod(rawValue: request.method), target: String(request.url.dropFirst(Self.address.count)),
            headers: request.headers.map { HTTPHeader($0.name, $0.value) }, contentLength: request.body.count)
        let response = await server.answer(head, body: request.body)
        return HTTPClientResponse(
            status: response.status, headers: response.headers.map { ($0.name, $0.value) }, body: response.body)
    }
}
