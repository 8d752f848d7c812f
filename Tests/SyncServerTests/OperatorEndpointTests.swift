import ChangeLog
import HTTPClient
import JSON
import Merge
import Sealing
import Support
import SyncProtocol
import TestRosters
import Testing
import Trust

/// The operators' endpoints that are about who belongs to a line.
@Suite struct OperatorEndpointTests {
    private func get(_ route: String, _ server: TestServer, _ signer: Signer) async throws -> JSONValue {
        try JSONValue(parsing: try await server.send("GET", route, by: signer).body)
    }

    private func act(
        _ members: [(String, JSONValue)], _ server: TestServer, _ signer: Signer, request: [UInt8] = randomBytes(16)
    ) async throws -> HTTPClientResponse {
        let document = JSONValue.object(
            [JSONMember("request", .string(hexadecimalText(request)))] + members.map { JSONMember($0.0, $0.1) })
        return try await server.send("POST", "/v2/admin/acts", Array(document.text.utf8), by: signer)
    }

    @Test("a workstation that never synced is seen, labelled and blocked as any")
    func devices() async throws {
        let server = try await TestServer()
        let (karin, desk) = (try await server.administrator(), try await server.device())
        let id = JSONValue.string(desk.deviceID.description)
        #expect(
            try await act([("act", "label"), ("device", id), ("label", "Desk 3")], server, karin).status == 200)
        #expect(try await act([("act", "block"), ("device", id)], server, karin).status == 200)
        let devices = try await get("/v2/admin/devices", server, karin).array ?? []
        let seen = try #require(devices.first { $0["device"] == id })
        #expect(devices.count == 2 && seen["label"]?.string == "Desk 3" && seen["blocked"]?.bool == true)
        #expect(seen["lastSeen"] == .null && seen["role"]?.string == "counsellor" && seen["removed"]?.bool == false)
        #expect(try await !server.isRunning(desk))
        await server.stop()
    }

    @Test("an operator of one line sees that line, and of the others not even that they are")
    func oneLine() async throws {
        let server = try await TestServer()
        let other = try TestRoster()
        let founder = TestInvitation()
        try await server.perform(
            .inviteFounder(signingKey: founder.signingKey, name: "Other", expires: server.now + 1_000))
        _ = try await server.log.found(other.founding, by: founder.id, now: server.now)
        let karin = try await server.administrator(line: server.line)
        let all = try await server.administrator()
        #expect(try await get("/v2/admin/status", server, all)["lines"]?.array?.count == 2)
        #expect(try await get("/v2/admin/status", server, karin)["lines"]?.array?.count == 1)
        #expect(try await get("/v2/admin/devices", server, karin).array?.count == 1)
        for route in [
            "/v2/admin/devices?line=\(other.line)", "/v2/admin/invitations?line=\(other.line)",
            "/v2/admin/replicas?line=\(other.line)", "/v2/admin/verify?line=\(other.line)", "/v2/admin/operators",
            "/v2/admin/audit", "/metrics",
        ] {
            #expect(try await server.send("GET", route, by: karin).status == 404, "\(route)")
            #expect(try await server.send("GET", route, by: all).status == 200, "\(route)")
        }
        let blocked = try await act(
            [("act", "block"), ("device", .string(other.lead.id.description))], server, karin)
        #expect(blocked.status == 404)
        #expect(try await server.isRunning(.device(other.lead)))
        #expect(
            try await act(
                [
                    ("act", "invite-founder"), ("name", "x"), ("key", .string(hexadecimalText(randomBytes(32)))),
                    ("expires", .integer(server.now + 1)),
                ], server, karin
            ).problem == "not-allowed")
        await server.stop()
    }

    @Test("what is asked for wrongly is refused with words, and nothing is done")
    func malformed() async throws {
        let server = try await TestServer()
        let karin = try await server.administrator()
        let before = try server.log.audit(from: 0, limit: 0).end
        let key = JSONValue.string(hexadecimalText(randomBytes(32)))
        let device = JSONValue.string(server.roster.lead.id.description)
        for members: [(String, JSONValue)] in [
            [], [("act", "delete-everything")], [("act", "block")], [("act", "block"), ("device", "xyz")],
            [("act", "block"), ("device", 7)], [("act", "label"), ("device", device)],
            [("act", "label"), ("device", device), ("label", .string(String(repeating: "a", count: 101)))],
            [("act", "label"), ("device", device), ("label", "two\nlines")],
            [("act", "add-operator"), ("key", key), ("label", "")],
            [("act", "add-operator"), ("key", "00"), ("label", "x")],
            [("act", "invite-founder"), ("key", key), ("name", "x"), ("expires", -1)],
            [("act", "invite-founder"), ("key", key), ("name", "x"), ("expires", "soon")],
        ] {
            let answer = try await act(members, server, karin)
            #expect(answer.status == 400 && answer.problem == "malformed", "\(members)")
        }
        for body in ["", "{", "[]", "null", #"{"act":"block"}"#, #"{"request":"00","act":"block"}"#] {
            #expect(try await server.send("POST", "/v2/admin/acts", Array(body.utf8), by: karin).status == 400)
        }
        #expect(try server.log.audit(from: 0, limit: 0).end == before)
        await server.stop()
    }

    @Test("the audit log comes in parts, as it is kept; every act's answer says where it ends")
    func audit() async throws {
        let server = try await TestServer()
        let karin = try await server.administrator()
        var end: String?
        for label in 1...5 {
            let answer = try await act(
                [
                    ("act", "label"), ("device", .string(server.roster.lead.id.description)),
                    ("label", .string("Desk \(label)")),
                ], server, karin)
            end = try JSONValue(parsing: answer.body)["audit"]?.string
        }
        var chain = AuditChain(anchor: AuditChain.Anchor(text: end ?? ""))
        let answer = try await get("/v2/admin/audit?from=0", server, karin)
        for text in answer["entries"]?.array ?? [] {
            try chain.append(try AuditEntry(encoded: bytes(hexadecimal: text.string ?? "") ?? []))
        }
        try chain.finish()
        #expect(chain.end.text == end && answer["end"]?.string == end && chain.count == 8)
        #expect(try await get("/v2/admin/audit?from=6", server, karin)["entries"]?.array?.count == 2)
        #expect(try await get("/v2/admin/audit?from=99", server, karin)["entries"]?.array?.count == 0)
        #expect(try await server.send("GET", "/v2/admin/audit?from=x", by: karin).status == 400)
        await server.stop()
    }

    @Test("a workstation that is too old is told which version it waits for, and the operator sees which ones are")
    func minimumVersion() async throws {
        let server = try await TestServer()
        let (karin, desk) = (try await server.administrator(), try await server.device())
        let line = JSONValue.string(server.line.description)
        #expect(
            try await act([("act", "minimum-version"), ("line", line), ("version", "0.3.0")], server, karin).status
                == 200)
        func sync(_ program: String) async throws -> HTTPClientResponse {
            let request = SyncRequest(
                line: server.line, replica: ReplicaID(rawValue: 1), clock: server.now,
                condition: ReplicaCondition(program: program))
            return try await server.send("POST", "/v2/sync", request.encoded(), by: desk)
        }
        let refused = try await sync("0.2.9")
        #expect(refused.status == 403 && refused.problem == "too-old" && refused.header("Retry-After") != nil)
        #expect(try JSONValue(parsing: refused.body)["minimum"]?.string == "0.3.0")
        let devices = try await get("/v2/admin/devices", server, karin).array ?? []
        let seen = try #require(devices.first { $0["device"]?.string == desk.deviceID.description })
        #expect(seen["tooOld"]?.bool == true && seen["program"]?.string == "0.2.9")
        let status = try await get("/v2/admin/status", server, karin)["lines"]?.array?.first
        #expect(status?["tooOld"]?.integer == 1 && status?["minimumProgram"]?.string == "0.3.0")
        #expect(try await sync("0.3.0").status == 200)
        for version: JSONValue in ["next", 3, "1.2"] {
            #expect(
                try await act([("act", "minimum-version"), ("line", line), ("version", version)], server, karin)
                    .status == 400)
        }
        #expect(
            try await act([("act", "minimum-version"), ("line", line), ("version", nil)], server, karin).status == 200)
        #expect(try await sync("0.2.9").status == 200)
        #expect(try await act([("act", "quota"), ("line", line), ("bytes", 0)], server, karin).status == 400)
        await server.stop()
    }

    @Test("who was let in and out, when and by whom, stands with each workstation")
    func byWhom() async throws {
        let server = try await TestServer()
        let karin = try await server.administrator()
        let keys = DeviceKeys.random()
        try server.roster.admit(keys)
        try server.roster.remove(keys)
        try await server.publish()
        let devices = try await get("/v2/admin/devices", server, karin).array ?? []
        let lead = JSONValue.string(server.roster.lead.id.description)
        let seen = try #require(devices.first { $0["device"]?.string == keys.id.description })
        #expect(seen["admittedBy"] == lead && seen["removedBy"] == lead && seen["removedAt"]?.string != nil)
        let own = try #require(devices.first { $0["device"] == lead })
        #expect(own["removedBy"] == .null && own["removedAt"] == .null)
        await server.stop()
    }

    @Test("the day's history is each line's own; of the whole server an operator of one line sees nothing")
    func history() async throws {
        let server = try await TestServer()
        let (all, karin) = (try await server.administrator(), try await server.administrator(line: server.line))
        let whole = try await get("/v2/admin/history", server, all)
        #expect(whole["requests"]?.array?.count == 1_440 && whole["lines"]?.array?.count == 1)
        let own = try await get("/v2/admin/history?line=\(server.line)", server, karin)
        #expect(
            own["requests"] == nil && own["bytes"] == nil && own["lines"]?.array?.first?["lag"]?.array?.count == 1_440)
        await server.stop()
    }
}
