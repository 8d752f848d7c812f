import HTTPServer
import Replica
import Support
public import Workstation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#endif

/// The counsellor's page on 127.0.0.1.
///
/// It is opened by a file, for its owner alone, that posts a secret which works once: so nothing that opens it is seen
/// in the list of processes, the address bar or the history.
public final class PageServer: Sendable {
    public struct Configuration: Sendable {
        /// 0 takes any free one.
        public var port: UInt16 = 0
        /// After how long without a key the page is locked, in seconds.
        public var idleSeconds = 600
        public var wallMilliseconds: @Sendable () -> Int64 = systemWallMilliseconds
        /// Called when somebody wants the page opened again, with the file that does it.
        public var openAgain: @Sendable (String) -> Void = { _ in }
        public init() {}
    }

    public let port: UInt16
    private let server: HTTPServer
    private let pages: PageState
    private let folder: String

    /// Begins to serve. Errors: those of `HTTPServer`.
    ///
    /// - Parameter folder: where the start files are written, for its owner alone.
    public init(_ workstation: Workstation, folder: String, configuration: Configuration = Configuration()) throws {
        // The host's name is known only with the port: a handler that is told when it is.
        let late = LateHandler()
        var settings = HTTPServer.Configuration(address: "127.0.0.1", port: configuration.port)
        settings.connectionLimit = 64
        settings.connectionTimeoutSeconds = 60
        settings.stopTimeoutSeconds = 2
        server = try HTTPServer(configuration: settings, handler: late)
        port = server.port
        self.folder = folder
        let opener = Opener(folder: folder, port: port)
        let pages = PageState(
            workstation, host: "127.0.0.1:\(port)", idleMilliseconds: Int64(configuration.idleSeconds) * 1_000,
            wallMilliseconds: configuration.wallMilliseconds,
            openAgain: { opener.open(configuration.openAgain) })
        opener.pages.withLock { $0 = pages }
        self.pages = pages
        late.handler.withLock { $0 = PageHandler(pages: pages) }
    }

    /// Writes a file that opens the page once, within a minute. Returns its path.
    public func makeStartFile() throws -> String { try Self.makeStartFile(pages, folder, port) }

    public func stop() async { await server.stop() }

    static func makeStartFile(_ pages: PageState, _ folder: String, _ port: UInt16) throws -> String {
        let secret = pages.launches.make(now: pages.wallMilliseconds())
        let html = """
            <!doctype html><html lang="sv"><meta charset="utf-8"><meta name="referrer" content="no-referrer"><title>Lugn</title>
            <form method="post" action="http://127.0.0.1:\(port)/start"><input type="hidden" name="secret" value="\(secret)">
            <button>Öppna Lugn</button></form><script>document.forms[0].submit()</script></html>
            """
        let path = folder + "/open-lugn.html"
        try writePrivateFile(path, html)
        return path
    }

    private final class Opener: Sendable {
        let pages = Lock<PageState?>(nil)
        let folder: String
        let port: UInt16
        init(folder: String, port: UInt16) {
            self.folder = folder
            self.port = port
        }
        func open(_ body: (String) -> Void) {
            guard let pages = pages.withLock({ $0 }) else { return }
            do {
                body(try PageServer.makeStartFile(pages, folder, port))
            } catch {
                body("")  // the caller says that it could not be written
            }
        }
    }
}

/// Answers 503 until the real one is there.
private final class LateHandler: HTTPHandler {
    let handler = Lock<PageHandler?>(nil)

    func admit(_ head: HTTPRequestHead) -> HTTPAdmission {
        handler.withLock { $0 }.map { $0.admit(head) } ?? .answered(HTTPResponse(status: 503))
    }
    func respond(to request: HTTPRequest) async -> HTTPResponse {
        await handler.withLock { $0 }?.respond(to: request) ?? HTTPResponse(status: 503)
    }
}

/// Replaces a file by one that only its owner may read.
func writePrivateFile(_ path: String, _ text: String) throws {
    let new = path + ".new"
    unsafe unlink(new)
    let descriptor = unsafe open(new, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else {
        throw Problem(500, "cannot-keep", "a file in the data folder cannot be written (error \(errno)): check it")
    }
    let bytes = Array(text.utf8)
    let count = unsafe bytes.withUnsafeBytes { unsafe write(descriptor, $0.baseAddress!, $0.count) }
    close(descriptor)
    guard count == bytes.count, unsafe rename(new, path) == 0 else {
        throw Problem(
            500, "cannot-keep", "a file in the data folder cannot be written (error \(errno)): check the disk")
    }
}
