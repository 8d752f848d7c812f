import HTTPClient
import SyncProtocol

/// A workstation as the server sees it: requests really encoded, signed, sent and decoded, and no replica behind them.
struct WireClient: Sendable {
    var server: String
    var signer: WireSigner
    var http: HTTPClient

    /// One request and its answer; a server that has too much to do at the moment is asked again when it says.
    func exchange(_ request: SyncRequest) async throws -> SyncResponse {
        let body = try await post("/v2/sync", request.encoded(), waitSeconds: Double(request.wait) / 1_000)
        return try SyncResponse(encoded: body)
    }

    func post(_ path: String, _ body: [UInt8], waitSeconds: Double) async throws -> [UInt8] {
        while true {
            let headers =
                [(name: "Accept", value: "application/cbor"), (name: "Content-Type", value: "application/cbor")]
                + signer.headers("POST", path, body)
            let response = try await http.send(
                HTTPClientRequest(
                    method: "POST", url: server + path, headers: headers, body: body, timeoutSeconds: 60 + waitSeconds))
            if signer.isToRepeat(after: response) { continue }
            if response.status == 200 { return response.body }
            guard response.status == 503, let seconds = response.header("Retry-After").flatMap(Double.init) else {
                throw BenchError("the server answered \(response.status) to \(path)")
            }
            // Not all of those that were sent away come again in the same moment.
            try await Task.sleep(for: .seconds(seconds * Double.random(in: 0.5..<1.5)))
        }
    }
}
