/// What a handler decides about a request by its head alone, before any of its body is read.
public enum HTTPAdmission: Sendable {
    /// Answered at once. A body that was announced is not read: the connection is closed after the answer. Without one it
    /// stays open.
    case answered(HTTPResponse)
    /// The body is read, and then `HTTPHandler.respond(to:)` is called.
    case admitted(HTTPCaller)
}

/// Who sends an admitted request, as far as a server has to know.
public struct HTTPCaller: Sendable {
    /// What the handler found out about the caller; it comes back as `HTTPRequest.identity`.
    public var identity: any Sendable
    /// Whose share of the memory for bodies is used: equal for requests of one caller. A quarter is the most for one.
    public var account: UInt64
    /// The largest body this request may have, in bytes; a larger one is answered with 413.
    public var bodyLimitBytes: Int
    /// Whether others go first: bulk bodies get half of the memory for bodies at most, all together.
    public var isBulk: Bool

    public init(identity: any Sendable, account: UInt64, bodyLimitBytes: Int, isBulk: Bool = false) {
        self.identity = identity
        self.account = account
        self.bodyLimitBytes = max(0, bodyLimitBytes)
        self.isBulk = isBulk
    }
}
