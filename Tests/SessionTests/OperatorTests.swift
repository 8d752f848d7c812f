import ChangeLog
import HTTPServer
import JSON
import Merge
import Replica
import SQLite
import Sealing
import SimulatedDisk
import SimulatedLead
import Support
import SyncProtocol
import SyncServer
import TestSupport
import Testing
import Trust

/// The operators' endpoints, and a server whose disk fails.
@Suite("Operators")
struct OperatorTests {
    private static let key = SigningKey(seed: SecretBytes(copying: [UInt8](repeating: 7, count: 32)))

    private func site() async throws -> TestLine {
        let line = try await TestLine()
        try await Self.addOperator(line.log, line.clock.now)
        return line
    }

    private static func addOperator(_ log: any LineStore, _ now: Int64) async throws {
        try await log.perform(
            .addOperator(signingKey: key.publicKey, label: "Operator", line: nil), by: nil, request: randomBytes(16),
            now: now)
    }

    private func ask(
        _ line: TestLine, _ path: String, _ method: HTTPMethod = .get, isSigned: Bool = true
    ) async throws -> HTTPResponse {
        let signed = try SignedHead(
            method, path, by: isSigned ? .administrator(Self.key) : nil, at: line.log, now: line.clock.now
        ).head
        return await line.server.answer(signed)
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
        let status = try document(try await ask(line, "/v2/admin/status"))
        let lines = try #require(status["lines"]?.array)
        #expect(lines.map { $0["line"]?.string } == [line.line.description])
        #expect(lines[0]["head"]?.integer == 1 && lines[0]["liveChanges"]?.integer == 1)
        #expect(lines[0]["replicas"]?.integer == 1 && lines[0]["name"]?.string == "Test")
        #expect(try lines[0]["fingerprint"]?.string == desk.replica.status().fingerprint.description)
        #expect(status["serverTime"]?.string == "2023-11-14T22:13:20.000Z" && status["waiting"]?.integer == 0)
        #expect(!status.text.contains("secret"))
        let metrics = String(decoding: try await ask(line, "/metrics").body, as: UTF8.self)
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
        let metrics = String(decoding: try await ask(line, "/metrics").body, as: UTF8.self)
        #expect(metrics.contains("lugn_refusals_total{outcome=\"diverged\"} 1\n"))
    }

    @Test("with more than one line, the one that is meant has to be named")
    func lines() async throws {
        let line = try await site()
        let desk = try await line.desk()
        try await desk.sync()
        let lead = try SimulatedLead(now: line.clock.now)
        try await lead.found(in: line.log, lineName: "Second", now: line.clock.now)
        let second = lead.line
        #expect(try problem(try await ask(line, "/v2/admin/replicas")) == "malformed")
        let first = try document(try await ask(line, "/v2/admin/replicas?line=\(line.line)"))
        #expect(first.array?.count == 1)
        #expect(try document(try await ask(line, "/v2/admin/replicas?line=\(second)")).array?.isEmpty == true)
        #expect(try document(try await ask(line, "/v2/admin/verify?line=\(second)"))["verified"]?.bool == true)
        for wrong in ["00", "nothing", String(repeating: "0", count: 31)] {
            #expect(try problem(try await ask(line, "/v2/admin/verify?line=\(wrong)")) == "not-found")
        }
    }

    @Test("a path that is none is not found, and one of another version says so")
    func paths() async throws {
        let line = try await site()
        for path in ["/v2/admin/replicas/1", "/v2/other", "/v1x/sync", "/v2/"] {
            #expect(try problem(try await ask(line, path, .post)) == "not-found")
        }
        for path in ["/v1/sync", "/v0/heal", "/v17/admin/status"] {
            #expect(try problem(try await ask(line, path, .post)) == "other-version")
        }
    }

    @Test("health and readiness are told without a token, also to HEAD")
    func health() async throws {
        let line = try await site()
        for path in ["/healthz", "/readyz"] {
            #expect(try await ask(line, path, isSigned: false).status == 200)
            #expect(try await ask(line, path, .head, isSigned: false).status == 200)
        }
    }

    @Test(
        "a full or broken disk is a problem document, the server lives on, and takes what it is sent once there is room"
    )
    func disk() async throws {
        let disk = SimulatedDisk()
        let log = try SQLiteChangeLog(path: "server.db", vfs: disk.vfs)
        let lead = try SimulatedLead(now: 0)
        try await lead.found(in: log, lineName: "Test", now: 0)
        let server = SyncServer(
            log: log, registry: log, clock: .fixed(atMilliseconds: 0), logger: Logger(minimumLevel: .error) { _ in })
        let body = BoxesRequest(boxes: lead.founding.boxes).encoded()
        let head = try SignedHead(.post, "/v2/boxes", body, by: .device(lead.device), at: log, now: 0).head
        // Not the boxes that are there already: something has to be written.
        let other = DeviceKeys.random()
        try await lead.admit(other, name: "Desk", in: log, now: 0)
        let mine = SyncRequest(line: lead.line, replica: ReplicaID(rawValue: 5), clock: 0).encoded()
        let sync = try SignedHead(.post, "/v2/sync", mine, by: .device(other), at: log, now: 0).head
        #expect(await server.answer(head, body: body).status == 204)
        func write() async -> HTTPResponse { await server.answer(sync, body: mine) }
        for (fault, status, name) in [(SimulatedDisk.Fault.full, 507, "storage-full"), (.failure, 503, "unavailable")] {
            disk.inject(fault, at: 1, of: .changing, lasts: true)
            let answer = await write()
            #expect(try answer.status == status && problem(answer) == name)
            #expect(answer.headers.contains { $0.name == "Retry-After" })
            disk.relieve()
        }
        #expect(await write().status == 200)
    }
}
