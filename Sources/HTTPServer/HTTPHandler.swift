/// The application behind an `HTTPServer`: who is let in, and what is answered.
public protocol HTTPHandler: Sendable {
    /// Called when the head of a request has arrived, before any of its body is read: says who asks and how much they may
    /// send, or answers at once (401, 404, 413, or what needs no work at all).
    ///
    /// Runs on a polling thread that serves many connections: fast and without waiting; a read by an index is allowed.
    func admit(_ head: HTTPRequestHead) -> HTTPAdmission

    /// Answers an admitted request whose body is complete.
    ///
    /// Runs in a task of its own, cancelled when the server stops; long waits must end then, since
    /// `HTTPServer.stop()` waits for the answer. Nothing tells the handler that the client has gone away while
    /// it works: the answer is dropped in that case.
    func respond(to request: HTTPRequest) async -> HTTPResponse
}

extension HTTPHandler {
    /// Answers a request as a server would, for code that has no socket. Only the handler's own limits count.
    public func answer(_ head: HTTPRequestHead, body: [UInt8] = []) async -> HTTPResponse {
        switch admit(head) {
        case .answered(let response): response
        case .admitted(let caller):
            body.count > caller.bodyLimitBytes
                ? HTTPResponse(status: 413)
                : await respond(to: HTTPRequest(head: head, body: body, identity: caller.identity))
        }
    }
}
