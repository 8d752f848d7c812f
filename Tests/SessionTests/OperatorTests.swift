import ChangeLog
import HTTPServer
import JSON
import Merge
import Replica
import SQLite
import Sealing
import SimulatedDisk
import Support
import SyncProtocol
import SyncServer
import TestSupport
import Testing

/// The operators' endpoints, and a server whose disk fails.
@Suite("Operators")
struct OperatorTests {
    private static let token = "the operator's"

    private func site() async throws -> TestLine {
        let line = try await TestLine()
        try await line.log.addOperator(tokenHash: Secrets.hash(Self.token))
        return line
    }

    private func ask(
        _ server: SyncServer, _ path: String, _ method: HTTPMethod = .get, token: String? = OperatorTests.token,
        body: [UInt8] = []
    ) async -> HTTPResponse {
        var headers = token.map { [HTTPHeader("Authorization", "bearer \($0)")] } ?? []
        headers.append(HTTPHeader(ContentDigest.name, ContentDigest.value(of: body)))
        var query: [String: String] = [:]
        for pair in path.split(separator: "?").dropFirst() {
            let parts = pair.split(separator: "=")
            query[String(parts[0])] = String(parts[1])
        }
        let head = HTTPRequestHead(
            method: method, path: String(path.prefix { $0 != "?" }), query: query, headers: headers,
            contentLength: body.count)
        return await server.answer(head, body: body)
    }

    private func document(_ response: HTTPResponse) throws -> JSONValue {
        #expect(response.status == 200)
        return try JSONValue(parsing: response.body)
    }

    private func problem(_ response: HTTPResponse) throws -> String {
        let type = try JSONValue(parsing: response.body)["type"]?.string ?? ""
        return type.replacing("urn:lugn:problem:", with: "")
    }

