import Glibc
import HTTPClient
import Support
import Testing

@Suite(.serialized, .timeLimit(.minutes(1)))
struct HTTPClientTests {
    private static func echoServer() -> ScriptedServer {
        ScriptedServer { connection, _ in
            while let request = connection.readRequest() {
                connection.answer(Array(request.head.utf8) + request.body)
            }
        }
    }

    /// The error of a request that has to fail.
    private func failure(
        of request: HTTPClientRequest, client: HTTPClient = HTTPClient()
    ) async throws -> HTTPClientError {
        try await #require(throws: HTTPClientError.self) { _ = try await client.send(request) }
    }

    /// The error of a request to a server whose every connection follows `script` after one request.
    private func failure(
        maximumResponseBytes: Int = 1000, timeoutSeconds: Double = 10,
        _ script: @escaping @Sendable (ScriptedConnection) -> Void
    ) async throws -> HTTPClientError {
        let server = ScriptedServer { connection, _ in
            if connection.readRequest() != nil { script(connection) }
        }
        defer { server.stop() }
        return try await failure(
            of: HTTPClientRequest(
                url: server.url, timeoutSeconds: timeoutSeconds, maximumResponseBytes: maximumResponseBytes))
    }

    @Test func getSendsTheRequestAndReturnsTheAnswer() async throws {
        let server = Self.echoServer()
        defer { server.stop() }
        let response = try await HTTPClient().send(
            HTTPClientRequest(url: server.url + "a?b=c", headers: [("X-One", "1"), ("X-Empty", "")]))
        let head = String(decoding: response.body, as: UTF8.self)
        #expect(response.status == 200)
        #expect(response.header("x-cAsE") == "kept")
        #expect(head.hasPrefix("GET /a?b=c HTTP/1.1\r\n"))
        #expect(head.contains("\r\nX-One: 1\r\n") && head.contains("\r\nX-Empty:\r\n"))
        #expect(!head.contains("Accept-Encoding"))
    }

    @Test(arguments: ["POST", "PUT", "DELETE"])
    func aLargeBodyArrivesUnchanged(method: String) async throws {
        let server = Self.echoServer()
        defer { server.stop() }
        let body = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
        let response = try await HTTPClient().send(HTTPClientRequest(method: method, url: server.url, body: body))
        let head = String(decoding: response.body.dropLast(body.count), as: UTF8.self)
        #expect(response.body.suffix(body.count).elementsEqual(body))
        #expect(head.hasPrefix(method + " / HTTP/1.1\r\n"))
        #expect(!head.contains("Expect") && !head.contains("Content-Type"))
    }

    @Test func fiftyRequestsShareOneConnection() async throws {
        let server = Self.echoServer()
        defer { server.stop() }
        let client = HTTPClient()
        for _ in 0..<50 { _ = try await client.send(HTTPClientRequest(url: server.url)) }
        #expect(server.acceptedConnections == 1)
    }

    @Test func thirtyConcurrentRequestsGetTheirOwnAnswers() async throws {
        let server = Self.echoServer()
        defer { server.stop() }
        let client = HTTPClient()
        let url = server.url
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for number in 0..<30 {
                group.addTask {
                    let body = [UInt8](repeating: UInt8(number), count: 100_000)
                    let request = HTTPClientRequest(method: "POST", url: url, body: body)
                    return try await client.send(request).body.suffix(body.count).elementsEqual(body)
                }
            }
            for try await isRight in group { #expect(isRight) }
        }
    }

    @Test(arguments: [
        "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n64\r\nhalf",
        "HTTP/1.1 200 OK\r\nContent-Le", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n", "",
    ])
    func anAnswerThatEndsEarlyIsCutShort(answer: String) async throws {
        #expect(try await failure { $0.write(answer) }.code == .cutShort)
    }

    @Test func aResetBeforeTheAnswerIsCutShort() async throws {
        #expect(try await failure { $0.resetOnClose() }.code == .cutShort)
    }

    @Test func garbageInsteadOfHTTPIsAnInvalidResponse() async throws {
        #expect(try await failure { $0.write("SSH-2.0-server\r\n\r\n") }.code == .invalidResponse)
    }

