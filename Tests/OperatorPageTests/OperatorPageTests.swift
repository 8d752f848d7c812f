import HTTPClient
import JSON
import LocalPage
import Operations
import Support
import TestSupport
import Testing

@testable import OperatorPage

/// The rules of safety, each tried on the running page; and what it says when the server is silent.
@Suite struct OperatorPageTests {
    let page: OperatorPageHost

    init() throws { page = try OperatorPageHost() }

    @Test("the start file is its owner's alone, and opens the page once, within a minute, from a file only")
    func start() async throws {
        let secret = try page.secret()
        #expect(mode(of: page.folder.path + "/open-lugn-admin.html") == 0o600)
        #expect(secret.utf8.count == 64)
        #expect(try await page.start(secret, origin: page.origin).status == 403)
        #expect(try await page.start(secret, origin: nil).status == 403)
        #expect(try await page.start(secret).status == 200)
        #expect(try await page.start(secret).status == 403)
        let late = try page.secret()
        page.clock.advance(byMilliseconds: 61_000)
        #expect(try await page.start(late).status == 403)
    }

    @Test("nothing is told without the bearer of a page that was opened, to another site, or under another name")
    func refused() async throws {
        let bearer = try await page.bearer()
        for path in ["/api/survey", "/api/audit", "/api/line?line=\(OperatorPageHost.line)"] {
            #expect(try await page.get(path, bearer).status == 200, "\(path)")
            #expect(try await page.send("GET", path).status == 401)
            #expect(try await page.get(path, String(repeating: "0", count: 64)).status == 401)
            let other = [
                (name: "Authorization", value: "Bearer \(bearer)"), (name: "Sec-Fetch-Site", value: "cross-site"),
            ]
            #expect(try await page.send("GET", path, other).status == 403)
            let named = [(name: "Authorization", value: "Bearer \(bearer)"), (name: "Host", value: "evil.example")]
            #expect(try await page.send("GET", path, named).status == 421)
            #expect(try await page.send("OPTIONS", path, other).status == 405)
        }
        #expect(try await page.send("POST", "/reopen", [], Array("{}".utf8)).status == 403)
    }

    @Test("every answer forbids scripts but our own, frames and keeping, and sets no cookie")
    func headers() async throws {
        let bearer = try await page.bearer()
        for answer in [
            try await page.send("GET", "/"), try await page.send("GET", "/main.js"),
            try await page.send("GET", "/sv.js"),
            try await page.get("/api/survey", bearer), try await page.get("/api/nothing", bearer),
        ] {
            let policy = try #require(answer.header("Content-Security-Policy"))
            #expect(policy.contains("default-src 'none'") && policy.contains("script-src 'self'"))
            #expect(!policy.contains("unsafe"))
            #expect(answer.header("Cache-Control") == "no-store" && answer.header("Set-Cookie") == nil)
        }
    }

    @Test(
        "what would go into a signed request is an id and nothing else",
        arguments: [
            "", "x", "../status", "0123456789ABCDEF0123456789abcdef", "0123456789abcdef0123456789abcdef0", "a&b=c",
        ])
    func ids(_ text: String) async throws {
        let bearer = try await page.bearer()
        #expect(try await page.get("/api/line?line=\(text)", bearer).status == 400)
        #expect(
            try await page.get("/api/device?line=\(OperatorPageHost.line)&device=\(text)&since=0", bearer).status == 400
        )
        #expect(!page.source.asked.withLock { $0 }.contains { $0.hasPrefix("/v2/admin/devices") })
    }

    @Test(
        "a server that does not answer, and one that refuses, are said to, and nothing that was seen before is told again"
    )
    func silence() async throws {
        let bearer = try await page.bearer()
        #expect(try await page.get("/api/survey", bearer).status == 200)
        try await Task.sleep(for: .milliseconds(2_100))
        page.source.failure.withLock { $0 = OperatorSourceError(isRefusal: false, message: "no route") }
        let silent = try await page.get("/api/survey", bearer)
        #expect(try silent.status == 503 && silent.problem == "unreachable")
        page.source.failure.withLock { $0 = OperatorSourceError(isRefusal: true, message: "not let in") }
        let refused = try await page.get("/api/survey", bearer)
        #expect(try refused.status == 403 && refused.json["title"]?.string == "not let in")
        page.source.failure.withLock { $0 = nil }
        #expect(try await page.get("/api/survey", bearer).status == 200)
    }

    @Test("however many pages ask, the server is asked once in two seconds")
    func shared() async throws {
        let bearers = [try await page.bearer(), try await page.bearer()]
        for bearer in bearers + bearers { #expect(try await page.get("/api/survey", bearer).status == 200) }
        #expect(page.source.asked.withLock { $0 }.count { $0 == "/v2/admin/status" } == 1)
    }
}