    @Test("the status tells of each line how far it is and what it holds, and nothing of what was written")
    func status() async throws {
        let line = try await site()
        let desk = try await line.desk()
        try desk.replica.write { try $0.insert(Garden.plants) { $0[Garden.name] = "secret oak" } }
        try await desk.sync()
        let status = try document(await ask(line.server, "/v2/admin/status"))
        let lines = try #require(status["lines"]?.array)
        #expect(lines.map { $0["line"]?.string } == [line.line.description])
        #expect(lines[0]["head"]?.integer == 1 && lines[0]["liveChanges"]?.integer == 1)
        #expect(lines[0]["replicas"]?.integer == 1 && lines[0]["name"]?.string == "Test")
        #expect(try lines[0]["fingerprint"]?.string == desk.replica.status().fingerprint.description)
        #expect(status["serverTime"]?.string == "2023-11-14T22:13:20.000Z" && status["waiting"]?.integer == 0)
        #expect(!status.text.contains("secret"))
        let metrics = String(decoding: await ask(line.server, "/metrics").body, as: UTF8.self)
        #expect(
            metrics.contains("lugn_commits_accepted_total 1\n") && metrics.contains("lugn_log_head{line=\"1\"} 1\n"))
    }

    @Test("outcomes other than done are counted by their names")
    func outcomes() async throws {
        let line = try await site()
        let desk = try await line.desk(clockOffset: { 3_600_000 })
        try desk.replica.write { try $0.insert(Garden.plants) { $0[Garden.name] = "oak" } }
        try await desk.sync()
        let copy = try line.open(try line.copy(desk))
        try desk.replica.write { try $0.insert(Garden.plants) { $0[Garden.name] = "elm" } }
        let backup = try line.backUpServer()
        try await desk.sync()
        try await copy.sync()
        try line.restoreServer(from: backup)
        try desk.replica.write { try $0.insert(Garden.plants) { $0[Garden.name] = "ash" } }
        try await desk.sync()
        let metrics = String(decoding: await ask(line.server, "/metrics").body, as: UTF8.self)
        #expect(metrics.contains("lugn_refusals_total{outcome=\"diverged\"} 1\n"))
    }

    @Test("with more than one line, the one that is meant has to be named")
    func lines() async throws {
        let line = try await site()
        let desk = try await line.desk()
        try await desk.sync()
        let second = try await line.log.createLine(name: "Second", now: line.clock.now)
        #expect(try problem(await ask(line.server, "/v2/admin/replicas")) == "malformed")
        let first = try document(await ask(line.server, "/v2/admin/replicas?line=\(line.line)"))
        #expect(first.array?.count == 1)
        #expect(try document(await ask(line.server, "/v2/admin/replicas?line=\(second)")).array?.isEmpty == true)
        #expect(try document(await ask(line.server, "/v2/admin/verify?line=\(second)"))["verified"]?.bool == true)
        for wrong in ["00", "nothing", String(repeating: "0", count: 31)] {
            #expect(try problem(await ask(line.server, "/v2/admin/verify?line=\(wrong)")) == "not-found")
        }
    }

    @Test("an invitation is good for as long as was said, and not for ever")
    func invitations() async throws {
        let line = try await site()
        let answer = try document(await ask(line.server, "/v2/admin/invitations?hours=2", .post))
        #expect(answer["expires"]?.string == "2023-11-15T00:13:20.000Z")
        let text = try #require(answer["invitation"]?.string)
        #expect(try problem(await ask(line.server, "/v2/admin/invitations?hours=8761", .post)) == "malformed")
        line.clock.advance(by: 2 * 3_600_000)
        let join = JoinRequest(invitation: text, name: "Desk", keyCheck: [UInt8](repeating: 1, count: 16)).encoded()
        #expect(try problem(await ask(line.server, "/v2/join", .post, token: nil, body: join)) == "invitation-expired")
        let fresh = try document(await ask(line.server, "/v2/admin/invitations", .post))
        let nameless = JoinRequest(
            invitation: try #require(fresh["invitation"]?.string), name: "", keyCheck: [UInt8](repeating: 1, count: 16))
        #expect(
            try problem(await ask(line.server, "/v2/join", .post, token: nil, body: nameless.encoded())) == "malformed")
    }

    @Test("a replica that is revoked is named, one that is not known is not found")
    func revoking() async throws {
        let line = try await site()
        let desk = try await line.desk()
        try await desk.sync()
        let id = try desk.replica.status().replica
        let unknown = ReplicaID(rawValue: id.rawValue &+ 1)
        #expect(try problem(await ask(line.server, "/v2/admin/replicas/\(unknown)/revoke", .post)) == "not-found")
        #expect(
            try document(await ask(line.server, "/v2/admin/replicas/\(id)/revoke", .post))["revoked"]?.bool == true)
        let replicas = try document(await ask(line.server, "/v2/admin/replicas"))
        #expect(replicas.array?.first?["revoked"]?.bool == true)
        for path in ["/v2/admin/replicas/\(id)", "/v2/admin/replicas/xyz/revoke", "/v2/other", "/v1x/sync", "/v2/"] {
            #expect(try problem(await ask(line.server, path, .post)) == "not-found")
        }
        for path in ["/v1/sync", "/v0/heal", "/v17/admin/status"] {
            #expect(try problem(await ask(line.server, path, .post)) == "other-version")
        }
    }

    @Test("health and readiness are told without a token, also to HEAD")
    func health() async throws {
        let line = try await site()
        for path in ["/healthz", "/readyz"] {
            #expect(await ask(line.server, path, token: nil).status == 200)
            #expect(await ask(line.server, path, .head, token: nil).status == 200)
        }
    }

    @Test(
        "a full or broken disk is a problem document, the server lives on, and takes what it is sent once there is room"
    )
    func disk() async throws {
        let disk = SimulatedDisk()
        let log = try SQLiteChangeLog(path: "server.db", vfs: disk.vfs)
        let line = try await log.createLine(name: "Test", now: 0)
        try await log.addOperator(tokenHash: Secrets.hash(Self.token))
        let server = SyncServer(
            log: log, clock: .fixed(atMilliseconds: 0), logger: Logger(minimumLevel: .error) { _ in })
        let (invitation, _) = try await Secrets.invitation(to: line, in: log, now: 0, hours: 1)
        let join = JoinRequest(invitation: invitation, name: "Desk", keyCheck: [UInt8](repeating: 1, count: 16))
            .encoded()
        func tryToJoin() async -> HTTPResponse { await ask(server, "/v2/join", .post, token: nil, body: join) }
        for (fault, status, name) in [(SimulatedDisk.Fault.full, 507, "storage-full"), (.failure, 503, "unavailable")] {
            disk.inject(fault, at: 1, of: .changing, lasts: true)
            let answer = await tryToJoin()
            #expect(try answer.status == status && problem(answer) == name)
            #expect(answer.headers.contains { $0.name == "Retry-After" })
            disk.relieve()
        }
        #expect(await tryToJoin().status == 200)
    }
}
