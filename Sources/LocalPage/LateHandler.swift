public import HTTPServer
public import Support

/// Answers 503 until the real one is there: a page's rules name its port, which is known only when it is listened on.
public final class LateHandler: HTTPHandler {
    public let handler = Lock<(any HTTPHandler)?>(nil)

    public init() {}

    public func admit(_ head: HTTPRequestHead) -> HTTPAdmission {
        handler.withLock { $0 }.map { $0.admit(head) } ?? .answered(HTTPResponse(status: 503))
    }
    public func respond(to request: HTTPRequest) async -> HTTPResponse {
        await handler.withLock { $0 }?.respond(to: request) ?? HTTPResponse(status: 503)
    }
}

extension HTTPServer {
    /// A page's server on 127.0.0.1, for some tabs of one person.
    ///
    /// - Parameter port: 0 takes any free one.
    public static func ofPage(port: UInt16, handler: LateHandler) throws -> HTTPServer {
        var settings = HTTPServer.Configuration(address: "127.0.0.1", port: port)
        settings.connectionLimit = 64
        settings.connectionTimeoutSeconds = 60
        settings.stopTimeoutSeconds = 2
        return try HTTPServer(configuration: settings, handler: handler)
    }
}
