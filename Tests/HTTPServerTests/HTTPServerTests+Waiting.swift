import Testing

@testable import HTTPServer

extension HTTPServerTests {
    @Suite struct Waiting {
        @Test func `two hundred waiting requests are answered in any order`() async throws {
            let handler = TestHandler()
            let server = try HTTPServer(configuration: .init(), handler: handler)
            let names = (0..<200).map { "/wait/\($0)" }
            let connections = try await blocking {
                try names.map { name in
                    let connection = try TestConnection(port: server.port)
                    try connection.send("GET \(name) HTTP/1.1\r\nHost: t\r\n\r\n")
                    return connection
                }
            }
            await handler.room.untilWaiting(200)
            for name in names.shuffled() {
                await handler.room.release(name)
            }
            try await blocking { () throws in
                for (connection, name) in zip(connections, names) {
                    #expect(try connection.receive().text == name)
                }
            }
            await server.stop()
            #expect(await eventually { server.liveExchangeCount == 0 })
        }

        @Test func `a client that leaves within its body leaves nothing behind`() async throws {
            // MHD can miss a FIN that comes together with data; the connection timeout finds those clients.
            let server = try HTTPServer(configuration: .init(connectionTimeoutSeconds: 1), handler: TestHandler())
            try await blocking { () throws in
                for _ in 0..<50 {
                    let connection = try TestConnection(port: server.port)
                    try connection.send("POST /echo HTTP/1.1\r\nHost: t\r\nContent-Length: 100000\r\n\r\nabc")
                }
            }
            #expect(await eventually { server.liveExchangeCount == 0 })
            #expect(try await blocking { try TestConnection(port: server.port).request("GET", "/").status } == 200)
            await server.stop()
        }

        @Test func `a client that leaves while the handler works leaves nothing behind`() async throws {
            let handler = TestHandler()
            let server = try HTTPServer(configuration: .init(), handler: handler)
            try await blocking { () throws in
                for index in 0..<50 {
                    let connection = try TestConnection(port: server.port)
                    try connection.send("GET /wait/\(index) HTTP/1.1\r\nHost: t\r\n\r\n")
                }
            }
            await handler.room.untilWaiting(50)
            #expect(server.liveExchangeCount == 50)
            for index in 0..<50 {
                await handler.room.release("/wait/\(index)")
            }
            #expect(await eventually { server.liveExchangeCount == 0 })
            await server.stop()
        }

        @Test func `a waiting request outlasts the connection timeout`() async throws {
            let handler = TestHandler()
            let server = try HTTPServer(configuration: .init(connectionTimeoutSeconds: 1), handler: handler)
            let idle = try await blocking { try TestConnection(port: server.port) }
            let waiting = try await blocking {
                let connection = try TestConnection(port: server.port)
                try connection.send("GET /wait/long HTTP/1.1\r\nHost: t\r\n\r\n")
                return connection
            }
            await handler.room.untilWaiting(1)
            // Opened first, so it times out first if waiting counted.
            #expect(try await blocking { idle.isClosedByServer() })
            await handler.room.release("/wait/long")
            #expect(try await blocking { try waiting.receive().status } == 200)
            await server.stop()
        }
    }
}
