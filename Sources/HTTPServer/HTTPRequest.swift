/// A whole request: its head and all of its body.
public struct HTTPRequest: Sendable {
    public var head: HTTPRequestHead
    /// The body with any chunked coding removed; empty when there is none.
    public var body: [UInt8]

    public init(head: HTTPRequestHead, body: [UInt8] = []) {
        self.head = head
        self.body = body
    }
}