/// A running page over a server whose answers the test knows.
final class OperatorPageHost: Sendable {
    static let line = "0123456789abcdef0123456789abcdef"

    final class Source: OperatorSource {
        let name = "https://lugn.example.org"
        let failure = Lock<OperatorSourceError?>(nil)
        let asked = Lock<[String]>([])

        func get(_ path: String, query: [(String, String)]) async throws -> JSONValue {
            asked.withLock { $0.append(path) }
            if let failure = failure.withLock({ $0 }) { throw failure }
            switch path {
            case "/v2/admin/status": return ["serverTime": "2026-11-27T12:00:00.000Z", "lines": []]
            case "/v2/admin/devices", "/v2/admin/operators", "/v2/admin/log": return []
            case "/v2/admin/audit":
                return ["end": .string("0;" + String(repeating: "0", count: 64)), "entries": []]
            default: return [:]
            }
        }
    }

    let folder = TemporaryFolder()
    let source = Source()
    let clock = SettableWallClock(atMilliseconds: 1_700_000_000_000)
    let server: OperatorPageServer
    private let client = HTTPClient()

    init() throws {
        server = try OperatorPageServer(
            source, folder: folder.path, language: .swedish, clock: clock.clock)
    }

    var origin: String { "http://127.0.0.1:\(server.port)" }

    func send(
        _ method: String, _ path: String, _ headers: [(name: String, value: String)] = [], _ body: [UInt8] = []
    ) async throws -> HTTPClientResponse {
        try await client.send(
            HTTPClientRequest(method: method, url: origin + path, headers: headers, body: body, timeoutSeconds: 20))
    }

    func secret() throws -> String {
        let path = try server.makeStartFile()
        let file = try #require(bytes(of: path))
        let text = String(decoding: file, as: UTF8.self)
        let start = try #require(text.firstRange(of: "value=\"")).upperBound
        return String(text[start...].prefix { $0 != "\"" })
    }

    func start(_ secret: String, origin: String? = "null") async throws -> HTTPClientResponse {
        try await send(
            "POST", "/start",
            (origin.map { [(name: "Origin", value: $0)] } ?? [])
                + [(name: "Content-Type", value: "application/x-www-form-urlencoded")],
            Array("secret=\(secret)".utf8))
    }

    func bearer() async throws -> String {
        let text = String(decoding: try await start(secret()).body, as: UTF8.self)
        let start = try #require(text.firstRange(of: "name=\"bearer\" content=\"")).upperBound
        return String(text[start...].prefix { $0 != "\"" })
    }

    func get(_ path: String, _ bearer: String) async throws -> HTTPClientResponse {
        try await send(
            "GET", path,
            [(name: "Authorization", value: "Bearer \(bearer)"), (name: "Sec-Fetch-Site", value: "same-origin")])
    }
}

extension HTTPClientResponse {
    var json: JSONValue {
        get throws { try JSONValue(parsing: body) }
    }
    var problem: String? {
        get throws { try json["type"]?.string.map { String($0.dropFirst("urn:lugn:problem:".count)) } }
    }
}
