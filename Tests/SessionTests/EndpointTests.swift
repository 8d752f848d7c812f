import ChangeLog
import HTTPServer
import Merge
import Sealing
import Support
import SyncProtocol
import SyncServer
import TestSupport
import Testing

/// The endpoints, as a program that is not ours would meet them.
@Suite struct EndpointTests {
    /// A server with one enrolled device and an operator.
    private struct Site {
        let line: TestLine
        let token: String
        let operatorToken = "the operator's"

        init() async throws {
            line = try await TestLine()
            try await line.log.addOperator(tokenHash: Secrets.hash(operatorToken))
            let (invitation, _) = try await Secrets.invitation(
                to: line.line, in: line.log, now: line.clock.now, hours: 1)
            token = try await Self.join(line, invitation).token
        }

        static func join(_ line: TestLine, _ invitation: String) async throws -> JoinResponse {
            let request = JoinRequest(invitation: invitation, name: "Desk", keyCheck: [UInt8](repeating: 1, count: 16))
            let response = await send(line.server, .post, "/v2/join", nil, request.encoded())
            guard response.status == 200 else { throw Refused(response: response) }
            return try JoinResponse(encoded: response.body)
        }

        func sync(_ request: SyncRequest) async throws -> SyncResponse {
            let response = await send(line.server, .post, "/v2/sync", token, request.encoded())
            guard response.status == 200 else { throw Refused(response: response) }
            return try SyncResponse(encoded: response.body)
        }

        /// The same in a task of its own.
        func start(_ request: SyncRequest) -> Task<SyncResponse, any Error> {
            let (server, token, body) = (line.server, token, request.encoded())
            return Task {
                let response = await send(server, .post, "/v2/sync", token, body)
                guard response.status == 200 else { throw Refused(response: response) }
                return try SyncResponse(encoded: response.body)
            }
        }

        func request(_ replica: UInt64) -> SyncRequest {
            SyncRequest(
                line: line.line, replica: ReplicaID(rawValue: replica),
                clock: line.clock.now)
        }

        func commit(_ number: UInt64, record: UInt64) -> SealedCommit {
            let header = ChangeHeader(
                kind: .put, collection: 1, record: RecordID(high: 1, low: record), parent: nil,
                fields: FieldMask(field: 0),
                epoch: 1)
            return SealedCommit(
                number: number,
                stamp: Stamp(
                    time: HybridTimestamp(milliseconds: line.clock.now, counter: UInt16(number)),
                    dot: Dot(rawValue: record << 8 | number)),
                digest: [UInt8](repeating: UInt8(number), count: 16),
                nonce: [UInt8](repeating: 1, count: 16),
                changes: [SealedChange(header: header, sealed: [1, 2, 3])])
        }

        /// Requests that wait now, as the metrics say.
        func waiting(at server: SyncServer? = nil) async -> String {
            let text = await send(server ?? line.server, .get, "/metrics", operatorToken).body
            return String(decoding: text, as: UTF8.self).split(separator: "\n")
                .first { $0.hasPrefix("lugn_waiting_requests ") }.map { String($0.dropFirst(22)) } ?? ""
        }
    }

    struct Refused: Error { let response: HTTPResponse }

    private static func send(
        _ server: SyncServer, _ method: HTTPMethod, _ path: String, _ token: String?, _ body: [UInt8] = []
    ) async -> HTTPResponse {
        var headers = token.map { [HTTPHeader("Authorization", "Bearer \($0)")] } ?? []
        headers.append(HTTPHeader(ContentDigest.name, ContentDigest.value(of: body)))
        let head = HTTPRequestHead(method: method, path: path, headers: headers, contentLength: body.count)
        return await server.answer(head, body: body)
    }

    private func text(_ response: HTTPResponse) -> String { String(decoding: response.body, as: UTF8.self) }

    // MARK: Refusals

    @Test(
        "a refusal is a problem document with a stable type",
        arguments: [
            ("POST", "/v2/sync", nil as String?, 401, "unauthorized"),
            ("POST", "/v2/sync", "wrong", 401, "unauthorized"),
            ("GET", "/metrics", nil, 401, "unauthorized"), ("GET", "/v2/admin/replicas", "wrong", 401, "unauthorized"),
            ("POST", "/v2/join", nil, 400, "malformed"), ("GET", "/v2/sync", "wrong", 405, "method-not-allowed"),
            ("GET", "/nothing", nil, 404, "not-found"),
        ])
    func refusals(_ method: String, _ path: String, _ token: String?, _ status: Int, _ name: String) async throws {
        let site = try await Site()
        let response = await Self.send(site.line.server, HTTPMethod(rawValue: method), path, token)
        #expect(response.status == status)
        #expect(text(response).contains("\"urn:lugn:problem:\(name)\""))
        #expect(response.headers.contains { $0.value == "application/problem+json" })
    }

    @Test("a device's token opens no operators' door, and an operator's none of the devices'")
    func tokensApart() async throws {
        let site = try await Site()
        #expect(await Self.send(site.line.server, .get, "/v2/admin/status", site.token).status == 401)
        let body = site.request(1).encoded()
        #expect(await Self.send(site.line.server, .post, "/v2/sync", site.operatorToken, body).status == 401)
    }

    @Test(
        "a body that is no message is refused with the place where it stops making sense; the next one is taken (I11)")
    func malformed() async throws {
        let site = try await Site()
        let good = site.request(1).encoded()
        for body in [[], Array(good.dropLast()), good + [0], [0xFF], Array(repeating: 0x9F, count: 1_000)] {
            let response = await Self.send(site.line.server, .post, "/v2/sync", site.token, body)
            #expect(response.status == 400 && text(response).contains("urn:lugn:problem:malformed"))
        }
        #expect(try await site.sync(site.request(1)).outcome == .done)
    }

