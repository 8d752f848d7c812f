/// A whole request: its head, who sent it, and all of its body.
public struct HTTPRequest: Sendable {
    public var head: HTTPRequestHead
    /// The body with any chunked coding removed; empty when there is none.
    public var body: [UInt8]
    /// What the handler found out when it admitted the head: `HTTPCaller.identity`.
    public var identity: any Sendable

    public init(head: HTTPRequestHead, body: [UInt8] = [], identity: any Sendable) {
        self.head = head
        self.body = body
        self.identity = identity
    }
}
