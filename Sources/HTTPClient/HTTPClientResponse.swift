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

    /// The type of the body without its parameters, in small letters (RFC 9110, 8.3.1: case does not count).
    public var mediaType: String? {
        guard let value = header("Content-Type") else { return nil }
        let type = value.prefix { $0 != ";" }.lowercased()
        return String(type.drop { $0 == " " || $0 == "\t" }.prefix { $0 != " " && $0 != "\t" })
    }

    /// Whether a network stands in the way that wants to show a page first, as in hotels and trains: a redirect, a page,
    /// or 511 (RFC 6585, 6) where a program expected an answer of its own kind.
    public var isCaptivePortal: Bool {
        status == 511 || (300...399).contains(status) || mediaType == "text/html"
            || mediaType == "application/xhtml+xml"
    }

    /// How long the server asks to be left alone, in seconds from 0 to ten minutes; nil when it says nothing that can be
    /// understood (RFC 9110, 10.2.3). A date counts from the answer's own `Date`, so that this computer's clock does not
    /// matter; without one from `now`, in milliseconds since 1970.
    public func retryAfterSeconds(now: Int64) -> Double? {
        guard let value = header("Retry-After") else { return nil }
        if !value.isEmpty, value.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
            // More digits than an Int holds are a long time.
            return Double(min(Int(value) ?? .max, Self.longestRetrySeconds))
        }
        guard let then = HTTPDate.milliseconds(value) else { return nil }
        let sent = header("Date").flatMap { HTTPDate.milliseconds($0) } ?? now
        return Double(min(max((then - sent) / 1_000, 0), Int64(Self.longestRetrySeconds)))
    }

    private static let longestRetrySeconds = 600
}
