import ChangeLog
import Foundation
import HTTPClient
import HTTPServer
import Merge
import Replica
import SQLite
import Sealing
import SimulatedLead
import Support
import SyncClient
import SyncProtocol
import SyncServer
import TestSupport
import Testing
import Trust

/// Time that tests move.
final class TestClock: Sendable {
    private let milliseconds = Lock<Int64>(1_700_000_000_000)
    var now: Int64 { milliseconds.withLock { $0 } }
    func advance(by step: Int64) { milliseconds.withLock { $0 += step } }
}

/// A real server on a real store, reached without a socket, and the workstations of one line.
final class TestLine {
    let folder = TemporaryFolder()
    let clock = TestClock()
    let lead: SimulatedLead
    var line: LineID { lead.line }
    var keyring: Keyring { lead.keyring }
    private(set) var site: any StoreSite
    private(set) var log: any LineStore
    private(set) var server: SyncServer
    let network: TestNetwork
    private var count = 0

    init() async throws {
        site = try StoreKind.chosen.site(in: folder)
        log = try site.open()
        lead = try SimulatedLead(now: clock.now)
        try await lead.found(in: log, lineName: "Test", now: clock.now)
        let clock = self.clock
        server = SyncServer(
            log: log, registry: log, clock: WallClock { clock.now }, logger: Logger(minimumLevel: .error))
        network = TestNetwork(server)
    }

    deinit { (log as? PostgreSQLChangeLog)?.close() }

    func path(_ name: String) -> String { folder.file(name) }

    /// A workstation that has joined.
    func desk(
        clockOffset: @escaping @Sendable () -> Int64 = { 0 }, schema: Schema = Garden.schema,
        role: RosterAct.Role = .counsellor
    ) async throws -> Desk {
        count += 1
        let desk = try Desk(self, path: path("desk\(count).db"), schema: schema, clockOffset: clockOffset)
        try await admit(desk.replica, name: "Desk \(count)", role: role)
        return desk
    }

    func admit(_ replica: Replica, name: String, role: RosterAct.Role = .counsellor) async throws {
        try await lead.admit(replica, name: name, role: role, in: log, server: "http://test", now: clock.now)
    }

    /// An operator lets the workstation in no more.
    func block(_ desk: Desk) async throws {
        try await log.perform(
            .block(desk.replica.deviceKeys().id), by: nil, request: randomBytes(16), now: clock.now)
    }

    /// A copy of a workstation's files as they stand, not opened.
    func copy(_ desk: Desk) throws -> String {
        count += 1
        let copy = path("copy\(count).db")
        let source = try Connection(path: desk.path, mode: .readOnly)
        let destination = try Connection(path: copy, mode: .create)
        try source.backUp(to: destination)
        try FileManager.default.copyItem(atPath: desk.path + "-keys", toPath: copy + "-keys")
        return copy
    }

    func backUpServer() throws -> any StoreSite { try site.copy() }

    /// What the server answers to a request of a workstation's, in bytes.
    func answer(_ request: SyncRequest, from desk: Desk) async throws -> [UInt8] {
        let membership = try #require(try desk.replica.membership())
        return await server.answer(
            try SignedHead(.post, "/v2/sync", request.encoded(), by: .device(membership.keys), at: log, now: clock.now)
                .head,
            body: request.encoded()
        ).body
    }

    /// Whether nothing is wrong with the server's store, by computing everything anew.
    func isSound() async throws -> Bool { try await log.verify(line: line, now: clock.now).isSound }

    /// The server's process ends, and another one opens its file.
    func restartServer(
        limits: Limits = Limits(), storeLimits: Limits = Limits(), workLimit: Int = 256
    ) throws {
        (log as? PostgreSQLChangeLog)?.close()
        log = try site.open(limits: storeLimits)
        let clock = self.clock
        server = SyncServer(
            log: log, registry: log, limits: limits, clock: WallClock { clock.now },
            logger: Logger(minimumLevel: .error),
            workLimit: workLimit)
        network.reconnect(server)
    }

    /// The server's store is replaced by an old copy, and nobody tells anybody.
    func restoreServer(from backup: any StoreSite) throws {
        (log as? PostgreSQLChangeLog)?.close()
        site = try backup.copy()
        log = try site.open()
        let clock = self.clock
        server = SyncServer(
            log: log, registry: log, clock: WallClock { clock.now }, logger: Logger(minimumLevel: .error))
        network.reconnect(server)
    }

    /// Opens a copied file as a workstation of its own.
    func open(_ path: String, clockOffset: @escaping @Sendable () -> Int64 = { 0 }) throws -> Desk {
        try Desk(self, path: path, schema: Garden.schema, clockOffset: clockOffset)
    }
}

