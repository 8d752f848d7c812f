public import HTTPServer
public import JSON

/// Why a request of a page was not done (RFC 9457). The `type` is stable; the page has the words for it in its own language.
public struct PageProblem: Error {
    public var status: Int
    public var name: String
    public var detail: String
    public var members: [JSONMember]

    public init(_ status: Int, _ name: String, _ detail: String, _ members: [JSONMember] = []) {
        self.status = status
        self.name = name
        self.detail = detail
        self.members = members
    }

    public static let notFound = PageProblem(404, "not-found", "there is no such page; nothing was changed")
    public static let badRequest = PageProblem(400, "bad-request", "the request does not fit; nothing was changed")
    /// The page has no bearer, or one of an earlier run of the program.
    public static let openAgain = PageProblem(
        401, "open-again", "this page was not opened by Lugn, or Lugn was started anew")

    public var response: HTTPResponse {
        let body: JSONValue = .object(
            [
                JSONMember("type", .string("urn:lugn:problem:" + name)), JSONMember("title", .string(detail)),
                JSONMember("status", JSONValue(status)),
            ] + members)
        return .page(status, "application/problem+json", Array(body.text.utf8))
    }
}

extension HTTPResponse {
    /// With the headers that every answer of a page has.
    public static func page(_ status: Int, _ type: String, _ body: [UInt8]) -> HTTPResponse {
        HTTPResponse(status: status, headers: [HTTPHeader("Content-Type", type)] + safeHeaders, body: body)
    }

    /// A document for a page.
    public static func pageJSON(_ value: JSONValue) -> HTTPResponse {
        .page(200, "application/json", Array(value.text.utf8))
    }

    /// No script but our own files, no frame, no form that leaves, nothing kept by the browser.
    private static let safeHeaders = [
        HTTPHeader(
            "Content-Security-Policy",
            "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; font-src 'none'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'; require-trusted-types-for 'script'"
        ),
        HTTPHeader("Cache-Control", "no-store"), HTTPHeader("Referrer-Policy", "no-referrer"),
        HTTPHeader("X-Content-Type-Options", "nosniff"), HTTPHeader("Cross-Origin-Opener-Policy", "same-origin"),
        HTTPHeader("Cross-Origin-Resource-Policy", "same-origin"),
    ]
}
