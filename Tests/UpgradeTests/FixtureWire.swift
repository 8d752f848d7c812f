import HTTPClient
import HTTPServer
import Support

/// The way from a desk to the site: real HTTP, recorded, and cut where a test wants it.
final class FixtureWire: HTTPTransport {
    private let desk: String
    private let site: FixtureSite
    private let http = HTTPClient()
    /// The path whose next request is lost.
    private let lostPath = Lock<String?>(nil)

    init(desk: String, site: FixtureSite) {
        self.desk = desk
        self.site = site
    }

    func loseNext(_ path: String?) { lostPath.withLock { $0 = path } }

    func send(_ request: HTTPClientRequest) async throws(HTTPClientError) -> HTTPClientResponse {
        // The frozen files name a server that is no more.
        let path = String(request.url.dropFirst(FixtureSite.url.count))
        let isLost = lostPath.withLock { lost in
            if lost != path { return false }
            lost = nil
            return true
        }
        if isLost { throw HTTPClientError(.unreachable, "the test lost it") }
        var sent = request
        sent.url = site.address + path
        // Beside tests that compute for minutes, on a machine with two cores, an answer may be long in coming.
        sent.timeoutSeconds = FixtureSite.timeoutSeconds
        let response = try await http.send(sent)
        site.exchanges.withLock {
            $0.append(
                FixtureExchange(
                    desk: desk, path: path, request: request.body, status: response.status, response: response.body))
        }
        return response
    }
}
