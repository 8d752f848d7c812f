import Glibc
import Testing

@testable import HTTPServer

extension HTTPServerTests {
    /// What the bodies of all requests together may take.
    @Suite struct Memory {
        /// Begins a request whose body does not end yet.
        private static func begin(_ server: HTTPServer, _ target: String, bytes: Int) throws -> TestConnection {
            let connection = try TestConnection(port: server.port)
            try connection.send("POST \(target) HTTP/1.1\r\nHost: t\r\nContent-Length: \(bytes)\r\n\r\n")
            return connection
        }

        @Test func `bodies that find no room are told to come again, before they are sent`() async throws {
            let server = try HTTPServer(configuration: .init(bodyMemoryBytes: 1 << 20), handler: TestHandler())
            try await blocking { () throws in
                // Four accounts take 240,000 each; the sixteenth that is kept is for small ones.
                let open = try (1...4).map { try Self.begin(server, "/echo?account=\($0)", bytes: 240_000) }
                #expect(HTTPServerTests.eventuallyNow { server.bodyBytesInUse == 960_000 })
                let refused = try Self.begin(server, "/echo?account=5", bytes: 100_000)
                let answer = try refused.receive()
                #expect(answer.status == 503 && answer.headers["retry-after"] == "2")
                #expect(refused.isClosedByServer())
                let small = try TestConnection(port: server.port)
                #expect(try small.request("POST", "/echo?account=5", body: [1, 2]).body == [1, 2])
                for connection in open {
                    try connection.send([UInt8](repeating: 1, count: 240_000))
                    #expect(try connection.receive().status == 200)
                }
                #expect(HTTPServerTests.eventuallyNow { server.bodyBytesInUse == 0 })
                let later = try TestConnection(port: server.port)
                let body = [UInt8](repeating: 3, count: 100_000)
                #expect(try later.request("POST", "/echo?account=5", body: body).body == body)
            }
            await server.stop()
        }

        @Test func `one account gets a quarter, bulk bodies get half`() async throws {
            let server = try HTTPServer(configuration: .init(bodyMemoryBytes: 1 << 20), handler: TestHandler())
            try await blocking { () throws in
                let first = try Self.begin(server, "/echo?account=1", bytes: 200_000)
                #expect(HTTPServerTests.eventuallyNow { server.bodyBytesInUse == 200_000 })
                #expect(try Self.begin(server, "/echo?account=1", bytes: 100_000).receive().status == 503)
                let bulk = try (2...3).map { try Self.begin(server, "/echo?bulk&account=\($0)", bytes: 240_000) }
                #expect(HTTPServerTests.eventuallyNow { server.bodyBytesInUse == 680_000 })
                #expect(try Self.begin(server, "/echo?bulk&account=4", bytes: 100_000).receive().status == 503)
                let other = try TestConnection(port: server.port)
                let body = [UInt8](repeating: 9, count: 100_000)
                #expect(try other.request("POST", "/echo?account=4", body: body).body == body)
                withExtendedLifetime((first, bulk)) {}
            }
            #expect(await eventually { server.bodyBytesInUse == 0 })
            await server.stop()
        }

        @Test func `chunks take room as they come, and are refused where there is none`() async throws {
            let server = try HTTPServer(configuration: .init(bodyMemoryBytes: 400_000), handler: TestHandler())
            try await blocking { () throws in
                let connection = try TestConnection(port: server.port)
                try connection.send("POST /echo HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n")
                let chunk = "c350\r\n" + String(repeating: "x", count: 50_000) + "\r\n"
                try connection.send(chunk + chunk + chunk + "0\r\n\r\n")
                #expect(try connection.receive().status == 503)
                #expect(server.bodyBytesInUse == 0)
                try connection.send("POST /echo HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n")
                try connection.send(chunk + "0\r\n\r\n")
                #expect(try connection.receive().body.count == 50_000)
            }
            await server.stop()
        }

        @Test func `what the head tells of the caller reaches the handler`() async throws {
            let server = try HTTPServer(configuration: .init(), handler: TestHandler())
            let text = try await blocking {
                try TestConnection(port: server.port).request("POST", "/who?account=77", body: [1]).text
            }
            #expect(text == "77")
            await server.stop()
        }
    }

    /// Waits on the calling thread until a condition holds; false after ten seconds without it.
    static func eventuallyNow(_ condition: () -> Bool) -> Bool {
        for _ in 0..<1_000 {
            if condition() { return true }
            usleep(10_000)
        }
        return false
    }
}
