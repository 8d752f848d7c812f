import Testing

@testable import HTTPServer

extension HTTPServerTests {
    @Suite struct Refusals {
        @Test func `a length over the limit is refused before the body`() async throws {
            let server = try HTTPServer(configuration: .init(), handler: TestHandler(bodyLimit: 1000))
            try await blocking { () throws in
                let connection = try TestConnection(port: server.port)
                try connection.send("POST /echo HTTP/1.1\r\nHost: t\r\nContent-Length: 1001\r\n\r\n")
                #expect(try connection.receive().status == 413)
                #expect(connection.isClosedByServer())
                let exact = [UInt8](repeating: 7, count: 1000)
                #expect(try TestConnection(port: server.port).request("POST", "/echo", body: exact).body == exact)
            }
            await server.stop()
        }

        @Test func `chunks over the limit are answered with 413 and the connection goes on`() async throws {
            let server = try HTTPServer(configuration: .init(), handler: TestHandler(bodyLimit: 1000))
            try await blocking { () throws in
                let connection = try TestConnection(port: server.port)
                let chunk = "1f4\r\n" + String(repeating: "x", count: 500) + "\r\n"
                let head = "POST /echo HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n"
                try connection.send(head + chunk + chunk + "1\r\ny\r\n0\r\n\r\n")
                #expect(try connection.receive().status == 413)
                try connection.send(head + chunk + chunk + "0\r\n\r\n")
                #expect(try connection.receive().body.count == 1000)
            }
            await server.stop()
        }

        @Test func `chunks without end are cut off`() async throws {
            let server = try HTTPServer(configuration: .init(), handler: TestHandler(bodyLimit: 1000))
            try await blocking { () throws in
                let connection = try TestConnection(port: server.port)
                try connection.send("POST /echo HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n")
                let chunk = "10000\r\n" + String(repeating: "x", count: 65536) + "\r\n"
                #expect(throws: TestConnection.Failure.self) {
                    for _ in 0..<10_000 {
                        try connection.send(chunk)
                    }
                }
            }
            #expect(await eventually { server.liveExchangeCount == 0 })
            await server.stop()
        }

        @Test func `a refused head is answered before its body`() async throws {
            let server = try HTTPServer(configuration: .init(), handler: TestHandler())
            try await blocking { () throws in
                let connection = try TestConnection(port: server.port)
                try connection.send("POST /forbidden HTTP/1.1\r\nHost: t\r\nContent-Length: 100000\r\n\r\n")
                let response = try connection.receive()
                #expect(response.status == 401)
                #expect(response.headers["www-authenticate"] == "Bearer")
                #expect(connection.isClosedByServer())
            }
            await server.stop()
        }

        @Test(arguments: [
            ("Content-Length: 3\r\nContent-Length: 3\r\n", 400),
            ("Content-Length: 3\r\nTransfer-Encoding: chunked\r\n", 400),
            ("Transfer-Encoding: gzip, chunked\r\n", 501),
            ("Transfer-Encoding: chunked \r\n", 501),
            ("Transfer-Encoding : chunked\r\n", 400),
            ("Content-Length: -1\r\n", 400),
            ("Content-Length: 9223372036854775808\r\n", 413),
            ("Content-Length: 99999999999999999999999\r\n", 413),
        ])
        func `framing that two servers could read differently is refused`(headers: String, status: Int) async throws {
            let server = try HTTPServer(configuration: .init(), handler: TestHandler())
            try await blocking { () throws in
                let connection = try TestConnection(port: server.port)
                #expect(try connection.request("POST", "/echo", headers: headers).status == status)
                #expect(connection.isClosedByServer())
            }
            await server.stop()
        }

        @Test func `a request without a host is refused`() async throws {
            let server = try HTTPServer(configuration: .init(), handler: TestHandler())
            let status = try await blocking {
                let connection = try TestConnection(port: server.port)
                try connection.send("GET / HTTP/1.1\r\n\r\n")
                return try connection.receive().status
            }
            #expect(status == 400)
            await server.stop()
        }
    }
}
