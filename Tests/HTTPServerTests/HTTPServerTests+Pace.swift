import Glibc
import Testing

@testable import HTTPServer

extension HTTPServerTests {
    /// Clients that keep no pace, and those that hold connections open and say nothing.
    @Suite struct Pace {
        @Test(arguments: [false, true])
        func `a head that comes a byte at a time is cut off, the first and later ones`(isLater: Bool) async throws {
            let server = try HTTPServer(
                configuration: .init(connectionTimeoutSeconds: 1, headTimeoutSeconds: 0.5), handler: TestHandler())
            let duration = try await blocking {
                let connection = try TestConnection(port: server.port)
                if isLater { _ = try connection.request("GET", "/") }
                return try Self.drip(connection, "GET / HTTP/1.1\r\nHost: " + String(repeating: "x", count: 1_000))
            }
            #expect(duration > .seconds(isLater ? 1.4 : 0.4) && duration < .seconds(8))
            #expect(try await blocking { try TestConnection(port: server.port).request("GET", "/").status } == 200)
            await server.stop()
        }

        @Test(arguments: ["Content-Length: 100000", "Transfer-Encoding: chunked"])
        func `a body that comes a byte at a time is cut off`(framing: String) async throws {
            let server = try HTTPServer(configuration: .init(bodyGraceSeconds: 0.5), handler: TestHandler())
            let duration = try await blocking {
                let connection = try TestConnection(port: server.port)
                try connection.send("POST /echo HTTP/1.1\r\nHost: t\r\n\(framing)\r\n\r\n")
                let text = framing.hasPrefix("C") ? "a" : "1\r\na\r\n"
                return try Self.drip(connection, String(repeating: text, count: 1_000))
            }
            #expect(duration > .seconds(0.4) && duration < .seconds(8))
            #expect(await eventually { server.liveExchangeCount == 0 && server.bodyBytesInUse == 0 })
            await server.stop()
        }

        @Test func `a body at twice its pace is taken, however long that lasts`() async throws {
            let server = try HTTPServer(
                configuration: .init(bodyBytesPerSecond: 10_000, bodyGraceSeconds: 0.3), handler: TestHandler())
            try await blocking { () throws in
                let connection = try TestConnection(port: server.port)
                try connection.send("POST /echo HTTP/1.1\r\nHost: t\r\nContent-Length: 40000\r\n\r\n")
                for _ in 0..<20 {
                    try connection.send([UInt8](repeating: 7, count: 2_000))
                    Self.pause(milliseconds: 100)
                }
                #expect(try connection.receive().body.count == 40_000)
            }
            await server.stop()
        }

        @Test func `an answer is waited for as long as the handler works`() async throws {
            let handler = TestHandler()
            let server = try HTTPServer(
                configuration: .init(connectionTimeoutSeconds: 1, headTimeoutSeconds: 0.2, bodyGraceSeconds: 0.2),
                handler: handler)
            let connection = try await blocking {
                let connection = try TestConnection(port: server.port)
                try connection.send("POST /wait/a HTTP/1.1\r\nHost: t\r\nContent-Length: 1\r\n\r\nx")
                return connection
            }
            await handler.room.untilWaiting(1)
            try await Task.sleep(for: .seconds(2))
            await handler.room.release("/wait/a")
            #expect(try await blocking { try connection.receive().status } == 200)
            await server.stop()
        }

        @Test func `thousands of connections that say nothing shut nobody out, and end nobody's wait`() async throws {
            let handler = TestHandler()
            let server = try HTTPServer(
                configuration: .init(threads: 2, connectionLimit: 200), handler: handler)
            let waiting = try await blocking {
                try (0..<50).map { index in
                    let connection = try TestConnection(port: server.port)
                    try connection.send("GET /wait/\(index) HTTP/1.1\r\nHost: t\r\n\r\n")
                    return connection
                }
            }
            await handler.room.untilWaiting(50)
            // In parts, with somebody who wants something in between.
            let silent = try await blocking {
                var silent: [TestConnection] = []
                for part in 0..<20 {
                    for _ in 0..<100 {
                        let connection = try TestConnection(port: server.port)
                        try connection.send(part % 2 == 0 ? "GET / HTT" : "")
                        silent.append(connection)
                    }
                    #expect(try TestConnection(port: server.port).request("GET", "/").status == 200)
                }
                return silent
            }
            #expect(server.connectionCount <= 200)
            for index in 0..<50 { await handler.room.release("/wait/\(index)") }
            #expect(try await blocking { try waiting.allSatisfy { try $0.receive().status == 200 } })
            withExtendedLifetime(silent) {}
            await server.stop()
        }

        /// Sends a text byte by byte until the server hangs up; how long that took.
        private static func drip(_ connection: TestConnection, _ text: String) throws -> Duration {
            let start = ContinuousClock.now
            for byte in text.utf8 {
                do { try connection.send([byte]) } catch { return ContinuousClock.now - start }
                if connection.hasEnded() { return ContinuousClock.now - start }
                pause(milliseconds: 50)
            }
            throw TestConnection.Failure(call: "the server did not hang up", number: 0)
        }

        private static func pause(milliseconds: UInt32) { usleep(milliseconds * 1_000) }
    }
}
