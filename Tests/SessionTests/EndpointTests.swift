import ChangeLog
import HTTPServer
import Merge
import Sealing
import SimulatedLead
import Support
import SyncProtocol
import SyncServer
import TestSupport
import Testing
import Trust

/// The endpoints, as a program that is not ours would meet them.
@Suite struct EndpointTests {
    /// A server with one enrolled device and an operator.
    private struct Site {
        let line: TestLine
        let device = DeviceKeys.random()
        let administrator = SigningKey(seed: SecretBytes(randomCount: SigningKey.seedBytes))

        init() async throws {
            line = try await TestLine()
            try await line.log.perform(
                .addOperator(signingKey: administrator.publicKey, label: "Operator", line: nil), by: nil,
                request: randomBytes(16), now: line.clock.now)
            try await admit(device)
        }

        func admit(_ keys: DeviceKeys) async throws {
            try await line.lead.admit(keys, name: "Desk", in: line.log, now: line.clock.now)
        }

        func sync(_ request: SyncRequest, as keys: DeviceKeys? = nil) async throws -> SyncResponse {
            let response = try await send(line, .post, "/v2/sync", .device(keys ?? device), request.encoded())
            guard response.status == 200 else { throw Refused(response: response) }
            return try SyncResponse(encoded: response.body)
        }

        /// The same in a task of its own.
        func start(_ request: SyncRequest) throws -> Task<SyncResponse, any Error> {
            let body = request.encoded()
            let head = try SignedHead(
                .post, "/v2/sync", body, by: .device(device), at: line.log, now: line.clock.now
            ).head
            let server = line.server
            return Task {
                let response = await server.answer(head, body: body)
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
            guard
                let head = try? SignedHead(
                    .get, "/metrics", by: .administrator(administrator), at: line.log, now: line.clock.now
                ).head
            else { return "" }
            let text = await (server ?? line.server).answer(head).body
            return String(decoding: text, as: UTF8.self).split(separator: "\n")
                .first { $0.hasPrefix("lugn_waiting_requests ") }.map { String($0.dropFirst(22)) } ?? ""
        }
    }

    struct Refused: Error { let response: HTTPResponse }

    private static func send(
        _ line: TestLine, _ method: HTTPMethod, _ path: String, _ signer: SignedHead.Signer?, _ body: [UInt8] = [],
        server: SyncServer? = nil
    ) async throws -> HTTPResponse {
        let head = try SignedHead(method, path, body, by: signer, at: line.log, now: line.clock.now).head
        return await (server ?? line.server).answer(head, body: body)
    }

    private func text(_ response: HTTPResponse) -> String { String(decoding: response.body, as: UTF8.self) }

    // MARK: Refusals

    enum Stranger: CaseIterable { case nobody, unknown }

    @Test(
        "a refusal is a problem document with a stable type",
        arguments: [
            ("POST", "/v2/sync", Stranger.nobody, 401, "unauthorized"),
            ("POST", "/v2/sync", .unknown, 401, "unknown-device"),
            ("GET", "/metrics", .nobody, 401, "unauthorized"),
            ("GET", "/v2/admin/replicas", .unknown, 401, "unknown-device"),
            ("GET", "/v2/sync", .unknown, 405, "method-not-allowed"), ("GET", "/nothing", .nobody, 404, "not-found"),
        ])
    func refusals(_ method: String, _ path: String, _ who: Stranger, _ status: Int, _ name: String) async throws {
        let site = try await Site()
        let response = try await Self.send(
            site.line, HTTPMethod(rawValue: method), path, who == .nobody ? nil : .device(.random()))
        #expect(response.status == status)
        #expect(text(response).contains("\"urn:lugn:problem:\(name)\""))
        #expect(response.headers.contains { $0.value == "application/problem+json" })
    }

    @Test("a device's key opens no operators' door, and an operator's none of the devices'")
    func keysApart() async throws {
        let site = try await Site()
        #expect(
            try await Self.send(site.line, .get, "/v2/admin/status", .device(site.device)).status == 401)
        let body = site.request(1).encoded()
        #expect(
            try await Self.send(site.line, .post, "/v2/sync", .administrator(site.administrator), body).status == 401)
    }

    @Test(
        "a body that is no message is refused with the place where it stops making sense; the next one is taken (I11)")
    func malformed() async throws {
        let site = try await Site()
        let good = site.request(1).encoded()
        for body in [[], Array(good.dropLast()), good + [0], [0xFF], Array(repeating: 0x9F, count: 1_000)] {
            let response = try await Self.send(site.line, .post, "/v2/sync", .device(site.device), body)
            #expect(response.status == 400 && text(response).contains("urn:lugn:problem:malformed"))
        }
        #expect(try await site.sync(site.request(1)).outcome == .done)
    }

    // MARK: Waiting

    @Test("a waiting replica hears of news when it comes, with the news")
    func wakes() async throws {
        let site = try await Site()
        var waiting = site.request(2)
        waiting.cursor = try await site.sync(waiting).cursor
        waiting.wait = 55_000
        let answer = try site.start(waiting)
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
        let answer = try site.start(waiting)
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
        let answer = try site.start(waiting)
        while await site.waiting() != "1" { await Task.yield() }
        let other = DeviceKeys.random()
        try await site.admit(other)
        try await site.line.log.perform(
            .block(site.device.id), by: nil, request: randomBytes(16), now: site.line.clock.now)
        var writing = site.request(2)
        writing.commits = [site.commit(1, record: 1)]
        _ = try await site.sync(writing, as: other)
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
        let task = try site.start(waiting)
        while await site.waiting() != "1" { await Task.yield() }
        task.cancel()
        _ = try await task.value
        #expect(await site.waiting() == "0")
    }

    @Test("waiting requests are not counted as work: more of them wait than may be worked on")
    func workLimit() async throws {
        let site = try await Site()
        let clock = site.line.clock
        // One for the request that comes to wait, one for the question how many do.
        let server = SyncServer(
            log: site.line.log, registry: site.line.log, clock: WallClock { clock.now },
            logger: Logger(minimumLevel: .error), workLimit: 2)
        var waiting = site.request(1)
        waiting.cursor = try await site.sync(waiting).cursor
        waiting.wait = 55_000
        let body = waiting.encoded()
        let head = try SignedHead(
            .post, "/v2/sync", body, by: .device(site.device), at: site.line.log, now: clock.now
        ).head
        var tasks: [Task<Int, Never>] = []
        for count in 1...4 {
            tasks.append(Task { await server.answer(head, body: body).status })
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
        let document = text(
            try await Self.send(site.line, .get, "/v2/admin/replicas", .administrator(site.administrator)))
        for key in [
            "replica", "name", "lastSeen", "cursor", "lag", "pending", "oldestPending", "clockOffsetMilliseconds",
            "schema",
            "verified",
        ] {
            #expect(document.contains("\"\(key)\""), "\(key)")
        }
        let verified = text(
            try await Self.send(site.line, .get, "/v2/admin/verify", .administrator(site.administrator)))
        #expect(verified.contains("true"))
    }
}
