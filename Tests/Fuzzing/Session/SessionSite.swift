import ChangeLog
import HTTPServer
import Sealing
import SimulatedLead
import Support
import SyncProtocol
import SyncServer
import Trust

/// Who signs a request.
struct Signer {
    var head: SignedHead.Signer?
    /// The signature is one that its key has not made.
    var isForged = false
    /// The ticket is none of this server's.
    var isLate = false

    static let deskA = Signer(head: .device(SessionTemplate.keysA))
    static let deskB = Signer(head: .device(SessionTemplate.keysB))
    static let free = Signer(head: .invitation(SessionTemplate.freeInvitation))
    static let used = Signer(head: .invitation(SessionTemplate.usedInvitation))
    static let other = Signer(head: .device(SessionTemplate.otherKeys))
    /// Those that no door of the line opens to.
    static let strangers = [
        Signer(), Signer(head: .device(SessionTemplate.blockedKeys)),
        Signer(head: .device(SessionTemplate.removedKeys)),
        Signer(head: .administrator(SigningKey(seed: SecretBytes(copying: [UInt8](repeating: 8, count: 32))))),
        Signer(head: .device(SessionTemplate.keysA), isForged: true),
        Signer(head: .device(SessionTemplate.keysB), isForged: true),
        Signer(head: .administrator(SessionTemplate.operatorKey), isForged: true),
        Signer(head: .device(SessionTemplate.keysA), isLate: true),
    ]

    /// It is the other line's desk.
    var isOther: Bool {
        guard case .device(let keys)? = head else { return false }
        return keys.id == SessionTemplate.otherKeys.id
    }
}

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
        return (log, SyncServer(log: log, registry: log, limits: limits, clock: clock.clock, logger: logger))
    }

    /// Another process has the store from now on.
    func restart() throws {
        (log, server) = try Self.start(log.path, clock, logger)
    }

    /// What the server has logged so far.
    var logged: [UInt8] { lines.withLock { $0 } }

    var now: Int64 { clock.clock.nowMilliseconds() }

    /// A request as its signer sends it, or as somebody does who cannot sign it.
    func send(
        _ method: HTTPMethod, _ path: String, _ signer: Signer, _ body: [UInt8], isIntact: Bool = true
    ) async throws -> HTTPResponse {
        let ticket = signer.isLate ? Ticket(generation: 1, milliseconds: now).text : nil
        let head = try SignedHead(
            method, path, body, by: signer.head, at: log, now: now, ticket: ticket,
            signedBody: isIntact ? body : body + [0], isForged: signer.isForged
        ).head
        return await server.answer(head, body: body)
    }

    /// The files go at once; SQLite keeps what it has open until the last reference is gone.
    func close() { template.folder.remove(file) }
}
