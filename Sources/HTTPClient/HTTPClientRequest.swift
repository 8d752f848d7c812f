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
    /// The longest silence, in seconds, above zero: a request ends when for so long no byte went either way.
    ///
    /// However slow the network, a transfer that gets on may take as long as it takes. For a large body the wait for the
    /// answer is longer by the time that it takes at 10 kB/s: proxies on the way take it faster than they pass it on. A
    /// server that lets the request wait has to answer within this.
    public var timeoutSeconds: Double
    /// The largest response body accepted; a larger one ends in ``HTTPClientError/Code/tooLarge``.
    public var maximumResponseBytes: Int
    /// Told how far the transfer is, at most ten times a second and once at its end. Called on the client's thread:
    /// returns at once.
    public var onProgress: (@Sendable (HTTPClientProgress) -> Void)?

    public init(
        method: String = "GET", url: String, headers: [(name: String, value: String)] = [], body: [UInt8] = [],
        timeoutSeconds: Double = 30, maximumResponseBytes: Int = 16 * 1024 * 1024,
        onProgress: (@Sendable (HTTPClientProgress) -> Void)? = nil
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.timeoutSeconds = timeoutSeconds
        self.maximumResponseBytes = maximumResponseBytes
        self.onProgress = onProgress
    }
}

/// How far a transfer is, in bytes.
public struct HTTPClientProgress: Hashable, Sendable {
    /// What was sent of the body.
    public var sentBytes: Int
    /// What has come of the answer's body.
    public var receivedBytes: Int
    /// How large the answer's body will be; nil while it is not known.
    public var expectedBytes: Int?

    public init(sentBytes: Int, receivedBytes: Int, expectedBytes: Int?) {
        self.sentBytes = sentBytes
        self.receivedBytes = receivedBytes
        self.expectedBytes = expectedBytes
    }
}
