import Glibc
import HTTPClient
import Testing

/// Which way a request takes: never in clear to another machine, never by a proxy that nobody asked for.
@Suite("The way to the server", .serialized, .timeLimit(.minutes(1)))
struct WayTests {
    private func reason(_ url: String, _ configuration: HTTPClient.Configuration = .init()) async -> HTTPClientError? {
        let client = HTTPClient(configuration: configuration)
        defer { client.close() }
        do throws(HTTPClientError) {
            _ = try await client.send(HTTPClientRequest(url: url, timeoutSeconds: 5))
            return nil
        } catch {
            return error
        }
    }

    @Test(
        "plain http leads to this machine only",
        arguments: [
            "http://192.0.2.1/", "http://example.invalid/", "http://[2001:db8::1]/", "http://localhost.example/",
        ])
    func plain(url: String) async {
        let error = await reason(url)
        #expect(error?.code == .tls && error?.reason == .plainHTTP)
    }

    @Test("proxies of the environment count only where they are asked for")
    func proxy() async throws {
        let proxy = ScriptedServer { connection, _ in
            _ = connection.readRequest()
            connection.answer([1])
        }
        defer { proxy.stop() }
        unsafe setenv("http_proxy", "http://127.0.0.1:\(proxy.port)", 1)
        defer { unsafe unsetenv("http_proxy") }
        var configuration = HTTPClient.Configuration()
        configuration.allowsPlainHTTP = true
        // The name does not exist (RFC 6761, section 6.4): only a proxy can answer for it.
        #expect(await reason("http://example.invalid/", configuration)?.reason == .nameNotFound)
        #expect(proxy.acceptedConnections == 0)
        configuration.usesEnvironmentProxy = true
        #expect(await reason("http://example.invalid/", configuration) == nil)
        #expect(proxy.acceptedConnections == 1)
        let (descriptor, port) = ScriptedServer.listen()
        close(descriptor)
        #expect(await reason("http://127.0.0.1:\(port)/", configuration)?.reason == .connectionRefused)
        #expect(proxy.acceptedConnections == 1)
    }
}
