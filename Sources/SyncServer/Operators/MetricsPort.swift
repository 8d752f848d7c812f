public import HTTPServer

/// `/metrics` without a signature, for a listener of its own on this computer: Prometheus cannot sign what it asks. Numbers
/// only, and nothing else is answered.
public struct MetricsPort: HTTPHandler {
    private let server: SyncServer

    public init(_ server: SyncServer) { self.server = server }

    public func admit(_ head: HTTPRequestHead) -> HTTPAdmission {
        guard head.path == "/metrics" else { return .answered(Problem.notFound.response) }
        guard head.method == .get || head.method == .head else {
            return .answered(Problem.methodNotAllowed("GET, HEAD").response)
        }
        return .admitted(HTTPCaller(identity: 0, account: 0, bodyLimitBytes: 0))
    }

    public func respond(to request: HTTPRequest) async -> HTTPResponse {
        await server.answerOperator(method: .get, path: "/metrics", query: [:])
    }
}
