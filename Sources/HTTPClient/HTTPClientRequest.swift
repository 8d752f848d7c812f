/// One HTTP/1.1 request.
public struct HTTPClientRequest: Sendable {
    /// The method, an RFC 9110 token in capitals, such as `GET`.
    public var method: String
    /// An absolute `http` or `https` URL without a user name or password.
    public var url: String
    /// Header fields in the order they are sent.
    ///
    /// `Content-Length`, `Transfer-Encoding` and `Expect` are refused: the client frames the body itself.
    public var headers: [(name: String, value: String)]
    /// The body; sent without being copied.
    public var body: [UInt8]
    /// The longest time the whole request may take, connecting included; above zero.
    public var timeoutSeconds: Double
    /// The largest response body accepted; a larger one ends in ``HTTPClientError/Code/tooLarge``.
    public var maximumResponseBytes: Int

    public init(
        method: String = "GET", url: String, headers: [(name: String, value: String)] = [], body: [UInt8] = [],
        timeoutSeconds: Double = 30, maximumResponseBytes: Int = 16 * 1024 * 1024
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.timeoutSeconds = timeoutSeconds
        self.maximumResponseBytes = maximumResponseBytes
    }
}
