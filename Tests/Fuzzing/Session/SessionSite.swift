import ChangeLog
import HTTPServer
import Support
import SyncProtocol
import SyncServer

/// The server of one input, on a store of its own.
final class SessionSite {
    let template: SessionTemplate
    let log: SQLiteChangeLog
    let server: SyncServer
    let clock = SettableWallClock(atMilliseconds: SessionTemplate.now)
    private let file: String
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
        log = try SQLiteChangeLog(path: path, limits: SessionTemplate.limits, cacheKibibytes: 500)
        let lines = self.lines
        let logger = Logger(minimumLevel: .debug, clock: clock.clock) { line in lines.withLock { $0 += line } }
        server = SyncServer(log: log, limits: SessionTemplate.limits, clock: clock.clock, logger: logger)
    }

    /// What the server has logged so far.
    var logged: [UInt8] { lines.withLock { $0 } }

    var now: Int64 { clock.clock.nowMilliseconds() }

    func send(_ method: HTTPMethod, _ path: String, _ token: String?, _ body: [UInt8]) async -> HTTPResponse {
        let headers = token.map { [HTTPHeader("Authorization", "Bearer \($0)")] } ?? []
        let head = HTTPRequestHead(method: method, path: path, headers: headers, contentLength: body.count)
        if let refusal = server.admit(head) { return refusal }
        return await server.respond(to: HTTPRequest(head: head, body: body))
    }

    /// The files go at once; SQLite keeps what it has open until the last reference is gone.
    func close() { template.folder.remove(file) }
}
