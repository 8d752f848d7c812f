import ChangeLog
import HTTPClient
import HTTPServer
import Sealing
import Support
import SyncProtocol
import TestRosters
import Testing
import Trust

/// A request is let in by its signature, in exactly one form.
@Suite struct SignatureTests {
    @Test("a signed request is let in; what was signed for another address, method or key is not")
    func signed() async throws {
        let server = try await TestServer()
        let (desk, stranger) = (try await server.device(), Signer.device(.random()))
        let answer = try await server.send("GET", "/v2/desks", by: desk)
        #expect(answer.status == 200 && answer.mark?.isOfSameRoster(as: RosterMark(server.roster.roster.state)) == true)
        #expect(try await server.send("HEAD", "/v2/desks", by: desk).status == 200)
        #expect(try await server.send("GET", "/v2/desks", by: stranger).problem == "unknown-device")
        #expect(try await server.send("GET", "/v2/admin/status", by: desk).problem == "unauthorized")
        #expect(try await server.send("GET", "/metrics", by: server.lead).problem == "unauthorized")
        let karin = try await server.administrator()
        #expect(try await server.send("GET", "/v2/admin/status", by: karin).status == 200)
        #expect(try await server.send("GET", "/v2/desks", by: karin).problem == "unauthorized")
        // With the key of one and the name of another.
        var mixed = desk
        mixed.key = stranger.key
        #expect(try await server.send("GET", "/v2/desks", by: mixed).problem == "unauthorized")
        // A device's signature under another purpose.
        var other = desk
        for purpose in [RequestSignature.Purpose.operators, .invitation] {
            other.purpose = purpose
            #expect(try await server.send("GET", "/v2/desks", by: other).status == 401)
        }
        var message = SignedMessage("GET", "/v2/desks", by: desk, ticket: try server.ticket())
        message.method = "HEAD"
        #expect(try await server.send(message).status == 401)
        await server.stop()
    }

    @Test(
        "any other form is none: headers left out, given twice, in another order, with another algorithm or more labels"
    )
    func forms() async throws {
        let server = try await TestServer()
        let desk = try await server.device()
        let good = SignedMessage("GET", "/v2/desks", by: desk, ticket: try server.ticket())
        #expect(try await server.send(good).status == 200)
        let names = ["Signature-Input", "Signature", "Lugn-Route", "Content-Digest"]
        var changed: [(String, SignedMessage)] = []
        for name in names {
            var message = good
            message[name] = nil
            changed.append(("without \(name)", message))
            message = good
            message.headers.append((name: name, value: good[name] ?? ""))
            changed.append(("\(name) twice", message))
            message = good
            message[name] = (good[name] ?? "") + " "
            // White space around a value is none of it (RFC 9112, section 5.1).
            #expect(try await server.send(message).status == 200)
        }
        func change(_ what: String, _ name: String, _ edit: (String) -> String) {
            var message = good
            message[name] = edit(good[name] ?? "")
            #expect(message[name] != good[name])
            changed.append((what, message))
        }
        let input = "Signature-Input"
        change("a second label", input) { $0 + ", other=(\"@method\");alg=\"ed25519\"" }
        change("a second label before it", input) { "other=(\"@method\");alg=\"ed25519\", " + $0 }
        change("another label", input) { "sig1" + $0.dropFirst(4) }
        change("another order", input) {
            $0.replacing("\"@method\" \"lugn-route\"", with: "\"lugn-route\" \"@method\"")
        }
        change("one component less", input) { $0.replacing(" \"content-digest\"", with: "") }
        change("one component more", input) { $0.replacing("content-digest\"", with: "content-digest\" \"host\"") }
        change("another algorithm", input) { $0.replacing("ed25519", with: "hmac-sha256") }
        change("another tag", input) { $0.replacing("lugn-2", with: "lugn-3") }
        change("no tag", input) { $0.replacing(";tag=\"lugn-2\"", with: "") }
        change("one parameter more", input) { $0 + ";created=1" }
        change("capitals", input) { $0.replacing("keyid=\"", with: "KeyID=\"") }
        change("a second signature", "Signature") { $0 + ", other=:AAAA:" }
        change("another signature", "Signature") { $0.replacing("lugn=:", with: "lugn=:AAAA") }
        change("a digest of another kind", "Content-Digest") { $0.replacing("sha-256", with: "sha-512") }
        change("another digest", "Content-Digest") { _ in ContentDigest.value(of: [1]) }
        for (what, message) in changed {
            let answer = try await server.send(message)
            #expect(answer.status == 401 && answer.problem == "unauthorized", "\(what)")
        }
        await server.stop()
    }

