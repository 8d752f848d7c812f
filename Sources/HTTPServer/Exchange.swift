import Synchronization

/// One request and its response on one connection: what MHD's `con_cls` pointer stands for.
///
/// MHD retains it from the arrival of the head until its completion callback, the task that answers the request
/// while it runs.
@safe
final class Exchange: @unchecked Sendable {
    // @unchecked: a connection belongs to one polling thread, the only one to touch `body` and `response` before
    // the connection is suspended and after it is resumed; in between only the exchange's task does. MHD's mutex,
    // taken by MHD_resume_connection and by the polling thread afterwards, orders the two. `task` and
    // `workingIndex` are guarded by the daemon's lock.

    /// The most memory reserved on the word of a Content-Length alone, in bytes.
    private static let reservationLimitBytes = 64 * 1024
    /// How much of a body over its limit is read and thrown away to be able to answer 413 to a client that sends
    /// chunks, in bytes; MHD cannot answer while a body arrives.
    private static let discardLimitBytes = 1024 * 1024

    let head: HTTPRequestHead
    /// MHD_Connection; valid from head to completion, also while suspended.
    let connection: OpaquePointer
    /// The answer once there is one; also a refusal that waits for the request's end.
    var response: HTTPResponse?
    /// Whether a handler was started for it. The polling thread's alone.
    var isDispatched = false
    /// The handler's task while it runs.
    var task: Task<Void, Never>?
    /// The place in the daemon's list of working exchanges while it is there.
    var workingIndex: Int?

    private let daemon: Daemon
    private let bodyLimitBytes: Int
    private var body: [UInt8] = []
    private var discardedBytes = 0

    init(head: HTTPRequestHead, bodyLimitBytes: Int, connection: OpaquePointer, daemon: Daemon) {
        self.head = head
        self.bodyLimitBytes = bodyLimitBytes
        unsafe self.connection = unsafe connection
        self.daemon = daemon
        daemon.liveExchanges.add(1, ordering: .relaxed)
        if let announced = head.contentLength, announced > 0 {
            body.reserveCapacity(min(announced, bodyLimitBytes, Self.reservationLimitBytes))
        }
    }

    deinit {
        daemon.liveExchanges.subtract(1, ordering: .relaxed)
    }

    /// Takes in a piece of the body, or throws it away once the body is over its limit.
    ///
    /// - Returns: false when the client keeps sending regardless and the connection should be closed.
    func store(_ piece: UnsafeRawBufferPointer) -> Bool {
        if response == nil {
            if piece.count <= bodyLimitBytes - body.count {
                unsafe body.append(contentsOf: piece)
                return true
            }
            body = []
            response = HTTPResponse(status: 413)
        }
        discardedBytes += piece.count
        return discardedBytes <= Self.discardLimitBytes
    }

    /// The complete request; the body moves out.
    func takeRequest() -> HTTPRequest {
        let complete = body
        body = []
        return HTTPRequest(head: head, body: complete)
    }

    /// The answer, moved out.
    func takeResponse() -> HTTPResponse? {
        let ready = response
        response = nil
        return ready
    }
}
