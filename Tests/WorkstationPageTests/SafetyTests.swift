import Casework
import HTTPClient
import JSON
import Support
import TestSupport
import Testing
import Workstation

@testable import WorkstationPage

/// The rules of safety, each tried on the running server.
@Suite struct SafetyTests {
    let page: PageHost

    init() throws { page = try PageHost() }

    @Test("the start file is its owner's alone, and its secret works once, within a minute, from a file only")
    func start() async throws {
        let path = try page.server.makeStartFile()
        #expect(mode(of: path) == 0o600)
        let secret = try page.secret()
        #expect(secret.utf8.count == 64)
        #expect(try await page.start(secret, origin: page.origin).status == 403)
        #expect(try await page.start(secret, origin: nil).status == 403)
        #expect(try await page.start(secret).status == 200)
        #expect(try await page.start(secret).status == 403)
        let late = try page.secret()
        page.clock.advance(byMilliseconds: 61_000)
        #expect(try await page.start(late).status == 403)
        #expect(try await page.start(String(repeating: "0", count: 64)).status == 403)
        #expect(try await page.send("GET", "/start").status == 404)
    }

    @Test("the page that is opened by its address has no bearer")
    func reload() async throws {
        _ = try await page.bearer()
        let answer = try await page.send("GET", "/")
        #expect(answer.status == 200)
        #expect(String(decoding: answer.body, as: UTF8.self).contains("name=\"bearer\" content=\"\""))
    }

    @Test(
        "another name of the server is refused, for the page, its files and its data",
        arguments: ["localhost", "127.0.0.1", "evil.example", "127.0.0.1:1", "127.0.0.1.evil.example"])
    func host(_ name: String) async throws {
        let bearer = try await page.signedIn()
        for path in ["/", "/main.js", "/api/session"] {
            let answer = try await page.send("GET", path, [("Host", name), ("Authorization", "Bearer \(bearer)")])
            #expect(answer.status == 421)
        }
    }

    @Test(
        "a write from elsewhere, or in another form, is refused",
        arguments: [
            ("Origin", "http://evil.example", 403), ("Origin", "null", 403), ("Origin", nil, 403),
            ("Origin", "http://localhost:80", 403), ("Sec-Fetch-Site", "cross-site", 403),
            ("Sec-Fetch-Site", "same-site", 403), ("Sec-Fetch-Site", nil, 403), ("Content-Type", "text/plain", 415),
            ("Content-Type", "application/x-www-form-urlencoded", 415),
            ("Content-Type", "application/json; charset=utf-7", 415), ("Authorization", nil, 401),
            ("Authorization", "Bearer 00", 401), ("Authorization", "Basic YTpi", 401),
        ] as [(String, String?, Int)])
    func writes(_ name: String, _ value: String?, _ status: Int) async throws {
        let bearer = try await page.signedIn()
        var headers = page.writeHeaders(bearer).filter { $0.name != name }
        if let value { headers.append((name, value)) }
        let answer = try await page.send("POST", "/api/calls/start", headers, Array("{}".utf8))
        #expect(answer.status == status)
        let calls = try await page.get("/api/calls", bearer).json["calls"]?.array
        #expect(calls?.isEmpty == true)
    }

    @Test("a read needs the bearer, and no other site gets one", arguments: ["cross-site", "same-site", "none"])
    func reads(_ site: String) async throws {
        let bearer = try await page.signedIn()
        #expect(try await page.send("GET", "/api/today").status == 401)
        let headers = [("Authorization", "Bearer \(bearer)"), ("Sec-Fetch-Site", site)]
        #expect(try await page.send("GET", "/api/today", headers.map { (name: $0.0, value: $0.1) }).status == 403)
        #expect(try await page.get("/api/today", bearer).status == 200)
    }

    @Test(
        "methods that a page of another site would ask with are refused",
        arguments: ["OPTIONS", "PUT", "DELETE", "HEAD", "PATCH"])
    func methods(_ method: String) async throws {
        let answer = try await page.send(method, "/api/calls/start", [("Origin", "http://evil.example")])
        #expect(answer.status == 405)
        #expect(!answer.headers.contains { $0.name.lowercased().hasPrefix("access-control") })
    }