/// The network between workstations and server: tells it to lose, and it loses.
final class TestNetwork: HTTPTransport {
    enum Fault { case none, requestLost, answerLost, answerCut, answerGarbled, requestGarbled }
    private let server: Lock<SyncServer>
    private let faults = Lock<[Fault]>([])
    let bytesSent = Lock(0)
    let bytesReceived = Lock(0)
    private let requestCount = Lock(0)
    private let isDown = Lock(false)

    init(_ server: SyncServer) { self.server = Lock(server) }

    func reconnect(_ server: SyncServer) { self.server.withLock { $0 = server } }
    func fail(_ next: [Fault]) { faults.withLock { $0 = next } }
    func startCounting() {
        for count in [bytesSent, bytesReceived, requestCount] { count.withLock { $0 = 0 } }
    }
    /// Since the counting began: requests, and the bytes of all bodies.
    func counted() -> (requests: Int, bytes: Int) {
        (requestCount.withLock { $0 }, bytesSent.withLock { $0 } + bytesReceived.withLock { $0 })
    }
    func setDown(_ value: Bool) { isDown.withLock { $0 = value } }

    func send(_ request: HTTPClientRequest) async throws(HTTPClientError) -> HTTPClientResponse {
        let fault = faults.withLock { $0.isEmpty ? Fault.none : $0.removeFirst() }
        if fault == .requestLost || isDown.withLock({ $0 }) { throw HTTPClientError(.unreachable, "the test lost it") }
        requestCount.withLock { $0 += 1 }
        bytesSent.withLock { $0 += request.body.count }
        let sent = fault == .requestGarbled ? request.body.map { $0 ^ 0x55 } : request.body
        let path = String(request.url.dropFirst("http://test".count))
        let head = HTTPRequestHead(
            method: HTTPMethod(rawValue: request.method), target: path,
            headers: request.headers.map { HTTPHeader($0.name, $0.value) }, contentLength: request.body.count)
        let server = self.server.withLock { $0 }
        let response = await server.answer(head, body: sent)
        bytesReceived.withLock { $0 += response.body.count }
        if fault == .answerLost { throw HTTPClientError(.unreachable, "the test lost it") }
        var body = response.body
        if fault == .answerCut { body = Array(body.prefix(body.count / 2)) }
        if fault == .answerGarbled { body = body.map { $0 ^ 0x55 } }
        return HTTPClientResponse(
            status: response.status, headers: response.headers.map { ($0.name, $0.value) }, body: body)
    }
}

/// A workstation.
final class Desk {
    let path: String
    let replica: Replica
    let client: SyncClient

    init(_ line: TestLine, path: String, schema: Schema, clockOffset: @escaping @Sendable () -> Int64) throws {
        self.path = path
        let clock = line.clock
        replica = try Replica(
            path: path, schema: schema, environment: .init(wallMilliseconds: { clock.now + clockOffset() }))
        // As if it had called before: the tests count requests.
        replica.serverTicket = Ticket(generation: try line.log.generation(), milliseconds: clock.now).text
        client = SyncClient(replica: replica, transport: line.network)
    }

    @discardableResult
    func sync() async throws -> SyncReport { try await client.sync() }

    func plant(_ id: RecordID) throws -> Record? { try replica.read { try $0.fetch(Garden.plants, id) } }

    /// What the workstation would ask now, in its own words and as the server reads it.
    func ask(_ session: SyncSession? = nil) throws -> (
        session: SyncSession, sent: SyncSession.Request, read: SyncRequest
    ) {
        let session = session ?? SyncSession(replica)
        let sent = try session.nextRequest()
        return (session, sent, try SyncRequest(encoded: sent.body))
    }

    func basis(_ id: RecordID) throws -> EditBasis { try replica.read { try $0.basis(Garden.plants, id) } }

    func conflicts() throws -> [Conflict] { try replica.read { try $0.conflicts() } }

    /// Everything that is shown, and everything that stands beside it, as text.
    func state() throws -> [String] {
        try replica.read { snapshot in
            let rows = try snapshot.records(Garden.plants, where: "1 ORDER BY id").map { plant in
                "\(plant.id) \(plant[Garden.name] ?? "-") \(plant[Garden.height] ?? -1)"
            }
            let notes = try snapshot.records(Garden.remarks, where: "1 ORDER BY id").map {
                "\($0.id) \($0[Garden.text] ?? "-")"
            }
            let siblings = try snapshot.query(
                "SELECT record, field, value FROM lugn_sibling ORDER BY record, field, value"
            ) { row in "\(row.bytes(0)) \(row.integer(1)) \(row.text(2))" }
            return rows + notes + siblings
        }
    }
}
