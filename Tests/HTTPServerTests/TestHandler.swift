import HTTPServer

/// Echoes bodies, describes heads, waits and refuses, by path.
struct TestHandler: HTTPHandler {
    let room = WaitingRoom()
    var bodyLimit = 8 * 1024 * 1024

    /// `?account=` says whose request it is, `?bulk` that others go first.
    func admit(_ head: HTTPRequestHead) -> HTTPAdmission {
        switch head.path {
        case "/forbidden":
            .answered(HTTPResponse(status: 401, headers: [HTTPHeader("WWW-Authenticate", "Bearer")]))
        case "/probe": .answered(HTTPResponse(status: 200, body: Array("alive".utf8)))
        default:
            .admitted(
                HTTPCaller(
                    identity: head.query("account") ?? "", account: head.query("account").flatMap(UInt64.init) ?? 0,
                    bodyLimitBytes: bodyLimit, isBulk: head.query("bulk") != nil))
        }
    }

    func respond(to request: HTTPRequest) async -> HTTPResponse {
        let head = request.head
        if head.path.hasPrefix("/wait/") {
            let released = await room.wait(head.path)
            return HTTPResponse(status: released ? 200 : 503, body: Array(head.path.utf8))
        }
        switch head.path {
        case "/echo":
            return HTTPResponse(status: 200, body: request.body)
        case "/who":
            return HTTPResponse(status: 200, body: Array(((request.identity as? String) ?? "nobody").utf8))
        case "/broken":
            return HTTPResponse(status: 200, headers: [HTTPHeader("X-Split", "a\r\nb: c")], body: request.body)
        default:
            let parts = [
                head.method.rawValue, head.path, head.query("q") ?? "-", head.header("x-test") ?? "-",
                head.contentLength.map(String.init) ?? "-",
            ]
            return HTTPResponse(status: 200, body: Array(parts.joined(separator: "|").utf8))
        }
    }
}