    @Test("the signed route is the one that is served: path and query, in their order, and nothing more")
    func routes() async throws {
        let server = try await TestServer()
        let desk = try await server.device()
        let route = "/v2/roster?line=\(server.line)&after=1"
        func status(_ target: String, signed: String) async throws -> Int {
            let message = SignedMessage(
                "GET", target, by: desk, ticket: try server.ticket(), signed: signed)
            return try await server.send(message).status
        }
        #expect(try await status(route, signed: route) == 200)
        #expect(try await status("/v2/desks", signed: "/v2/desks") == 200)
        for other in [
            "/v2/roster?line=\(server.line)&after=2", "/v2/roster?after=1&line=\(server.line)",
            "/v2/roster?line=\(server.line)", route + "&more=1", route + "&", "/v2/roster", "/v2/desks",
            "/v2/%72oster?line=\(server.line)&after=1", route + "#", "http://127.0.0.1" + route, "/lugn" + route,
        ] {
            #expect(try await status(route, signed: other) == 401, "signed \(other)")
            #expect(try await status("/v2/desks", signed: other) == 401 || other == "/v2/desks")
        }
        await server.stop()
    }

    @Test("a body that is not the one that was signed is refused before it is read")
    func digests() async throws {
        let server = try await TestServer()
        let desk = try await server.device()
        var message = SignedMessage(
            "POST", "/v2/boxes", BoxesRequest(boxes: []).encoded(), by: desk, ticket: try server.ticket())
        #expect(try await server.send(message).status == 204)
        // It would be a message, too.
        message.body = BoxesRequest(boxes: server.roster.boxes(1)).encoded()
        let answer = try await server.send(message)
        #expect(answer.status == 400 && answer.problem == "malformed")
        #expect(try server.log.lackingBoxes(line: server.line) == [desk.deviceID])
        // A body where none was signed.
        var get = SignedMessage("GET", "/v2/desks", by: desk, ticket: try server.ticket())
        get.body = [1, 2, 3]
        #expect(try await server.send(get).status == 400)
        await server.stop()
    }

