/// The application behind an `HTTPServer`: what to let in, and what to answer.
public protocol HTTPHandler: Sendable {
    /// Called when the head of a request has arrived, before any of its body is read: nil admits the request,
    /// a response refuses it (401, 404, 413…).
    ///
    /// Runs on a polling thread that serves many connections: fast, without waiting and without input or
    /// output. A refused request that announced a body is answered at once and its connection closed, since
    /// the body is not read; without a body the connection stays open.
    func admit(_ head: HTTPRequestHead) -> HTTPResponse?

    /// The largest body this request may have, in bytes; a larger one is answered with 413.
    ///
    /// Called after `admit`, on the same thread and under the same terms, and only if a body was announced.
    func bodyLimitBytes(for head: HTTPRequestHead) -> Int

    /// Answers an admitted request whose body is complete.
    ///
    /// Runs in a task of its own, cancelled when the server stops; long waits must end then, since
    /// `HTTPServer.stop()` waits for the answer. Nothing tells the handler that the client has gone away while
    /// it works: the answer is dropped in that case.
    func respond(to request: HTTPRequest) async -> HTTPResponse
}
