import Synchronization

/// An HTTP/1.1 server over libmicrohttpd, made for many clients that wait (long polling) and few bytes each.
///
/// A few threads poll all connections with epoll. When a request is complete its connection leaves the polled set
/// and a task runs the handler; the connection costs neither thread nor polling until the response is ready.
/// Connections are kept alive between requests. The server logs nothing and sends no `Server` header.
///
/// Errors of the protocol are answered before the handler is asked: 400 for a head that cannot be understood or
/// whose framing is ambiguous (RFC 9112, section 6.3), 413 for a body over the handler's limit, 501 for a transfer
/// coding other than chunked, 503 while stopping and when the memory for bodies is taken. A client that keeps no pace
/// (30 s for a head, 10 KiB/s for a body) is cut off without an answer, and connections without a request make room for
/// new ones, so that whoever holds thousands of them open shuts nobody out.
public final class HTTPServer: Sendable {
    private let daemon: Daemon

    /// The port listened on.
    public let port: UInt16

    /// The requests whose state is still held; for tests of what happens when clients vanish.
    var liveExchangeCount: Int {
        daemon.liveExchanges.load(ordering: .sequentiallyConsistent)
    }

    /// The bytes set apart for bodies; for tests.
    var bodyBytesInUse: Int { daemon.bodies.usedBytes }

    /// The open connections; for tests.
    var connectionCount: Int { daemon.links.count }

    /// Starts to listen and to serve. Raises the process's limit of open files as far as it may.
    ///
    /// - Throws: `HTTPServerError` when the address cannot be listened on, the certificate cannot be used, or
    ///   `connectionLimit` needs more open files than the process may have.
    /// - Precondition: `threads` and `connectionLimit` are positive, with at least one connection for each
    ///   thread; the timeouts are not negative.
    public init(configuration: Configuration, handler: any HTTPHandler) throws {
        precondition(configuration.threads > 0 && configuration.connectionLimit >= configuration.threads)
        precondition(configuration.connectionTimeoutSeconds >= 0 && configuration.stopTimeoutSeconds >= 0)
        precondition(
            configuration.headTimeoutSeconds > 0 && configuration.bodyBytesPerSecond > 0
                && configuration.bodyGraceSeconds > 0)
        try DescriptorLimit.raise(toFit: configuration.connectionLimit)
        let socket = try ListeningSocket(address: configuration.address, port: configuration.port)
        port = socket.port
        daemon = try Daemon(configuration, handler: handler)
        try daemon.start(on: socket, configuration)
    }

    /// Shows new connections another certificate; those that are open go on.
    ///
    /// - Throws: `HTTPServerError` with `invalidCertificate`; the certificate before stays in use then.
    /// - Precondition: the server was started with TLS.
    public func replaceCertificate(with tls: TLS) throws(HTTPServerError) {
        guard let certificate = daemon.certificate else { preconditionFailure("the server speaks plain HTTP") }
        try certificate.replace(with: tls)
    }

    /// Letting go of a server that runs stops it as `stop()` does, without anybody waiting for it.
    deinit {
        daemon.beginStop()
    }

    /// Stops gracefully: new connections are closed and new requests answered with 503, the tasks of running
    /// handlers are cancelled and waited for, their answers sent, every connection closed.
    ///
    /// Waits as long as handlers take to notice the cancellation, then at most `stopTimeoutSeconds` for clients
    /// to take their answers. The port is free on return. May be called again and concurrently: each call
    /// returns when the server has stopped. Cancelling the caller does not shorten it.
    public func stop() async {
        await daemon.beginStop().value
    }
}
