import ChangeLog
import HTTPServer
import Sealing
import Support
import SyncProtocol
import SyncServer

/// The server of one input, on a store of its own.
final class SessionSite {
    let template: SessionTemplate
    private(set) var log: SQLiteChangeLog
    private(set) var server: SyncServer
    let clock = SettableWallClock(atMilliseconds: SessionTemplate.now)
    private let file: String
    private let logger: Logger
    private let lines = Lock<[UInt8]>([])

    private static let count = Lock<UInt64>(0)

    init(_ template: SessionTemplate) throws {
        self.template = template
        let number = Self.count.withLock { count in
            count += 1
            return count
        }
        file = "\(number).db"
        let path = template.folder.path + "/" + file
        try ScratchFile.store(template.image, at: path)
        let lines = self.lines
        logger = Logger(minimumLevel: .debug, clock: clock.clock) { line in lines.withLock { $0 += line } }
        (log, server) = try Self.start(path, clock, logger)
    }

    private static func start(
        _ path: String, _ clock: SettableWallClock, _ logger: Logger
    ) throws -> (SQLiteChangeLog, SyncServer) {
        let limits = SessionTemplate.limits
        let log = try SQLiteChangeLog(path: path, limits: limits, cacheKibibytes: 500)
        return (log, SyncServer(log: log, limits: limits, clock: clock.clock, logger: logger))
    }

    /// Another process has the store from now on.
    func restart() throws {
        (log, server) = try Self.start(log.path, clock, logger)
    }

    /// What the server has logged so far.
    var logged: [UInt8] { lines.withLock { $0 } }

    var now: Int64 { clock.clock.nowMilliseconds() }

    func send(
        _ method: HTTPMethod, _ path: String, _ token: String?, _ body: [UInt8], isIntact: Bool = true
    ) async -> HTTPResponse {
        var headers = token.map { [HTTPHeader("Authorization", "Bearer \($0)")] } ?? []
        headers.append(HTTPHeader(ContentDigest.name, ContentDigest.value(of: isIntact ? body : body + [0])))
        let head = HTTPRequestHead(method: method, path: path, headers: headers, contentLength: body.count)
        return await server.answer(head, body: body)
    }

    /// The files go at once; SQLite keeps what it has open until the last reference is gone.
    func close() { template.folder.remove(file) }
}
