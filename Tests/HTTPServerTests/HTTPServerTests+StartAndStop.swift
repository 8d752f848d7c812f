import Testing

@testable import HTTPServer

extension HTTPServerTests {
    @Suite struct StartAndStop {
        @Test func `stopping answers a hundred waiting requests promptly and frees the port`() async throws {
            let handler = TestHandler()
            let server = try HTTPServer(configuration: .init(), handler: handler)
            let connections = try await blocking {
                try (0..<100).map { index in
                    let connection = try TestConnection(port: server.port)
                    try connection.send("GET /wait/\(index) HTTP/1.1\r\nHost: t\r\n\r\n")
                    return connection
                }
            }
            await handler.room.untilWaiting(100)
            let duration = await ContinuousClock().measure {
                async let first: Void = server.stop()
                async let second: Void = server.stop()
                _ = await (first, second)
            }
            #expect(duration < .seconds(3))
            try await blocking { () throws in
                for connection in connections {
                    let response = try connection.receive()
                    #expect(response.status == 503)
                    #expect(response.headers["connection"]?.lowercased() == "close")
                    #expect(connection.isClosedByServer())
                }
            }
            #expect(await eventually { server.liveExchangeCount == 0 })
            let next = try HTTPServer(configuration: .init(port: server.port), handler: handler)
            await next.stop()
            await server.stop()
        }

        @Test func `stopping closes idle connections and half-sent requests`() async throws {
            let server = try HTTPServer(configuration: .init(), handler: TestHandler())
            let connections = try await blocking {
                let idle = try TestConnection(port: server.port)
                _ = try idle.request("GET", "/")
                let halfSent = try TestConnection(port: server.port)
                try halfSent.send("POST /echo HTTP/1.1\r\nHost: t\r\nContent-Length: 10\r\n\r\nabc")
                return [idle, halfSent]
            }
            #expect(await eventually { server.liveExchangeCount == 1 })
            await server.stop()
            #expect(try await blocking { connections.allSatisfy { $0.isClosedByServer() } })
            #expect(server.liveExchangeCount == 0)
        }

        @Test func `a client that does not take its answer delays the stop no longer than the timeout`() async throws {
            let server = try HTTPServer(configuration: .init(stopTimeoutSeconds: 0), handler: TestHandler())
            // More than the socket buffers of both sides hold.
            let body = [UInt8](repeating: 1, count: 8 * 1024 * 1024)
            let connection = try await blocking {
                let connection = try TestConnection(port: server.port)
                try connection.send("POST /echo HTTP/1.1\r\nHost: t\r\nContent-Length: \(body.count)\r\n\r\n")
                try connection.send(body)
                return connection
            }
            await server.stop()
            #expect(await eventually { server.liveExchangeCount == 0 })
            withExtendedLifetime(connection) {}
        }

        @Test func `a server that is let go of stops`() async throws {
            var server: HTTPServer? = try HTTPServer(configuration: .init(), handler: TestHandler())
            let port = try #require(server?.port)
            let connection = try await blocking { try TestConnection(port: port) }
            _ = try await blocking { try connection.request("GET", "/") }
            server = nil
            #expect(try await blocking { connection.isClosedByServer() })
        }

        @Test func `stopping under load neither crashes nor loses a connection`() async throws {
            for _ in 0..<100 {
                let server = try HTTPServer(configuration: .init(threads: 4), handler: TestHandler())
                let port = server.port
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for _ in 0..<8 {
                        group.addTask {
                            try await blocking { Self.requestUntilClosed(port: port) }
                        }
                    }
                    #expect(await eventually { server.liveExchangeCount > 0 })
                    await server.stop()
                    try await group.waitForAll()
                }
                #expect(await eventually { server.liveExchangeCount == 0 })
            }
        }

        /// Reconnects and requests until the server is gone.
        private static func requestUntilClosed(port: UInt16) {
            do {
                while true {
                    let connection = try TestConnection(port: port)
                    for _ in 0..<5 {
                        guard try connection.request("POST", "/echo", body: [1]).status == 200 else { return }
                    }
                }
            } catch {
                // Refused or closed: the server has stopped.
            }
        }

        @Test func `a port in use is an error that says so`() async throws {
            let server = try HTTPServer(configuration: .init(), handler: TestHandler())
            let error = #expect(throws: HTTPServerError.self) {
                _ = try HTTPServer(configuration: .init(port: server.port), handler: TestHandler())
            }
            #expect(error?.code == .addressInUse)
            await server.stop()
        }

        @Test(arguments: [
            ("localhost", HTTPServerError.Code.invalidAddress), ("192.0.2.1", .listeningFailed),
        ])
        func `an address that cannot be listened on is an error`(address: String, code: HTTPServerError.Code) {
            let error = #expect(throws: HTTPServerError.self) {
                _ = try HTTPServer(configuration: .init(address: address), handler: TestHandler())
            }
            #expect(error?.code == code)
        }

        @Test func `more connections than open files are an error`() {
            let error = #expect(throws: HTTPServerError.self) {
                _ = try HTTPServer(
                    configuration: .init(connectionLimit: 2_000_000_000), handler: TestHandler())
            }
            #expect(error?.code == .tooFewDescriptors)
        }
    }
}
