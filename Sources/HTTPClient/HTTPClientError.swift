/// Why a request got no answer.
///
/// Holds nothing of the request or the answer: no URL, header, token, address or body.
public struct HTTPClientError: Error, Sendable, CustomStringConvertible {
    /// What kind of failure it is.
    public let code: Code
    /// What exactly it was, for programs that have to tell or to decide; the name is stable.
    public let reason: Reason
    /// One sentence for people.
    public let message: String
    /// libcurl's result number (CURLcode), when libcurl reported the failure.
    public let curlCode: Int?

    public var description: String { message }

    /// For other transports, such as a test's.
    public init(_ code: Code, _ message: String, reason: Reason = .other, curlCode: Int? = nil) {
        self.code = code
        self.reason = reason
        self.message = message
        self.curlCode = curlCode
    }
}
