/// A complete answer; a redirect or an error status is an answer too and is returned as it is.
public struct HTTPClientResponse: Sendable {
    /// The status code, 200 to 599 as a rule.
    public let status: Int
    /// The header fields in the order received, without those of interim (1xx) answers and trailers.
    public let headers: [(name: String, value: String)]
    /// The whole body, with its transfer coding removed.
    public let body: [UInt8]

    public init(status: Int, headers: [(name: String, value: String)], body: [UInt8]) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// The value of the first header field called `name`, whatever its case (RFC 9110, 5.1).
    ///
    /// Cost: linear in the number of header fields.
    public func header(_ name: String) -> String? {
        headers.first { HeaderName.areEqual($0.name, name) }?.value
    }
}
