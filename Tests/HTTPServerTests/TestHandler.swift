import HTTPServer

/// Echoes bodies, describes heads, waits and refuses, by path.
struct TestHandler: HTTPHandler {
    let room = WaitingRoom()
    var bodyLimit = 8 * 1024 * 1024

    func admit(_ head: HTTPRequestHead) -> HTTPResponse? {
        head.path == "/forbidden"
            ? HTTPResponse(status: 401, headers: [HTTPHeader("WWW-Authenticate", "Bearer")]) : nil
    }

    func bodyLimitBytes(for head: HTTPRequestHead) -> Int {
        bodyLimit
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