    @Test("an invitation is used once, and the second use is told so")
    func invitations() async throws {
        let site = try await Site()
        let (invitation, _) = try await Secrets.invitation(
            to: site.line.line, in: site.line.log, now: site.line.clock.now, hours: 1)
        _ = try await Site.join(site.line, invitation)
        await #expect { try await Site.join(site.line, invitation) } throws: {
            ($0 as? Refused).map { text($0.response).contains("urn:lugn:problem:invitation-used") } == true
        }
        await #expect { try await Site.join(site.line, "never made") } throws: {
            ($0 as? Refused).map { text($0.response).contains("urn:lugn:problem:unknown-invitation") } == true
        }
    }

    // MARK: Waiting

    @Test("a waiting replica hears of news when it comes, with the news")
    func wakes() async throws {
        let site = try await Site()
        var waiting = site.request(2)
        waiting.cursor = try await site.sync(waiting).cursor
        waiting.wait = 55_000
        let answer = site.start(waiting)
        while await site.waiting() != "1" { await Task.yield() }
        var writing = site.request(1)
        writing.commits = [site.commit(1, record: 1)]
        #expect(try await site.sync(writing).heldNumber == 1)
        let heard = try await answer.value
        #expect(heard.outcome == .done && heard.cursor.position == 1 && heard.page?.isEmpty == false)
        #expect(await site.waiting() == "0")
    }

    @Test(
        "a copy that went on under a waiting replica's name is told of when it wakes (I9)"
    )
    func wakesForked() async throws {
        let site = try await Site()
        var waiting = site.request(1)
        waiting.cursor = try await site.sync(waiting).cursor
        waiting.wait = 55_000
        let answer = site.start(waiting)
        while await site.waiting() != "1" { await Task.yield() }
        var copy = site.request(1)
        copy.commits = [site.commit(1, record: 1)]
        _ = try await site.sync(copy)
        let heard = try await answer.value
        // By the digest of a commit that it never made the replica knows that somebody else goes on under its id.
        #expect(heard.heldNumber == 1 && heard.heldDigests == [site.commit(1, record: 1).digest])
    }

    @Test("a device that is revoked while it waits is handed out nothing")
    func wakesRevoked() async throws {
        let site = try await Site()
        var waiting = site.request(1)
        waiting.cursor = try await site.sync(waiting).cursor
        waiting.wait = 55_000
        let answer = site.start(waiting)
        while await site.waiting() != "1" { await Task.yield() }
        let (invitation, _) = try await Secrets.invitation(
            to: site.line.line, in: site.line.log, now: site.line.clock.now, hours: 1)
        let other = try await Site.join(site.line, invitation).token
        let revoke = "/v2/admin/replicas/\(ReplicaID(rawValue: 1))/revoke"
        #expect(await Self.send(site.line.server, .post, revoke, site.operatorToken).status == 200)
        var writing = site.request(2)
        writing.commits = [site.commit(1, record: 1)]
        #expect(await Self.send(site.line.server, .post, "/v2/sync", other, writing.encoded()).status == 200)
        do {
            _ = try await answer.value
            Issue.record("a revoked device was answered")
        } catch let error as Refused {
            #expect(error.response.status == 403 && text(error.response).contains("urn:lugn:problem:revoked"))
        }
    }

    @Test("waiting ends at once when the request's task is cancelled, and leaves nothing behind")
    func cancelled() async throws {
        let site = try await Site()
        var waiting = site.request(1)
        waiting.cursor = try await site.sync(waiting).cursor
        waiting.wait = 55_000
        let (server, token, body) = (site.line.server, site.token, waiting.encoded())
        let task = Task { await Self.send(server, .post, "/v2/sync", token, body).status }
        while await site.waiting() != "1" { await Task.yield() }
        task.cancel()
        #expect(await task.value == 200)
        #expect(await site.waiting() == "0")
    }

    @Test("waiting requests are not counted as work: more of them wait than may be worked on")
    func workLimit() async throws {
        let site = try await Site()
        let clock = site.line.clock
        // One for the request that comes to wait, one for the question how many do.
        let server = SyncServer(
            log: site.line.log, clock: WallClock { clock.now }, logger: Logger(minimumLevel: .error), workLimit: 2)
        var waiting = site.request(1)
        waiting.cursor = try await site.sync(waiting).cursor
        waiting.wait = 55_000
        let (token, body) = (site.token, waiting.encoded())
        var tasks: [Task<Int, Never>] = []
        for count in 1...4 {
            tasks.append(Task { await Self.send(server, .post, "/v2/sync", token, body).status })
            while await site.waiting(at: server) != "\(count)" { await Task.yield() }
        }
        for task in tasks { task.cancel() }
        for task in tasks { #expect(await task.value == 200) }
        #expect(await site.waiting(at: server) == "0")
    }

    // MARK: Operators

    @Test("operators see who is in sync, under the names that scripts rely on")
    func replicas() async throws {
        let site = try await Site()
        var request = site.request(1)
        request.commits = [site.commit(1, record: 1)]
        _ = try await site.sync(request)
        let document = text(await Self.send(site.line.server, .get, "/v2/admin/replicas", site.operatorToken))
        for key in [
            "replica", "name", "lastSeen", "cursor", "lag", "pending", "oldestPending", "clockOffsetMilliseconds",
            "schema",
            "verified",
        ] {
            #expect(document.contains("\"\(key)\""), "\(key)")
        }
        let verified = text(await Self.send(site.line.server, .get, "/v2/admin/verify", site.operatorToken))
        #expect(verified.contains("true"))
    }
}
