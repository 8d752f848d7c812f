import HTTPServer
import LocalPage
public import Operations
public import Support

/// The operator's page on 127.0.0.1: who is in sync, and what is to be done. It only shows; nothing can be changed by it.
///
/// The operator's key stays with the source; the page has a bearer that is good for this process only.
public final class OperatorPageServer: Sendable {
    public let port: UInt16
    private let server: HTTPServer
    private let state: OperatorPageState

    /// Begins to serve. Errors: those of `HTTPServer`.
    ///
    /// - Parameters:
    ///   - folder: where start files are written, for their owner alone.
    ///   - openAgain: called when somebody wants the page opened again, with the file that does it; empty where it could not be
    ///     written.
    public init(
        _ source: any OperatorSource, folder: String, language: AdminWords.Language, port: UInt16 = 0,
        clock: WallClock = .system,
        openAgain: @escaping @Sendable (String) -> Void = { _ in }
    ) throws {
        let late = LateHandler()
        server = try HTTPServer.ofPage(port: port, handler: late)
        self.port = server.port
        state = OperatorPageState(
            source, port: server.port, folder: folder, language: language, wallMilliseconds: clock.nowMilliseconds,
            openAgain: openAgain)
        let handler = OperatorPageHandler(state: state)
        late.handler.withLock { $0 = handler }
    }

    /// Writes a file that opens the page once, within a minute. Returns its path.
    public func makeStartFile() throws -> String { try state.makeStartFile() }

    public func stop() async { await server.stop() }
}
