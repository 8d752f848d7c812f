import HTTPClient
import Sealing
import SyncProtocol

/// A workstation as the server sees it: requests really encoded, sent and decoded, and no replica behind them.
struct WireClient: Sendable {
    var server: String
    var token: String
    var http: HTTPClient

    /// Enrols with an invitation.
    static func join(
        _ server: String, invitation: String, name: String, key: LineKey, http: HTTPClient
    ) async throws -> (client: WireClient, answer: JoinResponse) {
        var client = WireClient(server: server, token: "", http: http)
        let request = JoinRequest(invitation: invitation, name: name, keyCheck: key.check)
        let answer = try JoinResponse(encoded: try await client.post("/v2/join", request.encoded(), waitSeconds: 0))
        client.token = answer.token
        return (client, answer)
    }

    /// One request and its answer; a server that has too much to do at the moment is asked again when it says.
    func exchange(_ request: SyncRequest) async throws -> SyncResponse {
        let body = try await post("/v2/sync", request.encoded(), waitSeconds: Double(request.wait) / 1_000)
        return try SyncResponse(encoded: body)
    }

    func post(_ path: String, _ body: [UInt8], waitSeconds: Double) async throws -> [UInt8] {
        var headers = [
            (name: "Accept", value: "application/cbor"), (name: "Content-Type", value: "application/cbor"),
            (name: ContentDigest.name, value: ContentDigest.value(of: body)),
        ]
        if !token.isEmpty { headers.append((name: "Authorization", value: "Bearer \(token)")) }
        let request = HTTPClientRequest(
            method: "POST", url: server + path, headers: headers, body: body, timeoutSeconds: 60 + waitSeconds)
        while true {
            let response = try await http.send(request)
            if response.status == 200 { return response.body }
            guard response.status == 503, let seconds = response.header("Retry-After").flatMap(Double.init) else {
                throw BenchError("the server answered \(response.status) to \(path)")
            }
            // Not all of those that were sent away come again in the same moment.
            try await Task.sleep(for: .seconds(seconds * Double.random(in: 0.5..<1.5)))
        }
    }
}
