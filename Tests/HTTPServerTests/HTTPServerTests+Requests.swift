import HTTPServer
import Testing

extension HTTPServerTests {
    @Suite struct Requests {
        @Test(arguments: [0, 1, 70 * 1024, 5 * 1024 * 1024])
        func `a body comes back byte for byte`(byteCount: Int) async throws {
            let server = try HTTPServer(configuration: .init(), handler: TestHandler())
            let body = (0..<byteCount).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
            let response = try await blocking {
                try TestConnection(port: server.port).request("POST", "/echo", body: body)
            }
            #expect(response.status == 200)
            #expect(response.body == body)
            await server.stop()
        }

        @Test func `a chunked body arrives without its coding`() async throws {
            let server = try HTTPServer(configuration: .init(), handler: TestHandler())
            let response = try await blocking {
                let connection = try TestConnection(port: server.port)
                try connection.send("POST /echo HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n")
                try connection.send("3\r\nabc\r\n4;x=y\r\ndefg\r\n0\r\n\r\n")
                return try connection.receive()
            }
            #expect(response.text == "abcdefg")
            await server.stop()
        }

        @Test func `one connection carries many requests of different kinds`() async throws {
            let server = try HTTPServer(configuration: .init(), handler: TestHandler())
            try await blocking { () throws in
                let connection = try TestConnection(port: server.port)
                for index in 0..<50 {
                    #expect(try connection.request("POST", "/echo", body: [UInt8(index)]).body == [UInt8(index)])
                    #expect(try connection.request("GET", "/get").status == 200)
                    #expect(try connection.request("HEAD", "/head").headers["content-length"] == "16")
                    #expect(try connection.request("GET", "/forbidden").status == 401)
                }
            }
            await server.stop()
        }

        @Test func `pipelined requests are answered in order`() async throws {
            let server = try HTTPServer(configuration: .init(), handler: TestHandler())
            try await blocking { () throws in
                let connection = try TestConnection(port: server.port)
                try connection.send((0..<20).map { "GET /\($0) HTTP/1.1\r\nHost: t\r\n\r\n" }.joined())
                for index in 0..<20 {
                    #expect(try connection.receive().text == "GET|/\(index)|-|-|-")
                }
            }
            await server.stop()
        }

        @Test(arguments: [
            ("GET", "/a%20b?q=1%2B1", "X-TEST: yes\r\n", "GET|/a b|1+1|yes|-"),
            ("PUT", "/?q", "", "PUT|/||-|-"),
            ("DELETE", "/%00x?q=a+b&q=c", "x-test:\tv \r\n", "DELETE|/%00x|a b|v|-"),
            ("PROPFIND", "/%zz%4", "", "PROPFIND|/%zz%4|-|-|-"),
        ])
        func `the head is told as it was sent`(
            method: String, target: String, headers: String, expected: String
        ) async throws {
            let server = try HTTPServer(configuration: .init(), handler: TestHandler())
            let response = try await blocking {
                try TestConnection(port: server.port).request(method, target, headers: headers)
            }
            #expect(response.text == expected)
            #expect(response.headers["server"] == nil)
            await server.stop()
        }

        @Test func `a client that asks is told to continue before it sends its body`() async throws {
            let server = try HTTPServer(configuration: .init(), handler: TestHandler())
            try await blocking { () throws in
                let connection = try TestConnection(port: server.port)
                try connection.send(
                    "POST /echo HTTP/1.1\r\nHost: t\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n")
                #expect(try connection.receive().status == 100)
                try connection.send("ok")
                #expect(try connection.receive().text == "ok")
            }
            await server.stop()
        }

        @Test func `a header that would split the response becomes a 500`() async throws {
            let server = try HTTPServer(configuration: .init(), handler: TestHandler())
            let response = try await blocking {
                try TestConnection(port: server.port).request("GET", "/broken")
            }
            #expect(response.status == 500)
            #expect(response.headers["b"] == nil)
            await server.stop()
        }
    }
}
