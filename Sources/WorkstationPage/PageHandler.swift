import HTTPServer
import JSON
import LocalPage
import Support
import Workstation

/// What the page's server lets in, and who answers it.
struct PageHandler: HTTPHandler {
    let pages: PageState

    private static let draftBytes = 512 << 10
    private static let bodyBytes = 128 << 10
    /// A log of many years: some 9 MiB of CSV.
    private static let importBytes = 12 << 20

    func admit(_ head: HTTPRequestHead) -> HTTPAdmission {
        if let refusal = pages.rules.refusal(head, knows: pages.sessions.knows) { return .answered(refusal.response) }
        let limit =
            switch head.path {
            case "/start": 1_024
            case let path where path.hasPrefix("/api/calls/"): Self.draftBytes
            case let path where path.hasPrefix("/api/import/"): Self.importBytes
            default: Self.bodyBytes
            }
        return .admitted(HTTPCaller(identity: (), account: 0, bodyLimitBytes: limit))
    }

    func respond(to request: HTTPRequest) async -> HTTPResponse {
        let head = request.head
        switch (head.method, head.path) {
        case (.post, "/start"): return start(request)
        case (.get, "/"):
            return Assets.files.index(bearer: nil, language: pages.language())
        case (.post, "/reopen"):
            pages.reopen()
            return .json([:])
        case (.get, let path) where path.hasPrefix("/api/"), (.post, let path) where path.hasPrefix("/api/"):
            return await answer(request)
        case (.get, let path): return Assets.files.answer(path)
        default: return Problem.notFound.response
        }
    }

    private func start(_ request: HTTPRequest) -> HTTPResponse {
        let now = pages.wallMilliseconds()
        guard PageRules.isStart(request, pages.launches, now: now) else {
            return Assets.files.index(403, bearer: nil, language: pages.language())
        }
        return Assets.files.index(bearer: pages.sessions.begin(now: now), language: pages.language())
    }

    private func answer(_ request: HTTPRequest) async -> HTTPResponse {
        guard let bearer = PageRules.bearer(request.head),
            let session = pages.sessions.session(bearer, now: pages.wallMilliseconds())
        else { return Problem.openAgain.response }
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
