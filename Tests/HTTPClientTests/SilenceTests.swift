import Glibc
import HTTPClient
import Support
import Testing

/// Limits are on silence, not on the whole: a slow network is not a dead one.
@Suite("Silence", .serialized, .timeLimit(.minutes(1)))
struct SilenceTests {
    @Test("an answer that trickles for four times the limit is taken, with its progress told")
    func slowAnswer() async throws {
        let server = ScriptedServer { connection, _ in
            _ = connection.readRequest()
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n")
            for _ in 0..<20 {
                usleep(100_000)
                connection.write("x")
            }
        }
        defer { server.stop() }
        let told = Lock<[HTTPClientProgress]>([])
        let request = HTTPClientRequest(
            url: server.url, timeoutSeconds: 0.5, onProgress: { progress in told.withLock { $0.append(progress) } })
        #expect(try await HTTPClient().send(request).body.count == 20)
        let progress = told.withLock { $0 }
        #expect(progress.count >= 5 && progress.allSatisfy { $0.expectedBytes == 20 || $0.receivedBytes == 0 })
        #expect(progress.map(\.receivedBytes) == progress.map(\.receivedBytes).sorted())
        #expect(progress.last?.receivedBytes == 20)
    }

    @Test("a body that the server reads slowly is sent, however long that takes")
    func slowBody() async throws {
        // More than what both kernels hold, read at a pace that takes four times the limit.
        let body = [UInt8](repeating: 7, count: 12_000_000)
        let server = ScriptedServer { connection, _ in
            connection.readSlowly(body.count, pieceBytes: 600_000, pauseMilliseconds: 100)
            connection.answer([1])
        }
        defer { server.stop() }
        let told = Lock<[Int]>([])
        let request = HTTPClientRequest(
            method: "POST", url: server.url, body: body, timeoutSeconds: 0.5,
            onProgress: { progress in told.withLock { $0.append(progress.sentBytes) } })
        #expect(try await HTTPClient().send(request).status == 200)
        #expect(told.withLock { $0.last } == body.count && told.withLock { $0.count } > 3)
    }

    @Test("silence in the middle of an answer ends the request", arguments: ["HTTP/1.1 200 OK\r\nContent-Le", "half"])
    func silence(text: String) async throws {
        let server = ScriptedServer { connection, _ in
            _ = connection.readRequest()
            connection.write(text == "half" ? "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf" : text)
            _ = connection.readRequest()
        }
        defer { server.stop() }
        let start = ContinuousClock.now
        let error = await #expect(throws: HTTPClientError.self) {
            try await HTTPClient().send(HTTPClientRequest(url: server.url, timeoutSeconds: 0.3))
        }
        #expect(error?.code == .timedOut && error?.reason == .silence)
        #expect(ContinuousClock.now - start > .seconds(0.25))
    }

    @Test("a large body that proxies took at once is waited for as long as it may take behind them")
    func bufferedBody() async throws {
        let server = ScriptedServer { connection, _ in
            _ = connection.readRequest()
            usleep(1_500_000)
            connection.answer([1])
        }
        defer { server.stop() }
        // 20,000 bytes at 10 kB/s are two seconds.
        let large = HTTPClientRequest(
            method: "POST", url: server.url, body: [UInt8](repeating: 1, count: 20_000), timeoutSeconds: 0.3)
        #expect(try await HTTPClient().send(large).status == 200)
        let small = HTTPClientRequest(method: "POST", url: server.url, body: [1], timeoutSeconds: 0.3)
        await #expect(throws: HTTPClientError.self) { try await HTTPClient().send(small) }
    }
}
