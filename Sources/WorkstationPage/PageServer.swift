import HTTPServer
import LocalPage
import Replica
import Support
public import Workstation

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
        server = try HTTPServer.ofPage(port: configuration.port, handler: late)
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
        let path = folder + "/open-lugn.html"
        try StartFile.write(
            path, port: port, secret: secret, language: "sv", title: "Lugn", button: "Öppna Lugn")
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
