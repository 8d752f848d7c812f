/// The answer to a request.
///
/// `Content-Length` and `Date` are added by the server. A header the server may not send (a line break in
/// name or value, an own `Content-Length`) turns the whole response into an empty 500.
public struct HTTPResponse: Sendable {
    /// The status code, 200…599.
    public let status: Int
    public var headers: [HTTPHeader]
    /// The body; sent without being copied. Not sent for HEAD, 204 and 304 (RFC 9110, section 6.4.1).
    public var body: [UInt8]

    /// - Precondition: `status` is a final status code, 200…599.
    public init(status: Int, headers: [HTTPHeader] = [], body: [UInt8] = []) {
        precondition((200...599).contains(status), "not a final HTTP status code")
        self.status = status
        self.headers = headers
        self.body = body
    }
}