    @Test(arguments: [
        "HTTP/1.1 200 OK\r\nContent-Length: 1001\r\n\r\n",
        "HTTP/1.1 200 OK\r\n\r\n" + String(repeating: "x", count: 1001),
        "HTTP/1.1 200 OK\r\n" + String(repeating: "X: y\r\n", count: 12_000),
    ])
    func anAnswerOverTheLimitIsTooLarge(answer: String) async throws {
        #expect(try await failure { $0.write(answer) }.code == .tooLarge)
    }

    @Test func anAnswerOfExactlyTheLimitIsReturned() async throws {
        let server = ScriptedServer { connection, _ in
            _ = connection.readRequest()
            connection.answer([1, 2, 3])
        }
        defer { server.stop() }
        let response = try await HTTPClient().send(HTTPClientRequest(url: server.url, maximumResponseBytes: 3))
        #expect(response.body == [1, 2, 3])
    }

    @Test func aSilentServerTimesOut() async throws {
        let error = try await failure(timeoutSeconds: 0.2) { _ = $0.readRequest() }
        #expect(error.code == .timedOut && error.reason == .silence)
    }

    @Test func aClosedPortIsUnreachableAndTheErrorTellsNothingOfTheRequest() async throws {
        let (descriptor, port) = ScriptedServer.listen()
        close(descriptor)
        let error = try await failure(
            of: HTTPClientRequest(url: "http://127.0.0.1:\(port)/?secret", headers: [("Authorization", "token")]))
        #expect(error.code == .unreachable && error.reason == .connectionRefused)
        for word in ["secret", "token", "127.0.0.1"] { #expect(!String(reflecting: error).contains(word)) }
    }

    @Test func aConnectionClosedWhileIdleIsReplaced() async throws {
        let server = ScriptedServer { connection, _ in
            _ = connection.readRequest()
            connection.answer([])
        }
        defer { server.stop() }
        let client = HTTPClient()
        for _ in 0..<3 { #expect(try await client.send(HTTPClientRequest(url: server.url)).status == 200) }
        #expect(server.acceptedConnections == 3)
    }

    @Test(arguments: ["", "ftp://localhost/", "http://me:pw@localhost/", "http://a b/", "http://localhost/\0"])
    func aURLThatIsNotAllowedIsRefused(url: String) async throws {
        #expect(try await failure(of: HTTPClientRequest(url: url)).code == .invalidURL)
    }

    @Test(arguments: [("A", "b\r\nC: d"), ("A:", "b"), ("", "b"), ("content-length", "3")])
    func aHeaderThatWouldChangeTheFramingIsRefused(name: String, value: String) async throws {
        let request = HTTPClientRequest(url: "http://127.0.0.1:1/", headers: [(name, value)])
        #expect(try await failure(of: request).code == .invalidRequest)
    }

    @Test func cancellingTheTaskEndsTheRequestAtOnce() async throws {
        let (arrivals, arrival) = AsyncStream.makeStream(of: Void.self)
        let server = ScriptedServer { connection, _ in
            _ = connection.readRequest()
            arrival.yield()
            // Returns when the client closes the connection.
            if connection.readRequest() == nil { arrival.finish() }
        }
        defer { server.stop() }
        let client = HTTPClient()
        let url = server.url
        let task = Task { try await client.send(HTTPClientRequest(url: url)) }
        var events = arrivals.makeAsyncIterator()
        await events.next()
        let start = ContinuousClock.now
        task.cancel()
        let outcome = await task.result
        #expect(await events.next() == nil)
        // Long before the request's own time would have been over; how long exactly is the machine's affair.
        #expect(ContinuousClock.now - start < .seconds(15))
        let error = #expect(throws: HTTPClientError.self) { try outcome.get() }
        #expect(error?.code == .cancelled)
    }

    @Test func closingTheClientEndsItsRequestsAndRefusesLaterOnes() async throws {
        let (arrivals, arrival) = AsyncStream.makeStream(of: Void.self)
        let server = ScriptedServer { connection, _ in
            _ = connection.readRequest()
            arrival.yield()
            _ = connection.readRequest()
        }
        defer { server.stop() }
        let client = HTTPClient()
        let url = server.url
        async let outcome = failure(of: HTTPClientRequest(url: url), client: client)
        var events = arrivals.makeAsyncIterator()
        await events.next()
        client.close()
        client.close()
        #expect(try await outcome.code == .cancelled)
        #expect(try await failure(of: HTTPClientRequest(url: url), client: client).code == .cancelled)
    }
}
