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

    let link: Link
    private let daemon: Daemon
    private var caller: HTTPCaller?
    private var share: BodyBudget.Share?
    private var body: [UInt8] = []
    private var discardedBytes = 0

    init(head: HTTPRequestHead, link: Link, connection: OpaquePointer, daemon: Daemon) {
        self.head = head
        self.link = link
        unsafe self.connection = unsafe connection
        self.daemon = daemon
        daemon.liveExchanges.add(1, ordering: .relaxed)
    }

    /// Lets the request in: what its body was announced with is set apart for it, or it is refused.
    func admit(_ caller: HTTPCaller) {
        self.caller = caller
        guard head.announcesBody else { return }
        let announced = head.contentLength ?? 0
        guard announced <= caller.bodyLimitBytes else { return response = HTTPResponse(status: 413) }
        let share = daemon.bodies.share(account: caller.account, isBulk: caller.isBulk)
        guard share.grow(to: announced) else { return response = Self.noRoom }
        self.share = share
        body.reserveCapacity(min(announced, Self.reservationLimitBytes))
    }

    /// All memory for bodies is taken: the same request will do later.
    private static let noRoom = HTTPResponse(status: 503, headers: [HTTPHeader("Retry-After", "2")])

    deinit {
        daemon.liveExchanges.subtract(1, ordering: .relaxed)
    }

    /// Takes in a piece of the body, or throws it away once the body is over its limit.
    ///
    /// - Returns: false when the client keeps sending regardless and the connection should be closed.
    func store(_ piece: UnsafeRawBufferPointer) -> Bool {
        if response == nil {
            if piece.count > (caller?.bodyLimitBytes ?? 0) - body.count {
                response = HTTPResponse(status: 413)
            } else if share?.grow(to: body.count + piece.count) != true {
                response = Self.noRoom
            } else {
                unsafe body.append(contentsOf: piece)
                return true
            }
            body = []
            share = nil
        }
        discardedBytes += piece.count
        return discardedBytes <= Self.discardLimitBytes
    }

    /// The complete request; the body moves out.
    func takeRequest() -> HTTPRequest {
        guard let caller else { preconditionFailure("a request that was not admitted has no handler") }
        let complete = body
        body = []
        return HTTPRequest(head: head, body: complete, identity: caller.identity)
    }

    /// The answer, moved out.
    func takeResponse() -> HTTPResponse? {
        let ready = response
        response = nil
        return ready
    }
}
