/// Something that sends a request and returns its answer.
public protocol HTTPTransport: Sendable {
    /// Sends `request` and waits for the complete answer.
    ///
    /// Throws ``HTTPClientError``; an answer with an error status is returned, not thrown.
    func send(_ request: HTTPClientRequest) async throws(HTTPClientError) -> HTTPClientResponse
}
