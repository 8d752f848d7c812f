import ChangeLog
import Foundation
import HTTPClient
import HTTPServer
import Sealing
import Support
import SyncProtocol
import SyncServer
import TestRosters
import Testing
import Trust

/// A server on a real store, behind a real socket, and one line whose roster the test writes itself.
final class TestServer {
    let folder: URL
    private(set) var log: SQLiteChangeLog
    private(set) var http: HTTPServer
    let clock = SettableWallClock(atMilliseconds: 1_700_000_000_000)
    let client = HTTPClient()
    let written = Lock<[String]>([])
    var roster: TestRoster

    var now: Int64 { clock.clock.nowMilliseconds() }
    var port: UInt16 { http.port }
    var base: String { "http://127.0.0.1:\(http.port)" }
    var line: LineID { roster.line }

    init() async throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        log = try SQLiteChangeLog(path: folder.appendingPathComponent("server.db").path)
        roster = try TestRoster()
        http = try Self.serve(log, clock, written, port: 0)
        let invitation = TestInvitation()
        try await perform(
            .inviteFounder(signingKey: invitation.signingKey, name: "Test", expires: now + 3_600_000))
        _ = try await log.found(roster.founding, by: invitation.id, now: now)
    }

    deinit {
        do { try FileManager.default.removeItem(at: folder) } catch { Issue.record(error) }
    }

    private static func serve(
        _ log: SQLiteChangeLog, _ clock: SettableWallClock, _ written: Lock<[String]>, port: UInt16
    ) throws -> HTTPServer {
        let logger = Logger(minimumLevel: .info, clock: clock.clock) { line in
            written.withLock { $0.append(String(decoding: line, as: UTF8.self)) }
        }
        return try HTTPServer(
            configuration: .init(address: "127.0.0.1", port: port),
            handler: SyncServer(log: log, registry: log, clock: clock.clock, logger: logger))
    }

    /// Ends the server as a signal does, and starts another process's worth of it on the same store and port.
    func restart() async throws {
        let port = http.port
        await http.stop()
        log = try SQLiteChangeLog(path: log.path)
        http = try Self.serve(log, clock, written, port: port)
    }

    func stop() async { await http.stop() }

    // MARK: The line

    func perform(_ act: OperatorAct) async throws {
        try await log.perform(act, by: nil, request: randomBytes(16), now: now)
    }

    /// Brings the store up to the roster.
    func publish() async throws { _ = try await log.append(roster.entries(from: 0), isNew: false, to: line, now: now) }

    /// A workstation that was let in.
    func device(role: RosterAct.Role = .counsellor) async throws -> Signer {
        let keys = DeviceKeys.random()
        try roster.admit(keys, role: role)
        try await publish()
        return .device(keys)
    }

    var lead: Signer { .device(roster.lead) }

    func administrator(line: LineID? = nil) async throws -> Signer {
        let keys = OperatorKeys.random()
        try await perform(.addOperator(signingKey: keys.signing.publicKey, label: "Karin", line: line))
        return Signer(keyID: keys.id.bytes, purpose: .operators, key: keys.signing)
    }

    func ticket() throws -> String { Ticket(generation: try log.generation(), milliseconds: now).text }

    // MARK: Requests

    func send(_ request: SignedMessage, timeoutSeconds: Double = 30) async throws -> HTTPClientResponse {
        try await client.send(
            HTTPClientRequest(
                method: request.method, url: base + request.target, headers: request.headers, body: request.body,
                timeoutSeconds: timeoutSeconds))
    }

    /// Signs with a fresh ticket and sends.
    func send(
        _ method: String, _ route: String, _ body: [UInt8] = [], by signer: Signer, timeoutSeconds: Double = 30
    ) async throws -> HTTPClientResponse {
        try await send(
            SignedMessage(method, route, body, by: signer, ticket: try ticket()), timeoutSeconds: timeoutSeconds)
    }

    func isRunning(_ signer: Signer) async throws -> Bool {
        try await send("GET", "/v2/desks", by: signer).status == 200
    }
}

/// Whoever signs.
struct Signer: Sendable {
    var keyID: [UInt8]
    var purpose: RequestSignature.Purpose
    var key: SigningKey

    static func device(_ keys: DeviceKeys) -> Signer {
        Signer(keyID: keys.id.bytes, purpose: .device, key: keys.signing)
    }
    static func invitation(_ keys: InvitationKeys) -> Signer {
        Signer(keyID: keys.id.bytes, purpose: .invitation, key: keys.signing)
    }
    var deviceID: DeviceID { DeviceID(keyID)! }
}

/// A signed request, of which a test changes what it likes.
struct SignedMessage: Sendable {
    var method: String
    /// What stands in the request's first line.
    var target: String
    var body: [UInt8]
    var headers: [(name: String, value: String)]

    init(
        _ method: String, _ route: String, _ body: [UInt8] = [], by signer: Signer, ticket: String,
        signed: String? = nil
    ) {
        self.method = method
        target = route
        self.body = body
        let digest = ContentDigest.value(of: body)
        let signature = RequestSignature(
            method: method, route: signed ?? route, digest: digest, ticket: ticket, keyID: signer.keyID,
            purpose: signer.purpose, key: signer.key)
        headers = [(name: ContentDigest.name, value: digest)] + signature.headers(route: signed ?? route)
        if !body.isEmpty { headers.append((name: "Content-Type", value: "application/cbor")) }
    }

    /// The header's value; setting it to nil takes it out.
    subscript(name: String) -> String? {
        get { headers.first { $0.name == name }?.value }
        set {
            headers.removeAll { $0.name == name }
            if let newValue { headers.append((name: name, value: newValue)) }
        }
    }
}

extension HTTPClientResponse {
    /// The stable name of what went wrong; empty for an answer.
    var problem: String {
        let text = String(decoding: body, as: UTF8.self)
        guard let start = text.firstRange(of: "urn:lugn:problem:") else { return "" }
        return String(text[start.upperBound...].prefix { $0.isLetter || $0 == "-" })
    }
    var mark: RosterMark? { header(RosterMark.header).flatMap { RosterMark(text: $0) } }
}
