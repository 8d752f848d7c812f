import CStatusAssets
import HTTPServer
import JSON
import LocalPage
import Operations
import SyncProtocol
import Trust

/// What the page's server lets in, and what it answers.
struct OperatorPageHandler: HTTPHandler {
    let state: OperatorPageState

    func admit(_ head: HTTPRequestHead) -> HTTPAdmission {
        if let refusal = state.rules.refusal(head, knows: state.knows) { return .answered(refusal.response) }
        return .admitted(HTTPCaller(identity: (), account: 0, bodyLimitBytes: 1_024))
    }

    func respond(to request: HTTPRequest) async -> HTTPResponse {
        switch (request.head.method, request.head.path) {
        case (.post, "/start"):
            guard PageRules.isStart(request, state.launches, now: state.wallMilliseconds()) else {
                return page(403, bearer: nil)
            }
            return page(200, bearer: state.begin())
        case (.get, "/"): return page(200, bearer: nil)
        case (.post, "/reopen"):
            state.reopen()
            return .pageJSON([:])
        case (.get, let path) where path.hasPrefix("/api/"): return await answer(request.head)
        case (.get, let path): return Self.files.answer(path)
        default: return PageProblem.notFound.response
        }
    }

    private func page(_ status: Int, bearer: String?) -> HTTPResponse {
        Self.files.index(status, bearer: bearer, language: state.language.rawValue)
    }

    private func answer(_ head: HTTPRequestHead) async -> HTTPResponse {
        do {
            switch head.path {
            case "/api/survey": return .pageJSON(try await state.looks.survey())
            case "/api/line": return .pageJSON(try await state.looks.line(try id("line", head)))
            case "/api/device":
                guard let since = head.query("since"), Int64(since) != nil else { throw PageProblem.badRequest }
                return .pageJSON(
                    try await state.looks.device(try id("device", head), line: try id("line", head), since: since))
            case "/api/audit": return .pageJSON(try await Audit(state.source).document())
            default: throw PageProblem.notFound
            }
        } catch let problem as PageProblem {
            return problem.response
        } catch let error as OperatorSourceError {
            return PageProblem(
                error.isRefusal ? 403 : 503, error.isRefusal ? "refused" : "unreachable", error.message
            ).response
        } catch {
            return PageProblem(500, "unknown", "something went wrong that is not understood").response
        }
    }

    /// It goes into a request that is signed: nothing but what ids are made of.
    private func id(_ name: String, _ head: HTTPRequestHead) throws(PageProblem) -> String {
        guard let text = head.query(name), text.utf8.count == 32,
            text.utf8.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0) })
        else {
            throw .badRequest
        }
        return text
    }

    /// The page's files, and its words as modules.
    static let files = PageFiles(
        (0..<status_asset_count()).map { index in
            let asset = unsafe status_asset_at(index)!.pointee
            return (
                unsafe String(cString: asset.name),
                unsafe Array(UnsafeBufferPointer(start: asset.bytes, count: asset.count))
            )
        } + AdminWords.Language.allCases.map { ("\($0.rawValue).js", AdminWords.module($0)) })
}
