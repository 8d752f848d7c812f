import HTTPServer
import JSON
import Support
import Workstation

/// What the page's server lets in, and who answers it.
///
/// Whoever may reach 127.0.0.1 may send anything: other users of the computer, and any web page that a browser here
/// shows. So every request has to name this server exactly, a write has to come from this very page, and everything but
/// the page's own files needs a bearer that no other page and no other user can have.
struct PageHandler: HTTPHandler {
    let pages: PageState

    private static let draftBytes = 512 << 10
    private static let bodyBytes = 128 << 10
    /// A log of many years: some 9 MiB of CSV.
    private static let importBytes = 12 << 20

    func admit(_ head: HTTPRequestHead) -> HTTPAdmission {
        if let refusal = refusal(head) { return .answered(refusal.response) }
        let limit =
            switch head.path {
            case "/start": 1_024
            case let path where path.hasPrefix("/api/calls/"): Self.draftBytes
            case let path where path.hasPrefix("/api/import/"): Self.importBytes
            default: Self.bodyBytes
            }
        return .admitted(HTTPCaller(identity: (), account: 0, bodyLimitBytes: limit))
    }

    private func refusal(_ head: HTTPRequestHead) -> Problem? {
        guard head.header("Host") == pages.host else {
            return Problem(421, "wrong-host", "this server has another name")
        }
        guard head.method == .get || head.method == .post else {
            return Problem(405, "wrong-method", "only GET and POST are answered")
        }
        if head.path == "/start" { return head.method == .post ? nil : Problem.notFound }
        if head.method == .post, let refusal = refuseWrite(head) { return refusal }
        guard head.path.hasPrefix("/api/") else { return nil }
        if let site = head.header("Sec-Fetch-Site"), site != "same-origin" {
            return Problem(403, "other-site", "another site may not read this")
        }
        guard let bearer = Self.bearer(head), pages.sessions.knows(bearer) else {
            return Problem(401, "open-again", "this page was not opened by Lugn, or Lugn was started anew")
        }
        return nil
    }

    /// A write comes from this page: no other site, and no form, can send all of this.
    private func refuseWrite(_ head: HTTPRequestHead) -> Problem? {
        guard head.header("Origin") == "http://" + pages.host, head.header("Sec-Fetch-Site") == "same-origin" else {
            return Problem(403, "other-site", "another site may not write here")
        }
        guard head.header("Content-Type") == "application/json" else {
            return Problem(415, "wrong-type", "only application/json is taken")
        }
        return nil
    }

    func respond(to request: HTTPRequest) async -> HTTPResponse {
        let head = request.head
        switch (head.method, head.path) {
        case (.post, "/start"): return start(request)
        case (.get, "/"):
            return .page(200, "text/html; charset=utf-8", Assets.index(bearer: nil, language: pages.language()))
        case (.post, "/reopen"):
            pages.reopen()
            return .json([:])
        case (.get, let path) where path.hasPrefix("/api/"), (.post, let path) where path.hasPrefix("/api/"):
            return await answer(request)
        case (.get, let path):
            guard path != "/index.html", let asset = Assets.all[path] else { return Problem.notFound.response }
            return .page(200, asset.type, asset.bytes)
        default: return Problem.notFound.response
        }
    }

    private static func bearer(_ head: HTTPRequestHead) -> String? {
        guard let value = head.header("Authorization"), value.hasPrefix("Bearer ") else { return nil }
        return String(value.dropFirst(7))
    }

    /// The form that the start file posts: from a file, so that its origin is `null`.
    private func start(_ request: HTTPRequest) -> HTTPResponse {
        let body = String(decoding: request.body, as: UTF8.self)
        let now = pages.wallMilliseconds()
        guard request.head.header("Origin") == "null", body.hasPrefix("secret="),
            pages.launches.use(String(body.dropFirst(7)), now: now)
        else {
            return .page(403, "text/html; charset=utf-8", Assets.index(bearer: nil, language: pages.language()))
        }
        let bearer = pages.sessions.begin(now: now)
        return .page(200, "text/html; charset=utf-8", Assets.index(bearer: bearer, language: pages.language()))
    }

    private func answer(_ request: HTTPRequest) async -> HTTPResponse {
        guard let bearer = Self.bearer(request.head),
            let session = pages.sessions.session(bearer, now: pages.wallMilliseconds())
        else { return Problem(401, "open-again", "this page was not opened by Lugn").response }
        do {
            let body = request.body.isEmpty ? JSONValue.object([]) : try JSONValue(parsing: request.body)
            let call = APICall(
                parts: request.head.path.split(separator: "/").dropFirst().map(String.init),
                isWrite: request.head.method == .post, head: request.head, body: body, bearer: bearer,
                session: session, pages: pages)
            return try await call.answer()
        } catch is JSONParseError {
            return Problem.badRequest.response
        } catch {
            return Problem(error).response
        }
    }
}
