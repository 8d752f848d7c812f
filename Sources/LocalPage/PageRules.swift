public import HTTPServer

/// What a page's server on 127.0.0.1 lets in.
///
/// Whoever may reach 127.0.0.1 may send anything: other users of the computer, and any web page that a browser here shows. So every
/// request has to name this server exactly, a write has to come from this very page, and everything but the page's own files needs a
/// bearer that no other page and no other user can have.
public struct PageRules: Sendable {
    /// `127.0.0.1:` and the port.
    public let host: String

    public init(host: String) { self.host = host }

    /// Why a request is not let in; nil where it is.
    ///
    /// - Parameter knows: whether a page has this bearer.
    public func refusal(_ head: HTTPRequestHead, knows: (String) -> Bool) -> PageProblem? {
        guard head.header("Host") == host else {
            return PageProblem(421, "wrong-host", "this server has another name")
        }
        guard head.method == .get || head.method == .post else {
            return PageProblem(405, "wrong-method", "only GET and POST are answered")
        }
        if head.path == "/start" { return head.method == .post ? nil : .notFound }
        if head.method == .post, let refusal = refuseWrite(head) { return refusal }
        guard head.path.hasPrefix("/api/") else { return nil }
        if let site = head.header("Sec-Fetch-Site"), site != "same-origin" {
            return PageProblem(403, "other-site", "another site may not read this")
        }
        guard let bearer = Self.bearer(head), knows(bearer) else { return .openAgain }
        return nil
    }

    /// A write comes from this page: no other site, and no form, can send all of this.
    private func refuseWrite(_ head: HTTPRequestHead) -> PageProblem? {
        guard head.header("Origin") == "http://" + host, head.header("Sec-Fetch-Site") == "same-origin" else {
            return PageProblem(403, "other-site", "another site may not write here")
        }
        guard head.header("Content-Type") == "application/json" else {
            return PageProblem(415, "wrong-type", "only application/json is taken")
        }
        return nil
    }

    public static func bearer(_ head: HTTPRequestHead) -> String? {
        guard let value = head.header("Authorization"), value.hasPrefix("Bearer ") else { return nil }
        return String(value.dropFirst(7))
    }

    /// Whether a request is the form of a start file, whose origin is `null`, with a secret that is still good.
    public static func isStart(_ request: HTTPRequest, _ launches: Launches, now: Int64) -> Bool {
        let body = String(decoding: request.body, as: UTF8.self)
        return request.head.header("Origin") == "null" && body.hasPrefix("secret=")
            && launches.use(String(body.dropFirst(7)), now: now)
    }
}