    @Test("a ticket is good for ten minutes and many requests, of this store's generation; with the new one it goes on")
    func tickets() async throws {
        let server = try await TestServer()
        let desk = try await server.device()
        let ticket = try server.ticket()
        func answer(_ ticket: String) async throws -> HTTPClientResponse {
            try await server.send(SignedMessage("GET", "/v2/desks", by: desk, ticket: ticket))
        }
        for _ in 1...3 { #expect(try await answer(ticket).status == 200) }
        server.clock.advance(byMilliseconds: 600_000)
        #expect(try await answer(ticket).status == 200)
        server.clock.advance(byMilliseconds: 1)
        for bad in [ticket, "", "00", String(ticket.reversed())] {
            let refused = try await answer(bad)
            #expect(refused.status == 401 && refused.problem == "stale-ticket")
            #expect(try await answer(refused.header(Ticket.header) ?? "").status == 200)
        }
        // A clock that went back a little makes none bad.
        let late = try server.ticket()
        server.clock.advance(byMilliseconds: -600_000)
        #expect(try await answer(late).status == 200)
        server.clock.advance(byMilliseconds: -1)
        #expect(try await answer(late).problem == "stale-ticket")
        // Another process on the same store takes it; a store that was put back does not.
        let kept = try server.ticket()
        try await server.restart()
        #expect(try await answer(kept).status == 200)
        try await server.perform(.noteRestored)
        #expect(try await answer(kept).problem == "stale-ticket")
        await server.stop()
    }

    @Test("the same request from two copies at once, and again later, is answered and does its work once")
    func copies() async throws {
        let server = try await TestServer()
        let desk = try await server.device()
        let karin = try await server.administrator()
        let act =
            #"{"request":"00112233445566778899aabbccddeeff","act":"label","device":"\#(desk.deviceID)","label":"A"}"#
        let message = SignedMessage("POST", "/v2/admin/acts", Array(act.utf8), by: karin, ticket: try server.ticket())
        let before = try server.log.audit(from: 0, limit: 0).end.count
        let (client, url) = (server.client, server.base + message.target)
        let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 1...8 {
                group.addTask {
                    try await client.send(
                        HTTPClientRequest(method: "POST", url: url, headers: message.headers, body: message.body)
                    ).status
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(statuses == [Int](repeating: 200, count: 8))
        #expect(try server.log.audit(from: 0, limit: 0).end.count == before + 1)
        await server.stop()
    }

    @Test("a proxy may put something in front of the path")
    func prefix() async throws {
        let server = try await TestServer()
        let desk = try await server.device()
        let proxy = try HTTPServer(
            configuration: .init(address: "127.0.0.1", port: 0), handler: PrefixProxy(server: server.base))
        let message = SignedMessage(
            "GET", "/v2/roster?line=\(server.line)&after=0", by: desk, ticket: try server.ticket())
        func send(_ target: String) async throws -> HTTPClientResponse {
            try await server.client.send(
                HTTPClientRequest(
                    method: message.method, url: "http://127.0.0.1:\(proxy.port)" + target, headers: message.headers))
        }
        let answer = try await send("/helpline" + message.target)
        #expect(answer.status == 200)
        #expect(try RosterAnswer(encoded: answer.body).entries.count == server.roster.roster.count)
        #expect(try await send("/helpline/v2/desks").status == 401)
        await proxy.stop()
        await server.stop()
    }

    @Test("what is refused is logged: the address that was asked and why, nothing of who it was, and not without end")
    func log() async throws {
        let server = try await TestServer()
        let stranger = Signer.device(.random())
        for _ in 1...200 { #expect(try await server.send("GET", "/v2/desks", by: stranger).status == 401) }
        var wrong = server.lead
        wrong.key = stranger.key
        let lines = server.written.withLock { $0.filter { $0.contains("attempt-refused") } }
        #expect(lines.count == 20)
        for line in lines {
            #expect(line.hasSuffix("warning attempt-refused route=desks reason=unknown-device\n"))
            #expect(!line.contains("127.0.0.1") && !line.contains(hexadecimalText(stranger.keyID)))
        }
        // An outdated ticket is what every workstation comes with in the morning.
        server.clock.advance(byMilliseconds: 700_000)
        let stale = SignedMessage("GET", "/v2/desks", by: server.lead, ticket: "")
        #expect(try await server.send(stale).problem == "stale-ticket")
        #expect(server.written.withLock { $0.filter { $0.contains("attempt") }.count } == 20)
        await server.stop()
    }
}

/// Passes on what begins with `/helpline`, without that.
private struct PrefixProxy: HTTPHandler {
    let server: String
    let client = HTTPClient()

    func admit(_ head: HTTPRequestHead) -> HTTPAdmission {
        .admitted(HTTPCaller(identity: head.path, account: 0, bodyLimitBytes: 1 << 20))
    }

    func respond(to request: HTTPRequest) async -> HTTPResponse {
        let query = request.head.queryParameters.map { "\($0.name)=\($0.value)" }.joined(separator: "&")
        let target = String(request.head.path.dropFirst("/helpline".count)) + (query.isEmpty ? "" : "?" + query)
        let names = ["Signature-Input", "Signature", "Lugn-Route", "Content-Digest", "Content-Type"]
        let headers = names.compactMap { name in request.head.header(name).map { (name: name, value: $0) } }
        do {
            let answer = try await client.send(
                HTTPClientRequest(
                    method: request.head.method.rawValue, url: server + target, headers: headers, body: request.body))
            return HTTPResponse(
                status: answer.status,
                headers: answer.headers.filter { $0.name.lowercased().hasPrefix("content-type") }
                    .map { HTTPHeader($0.name, $0.value) }, body: answer.body)
        } catch {
            return HTTPResponse(status: 502)
        }
    }
}
