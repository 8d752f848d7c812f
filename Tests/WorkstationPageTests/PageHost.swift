import Casework
import HTTPClient
import JSON
import Support
import TestSupport
import Workstation

@testable import WorkstationPage

/// A running page on a real port, with a clock that tests move.
final class PageHost: Sendable {
    let folder = TemporaryFolder()
    let workstation: Workstation
    let server: PageServer
    let clock: SettableWallClock
    let opened = Lock<[String]>([])
    private let client = HTTPClient()

    init() throws {
        clock = SettableWallClock(atMilliseconds: 1_700_000_000_000)
        workstation = try Workstation(folder: folder.path)
        var configuration = PageServer.Configuration()
        configuration.wallMilliseconds = clock.clock.nowMilliseconds
        let opened = opened
        configuration.openAgain = { path in opened.withLock { $0.append(path) } }
        server = try PageServer(workstation, folder: folder.path, configuration: configuration)
    }

    var host: String { "127.0.0.1:\(server.port)" }
    var origin: String { "http://\(host)" }

    func send(
        _ method: String, _ path: String, _ headers: [(name: String, value: String)] = [], _ body: [UInt8] = []
    ) async throws -> HTTPClientResponse {
        try await client.send(
            HTTPClientRequest(method: method, url: origin + path, headers: headers, body: body, timeoutSeconds: 40))
    }

    /// The secret in a fresh start file.
    func secret() throws -> String {
        let text = try text(of: server.makeStartFile())
        let start = try Self.unwrapped(text.firstRange(of: "value=\"")).upperBound
        return String(text[start...].prefix { $0 != "\"" })
    }

    func start(_ secret: String, origin: String? = "null") async throws -> HTTPClientResponse {
        try await send(
            "POST", "/start",
            (origin.map { [("Origin", $0)] } ?? []) + [("Content-Type", "application/x-www-form-urlencoded")],
            Array("secret=\(secret)".utf8))
    }

    /// The bearer of a page that was opened.
    func bearer() async throws -> String {
        let page = String(decoding: try await start(secret()).body, as: UTF8.self)
        let start = try Self.unwrapped(page.firstRange(of: "name=\"bearer\" content=\"")).upperBound
        return String(page[start...].prefix { $0 != "\"" })
    }

    func get(_ path: String, _ bearer: String) async throws -> HTTPClientResponse {
        try await send("GET", path, [("Authorization", "Bearer \(bearer)"), ("Sec-Fetch-Site", "same-origin")])
    }

    /// All that the page sends with a write.
    func writeHeaders(_ bearer: String) -> [(name: String, value: String)] {
        [
            ("Authorization", "Bearer \(bearer)"), ("Origin", origin), ("Sec-Fetch-Site", "same-origin"),
            ("Content-Type", "application/json"),
        ]
    }

    func post(_ path: String, _ body: JSONValue, _ bearer: String) async throws -> HTTPClientResponse {
        try await send("POST", path, writeHeaders(bearer), Array(body.text.utf8))
    }

    func signedIn(_ code: String = "S3") async throws -> String {
        let bearer = try await bearer()
        let isNew = try !workstation.people().map(\.code.text).contains(code)
        let answer = try await post(
            "/api/session/sign-in", ["code": .string(code), "pin": "135790", "isNew": .bool(isNew)], bearer)
        guard answer.status == 200 else { throw Missing() }
        return bearer
    }

    struct Missing: Error {}
    static func unwrapped<Value>(_ value: Value?) throws -> Value {
        guard let value else { throw Missing() }
        return value
    }

    func text(of path: String) throws -> String {
        try String(decoding: Self.unwrapped(bytes(of: path)), as: UTF8.self)
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
