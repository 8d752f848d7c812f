import Casework
import ChangeLog
import HTTPClient
import HTTPServer
import Replica
import SQLite
import Sealing
import Support
import SyncClient
import SyncProtocol
import SyncServer
import TestSupport
import Testing
import Trust

@testable import Workstation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#endif

/// A real server on a real SQLite store, reached without a socket by the workstations of a test. Its time and theirs is the
/// test's.
final class ServedLine: Sendable {
    static let address = "https://sync.example.org"

    let folder = TemporaryFolder()
    let clock = Lockable(1_700_000_000_000)
    let log: SQLiteChangeLog
    let network: Network

    init() throws {
        let clock = self.clock
        log = try SQLiteChangeLog(path: folder.path + "/server.db")
        network = Network(
            SyncServer(
                log: log, registry: log, clock: WallClock { clock.value }, logger: Logger(minimumLevel: .error)))
    }

    /// A computer that Lugn has never run on.
    func computer(_ name: String) throws -> Workstation {
        let path = folder.path + "/" + name
        unsafe mkdir(path, 0o700)
        return try open(path)
    }

    /// The program on a folder, begun again.
    func open(_ path: String) throws -> Workstation {
        let clock = self.clock
        let network = self.network
        let now: @Sendable () -> Int64 = { clock.value }
        let replica = try Replica(
            path: path + "/replica.db", schema: CaseworkSchema.schema, environment: .init(wallMilliseconds: now))
        return try Workstation(
            Casework(replica, wallMilliseconds: now), folder: path, transport: { _ in network }, retrySeconds: 0.05,
            wallMilliseconds: now)
    }

    /// What an operator hands out to found a line.
    func foundingInvitation(pin: [UInt8]? = nil) async throws -> String {
        try await invitation(.found, line: nil, pin: pin) { keys, expires in
            .inviteFounder(signingKey: keys.signing.publicKey, name: "Lyssnarlinjen", expires: expires)
        }
    }

    /// What an operator hands out where all leads' computers are lost.
    func recoveryInvitation(_ line: LineID) async throws -> String {
        try await invitation(.recover, line: line) { keys, expires in
            .inviteRecovery(signingKey: keys.signing.publicKey, line: line, expires: expires)
        }
    }

    private func invitation(
        _ kind: Invitation.Kind, line: LineID?, pin: [UInt8]? = nil, _ act: (InvitationKeys, Int64) -> OperatorAct
    ) async throws -> String {
        let invitation = Invitation(kind: kind, line: line, pin: pin, address: Self.address)
        try await log.perform(
            act(invitation.keys, clock.value + 86_400_000), by: nil, request: randomBytes(16), now: clock.value)
        return invitation.text
    }

    /// A computer that has founded the line, and the sheet that was shown.
    func founded(_ name: String = "desk1") async throws -> (desk: Workstation, sheet: String) {
        let desk = try computer(name)
        try desk.beginEnrolment(invitation: try await foundingInvitation(), name: "Arbetsplats 1")
        let sheet = try await desk.shownSheet()
        try desk.typeSheet(sheet)
        try await desk.until { $0.stage == .joined }
        return (desk, sheet)
    }

    /// Lets a computer in, by the digits that it shows.
    func admit(_ desk: Workstation, name: String, by lead: Workstation, asLead: Bool = false) async throws {
        let invitation = try await lead.invite()
        try desk.beginEnrolment(invitation: invitation.text, name: name)
        let digits = try await desk.shownDigits(answeredBy: lead)
        #expect(try await lead.typed(digits, for: invitation.id, asLead: asLead).isAdmitted)
        try await desk.until { $0.stage == .joined }
    }
}

/// The network: it can be away.
final class Network: HTTPTransport {
    private let server: SyncServer
    private let isDown = Lock(false)

    init(_ server: SyncServer) { self.server = server }

    func setDown(_ value: Bool) { isDown.withLock { $0 = value } }

    func send(_ request: HTTPClientRequest) async throws(HTTPClientError) -> HTTPClientResponse {
        if isDown.withLock({ $0 }) { throw HTTPClientError(.unreachable, "the test took the network away") }
        let head = HTTPRequestHead(
            method: HTTPMethod(rawValue: request.method),
            target: String(request.url.dropFirst(ServedLine.address.count)),
            headers: request.headers.map { HTTPHeader($0.name, $0.value) }, contentLength: request.body.count)
        let response = await server.answer(head, body: request.body)
        return HTTPClientResponse(
            status: response.status, headers: response.headers.map { ($0.name, $0.value) }, body: response.body)
    }
}

extension Lead.Admittance {
    var isAdmitted: Bool {
        if case .admitted = self { return true }
        return false
    }
}

extension Workstation {
    struct TooLate: Error { var stage: Enrolment.Stage }

    @discardableResult
    func until(_ condition: (Enrolment) -> Bool) async throws -> Enrolment {
        for _ in 0..<400 {
            if condition(enrolment) { return enrolment }
            try await Task.sleep(for: .milliseconds(50))
        }
        throw TooLate(stage: enrolment.stage)
    }

    /// The groups that are shown, as a person types them.
    func shownSheet() async throws -> String {
        let shown = try await until {
            if case .newSheet = $0.stage { return true }
            return false
        }
        guard case .newSheet(let groups, _) = shown.stage else { throw TooLate(stage: shown.stage) }
        return groups.joined(separator: " ")
    }

    /// A lead types digits. The new computer shows them a moment before it has told the server so: then it is done again.
    func typed(_ digits: String, for invitation: InvitationID, asLead: Bool = false) async throws -> Lead.Admittance {
        for _ in 0..<100 {
            let admittance = try await admit(invitation, digits: digits, asLead: asLead)
            if admittance != .notReady { return admittance }
            try await Task.sleep(for: .milliseconds(50))
        }
        return .notReady
    }

    /// The digits that are shown, once a lead's workstation has looked.
    func shownDigits(answeredBy lead: Workstation) async throws -> String {
        for _ in 0..<400 {
            if case .digits(let digits) = enrolment.stage { return digits }
            _ = try await lead.applicants()
            try await Task.sleep(for: .milliseconds(50))
        }
        throw TooLate(stage: enrolment.stage)
    }
}
