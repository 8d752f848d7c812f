/// An HTTP/1.1 client on libcurl, with one background thread and a pool of kept-alive connections.
///
/// The thread starts, and libcurl is loaded, at the first request; it uses no processor time while
/// nothing is under way. Redirects are not followed. TLS is 1.2 or newer and always verified; plain HTTP leads to
/// this machine only. No proxy is used. All of that unless the configuration says otherwise.
///
/// A request on a kept-alive connection which the server closed before sending any byte of an answer is
/// sent once more on a new connection, whatever its method: servers must tolerate repeated requests.
public final class HTTPClient: HTTPTransport, Sendable {
    private let configuration: Configuration
    private let loop = TransferLoop()

    /// Makes a client; cheap, nothing is loaded or opened yet.
    public init(configuration: Configuration = Configuration()) {
        self.configuration = configuration
    }

    deinit {
        loop.close()
    }

    /// Sends `request` and waits for the complete answer; any number may be under way at once.
    ///
    /// Cancelling the task ends the request at once with ``HTTPClientError/Code/cancelled``.
    public func send(_ request: HTTPClientRequest) async throws(HTTPClientError) -> HTTPClientResponse {
        try request.validate()
        let transfer = Transfer(request: request, configuration: configuration)
        let loop = self.loop
        let outcome = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                if transfer.wait(with: continuation) {
                    loop.submit(transfer)
                }
            }
        } onCancel: {
            transfer.finish(.failure(.cancelled))
            loop.cancel(transfer)
        }
        return try outcome.get()
    }

    /// Ends all requests under way with ``HTTPClientError/Code/cancelled`` and stops the thread.
    ///
    /// Returns when the thread has ended, except for a second call, which returns at once. Later
    /// requests fail with ``HTTPClientError/Code/cancelled``.
    public func close() {
        loop.close()
    }
}