    @Test("every answer forbids scripts but our own, frames, keeping and guessing, and sets no cookie")
    func headers() async throws {
        let bearer = try await page.signedIn()
        var answers = [
            try await page.send("GET", "/"), try await page.send("GET", "/main.js"),
            try await page.get("/api/state", bearer),
            try await page.send("GET", "/nothing"), try await page.send("POST", "/api/calls/start"),
        ]
        answers.append(try await page.start(try page.secret()))
        for answer in answers {
            let policy = try #require(answer.header("Content-Security-Policy"))
            for part in [
                "default-src 'none'", "script-src 'self'", "style-src 'self'", "connect-src 'self'",
                "form-action 'none'",
                "frame-ancestors 'none'", "base-uri 'none'", "require-trusted-types-for 'script'",
            ] { #expect(policy.contains(part)) }
            #expect(!policy.contains("unsafe"))
            #expect(answer.header("Cache-Control") == "no-store")
            #expect(answer.header("Referrer-Policy") == "no-referrer")
            #expect(answer.header("X-Content-Type-Options") == "nosniff")
            #expect(answer.header("Cross-Origin-Opener-Policy") == "same-origin")
            #expect(answer.header("Cross-Origin-Resource-Policy") == "same-origin")
            #expect(answer.header("Set-Cookie") == nil)
        }
    }

    @Test("before somebody has signed in, and while the page is locked, nothing of any case is answered")
    func locked() async throws {
        let bearer = try await page.bearer()
        #expect(try await page.get("/api/today", bearer).problem == "sign-in")
        let other = try await page.signedIn()
        page.clock.advance(byMilliseconds: 599_000)
        #expect(try await page.get("/api/today", other).status == 200)
        page.clock.advance(byMilliseconds: 2_000)
        for path in ["/api/today", "/api/find?q=a", "/api/calls", "/api/state", "/api/events?after=0", "/api/settings"]
        {
            let answer = try await page.get(path, other)
            #expect(answer.status == 423)
            #expect(try answer.problem == "locked")
        }
        #expect(try await page.post("/api/calls/start", [:], other).status == 423)
        #expect(try await page.post("/api/session/active", [:], other).status == 200)
        #expect(try await page.get("/api/today", other).status == 423)
        let wrong = try await page.post("/api/session/sign-in", ["code": "S3", "pin": "000000"], other)
        #expect(wrong.status == 403)
        #expect(try wrong.json["triesLeft"]?.integer == 4)
        #expect(try await page.post("/api/session/sign-in", ["code": "S3", "pin": "135790"], other).status == 200)
        #expect(try await page.get("/api/today", other).status == 200)
    }

    @Test("a draft that was being typed when the lock fell is kept, and not shown")
    func draftWhileLocked() async throws {
        let bearer = try await page.signedIn()
        let id = try #require(try await page.post("/api/calls/start", [:], bearer).json["id"]?.string)
        page.clock.advance(byMilliseconds: 700_000)
        let kept = try await page.post(
            "/api/calls/\(id)/keep", ["revision": 0, "changes": ["text": "det sista"]], bearer)
        #expect(kept.status == 200)
        #expect(!String(decoding: kept.body, as: UTF8.self).contains("det sista"))
        #expect(try await page.get("/api/calls", bearer).status == 423)
    }

    @Test("a body that is too large is refused, and the page goes on")
    func tooLarge() async throws {
        let bearer = try await page.signedIn()
        let answer = try await page.send(
            "POST", "/api/guard", page.writeHeaders(bearer), [UInt8](repeating: 0x20, count: 2 << 20))
        #expect(answer.status == 413)
        #expect(try await page.get("/api/today", bearer).status == 200)
    }

    @Test(
        "a body that is no document, or another one, is refused",
        arguments: ["", "{", "[]", "{\"revision\":1}", "{\"revision\":0,\"changes\":{\"text\":7}}", "null", "\"x\""])
    func malformed(_ body: String) async throws {
        let bearer = try await page.signedIn()
        let id = try #require(try await page.post("/api/calls/start", [:], bearer).json["id"]?.string)
        let answer = try await page.send("POST", "/api/calls/\(id)/keep", page.writeHeaders(bearer), Array(body.utf8))
        #expect([400, 409].contains(answer.status))
    }

    @Test("asking for the page again opens it for its owner, now and then only, and gives nothing to whoever asks")
    func reopening() async throws {
        for _ in 0..<5 {
            let answer = try await page.send(
                "POST", "/reopen", page.writeHeaders("").dropFirst() + [], Array("{}".utf8))
            #expect(answer.status == 200)
            #expect(answer.body == Array("{}".utf8))
        }
        #expect(page.opened.withLock { $0.count } == 1)
    }

    @Test("events are numbers and ids, and come when something changes")
    func events() async throws {
        let bearer = try await page.signedIn()
        let workstation = page.workstation
        let running = Task { try await workstation.run() }
        defer { running.cancel() }
        let before = try await page.get("/api/state", bearer).json["changeNumber"]?.integer ?? 0
        async let waiting = page.get("/api/events?after=\(before)", bearer)
        try await Task.sleep(for: .milliseconds(300))
        _ = try workstation.casework.newCase(.init(), by: .init("S3"), note: "Hemlig text.")
        let event = String(decoding: try await waiting.body, as: UTF8.self)
        #expect(event.hasPrefix("id: "))
        #expect(event.contains("event: change"))
        #expect(!event.contains("Hemlig"))
    }
}
