import HTTPClient
import Testing

@Suite(.timeLimit(.minutes(1)))
struct TLSTests {
    @Test func onlyATrustedCertificateWithTheRightKeyIsAccepted() async throws {
        let server = try TLSServer()
        var failure: (any Error)?
        do {
            try await check(server)
        } catch {
            failure = error
        }
        try server.stop()
        if let failure { throw failure }
    }

    private func check(_ server: TLSServer) async throws {
        let otherPin = "sha256//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
        #expect(try await status(server, trusted: true) == .success(200))
        #expect(try await status(server, trusted: true, pin: server.pin) == .success(200))
        #expect(try await status(server, trusted: true, pin: otherPin) == .failure(90))
        #expect(try await status(server, trusted: false) == .failure(60))
        // The right pin does not replace a trusted certificate.
        #expect(try await status(server, trusted: false, pin: server.pin) == .failure(60))
    }

    private enum Outcome: Equatable {
        case success(Int)
        case failure(Int?)
    }

    /// The status, or libcurl's number of a failure, which has to be one of TLS.
    private func status(_ server: TLSServer, trusted: Bool, pin: String? = nil) async throws -> Outcome {
        var configuration = HTTPClient.Configuration()
        configuration.caCertificateFile = trusted ? server.certificateFile : nil
        configuration.pinnedPublicKey = pin
        do throws(HTTPClientError) {
            return .success(
                try await HTTPClient(configuration: configuration).send(HTTPClientRequest(url: server.url)).status)
        } catch {
            #expect(error.code == .tls)
            return .failure(error.curlCode)
        }
    }

    @Test func aMissingFileOfTrustedCertificatesIsATLSError() async throws {
        let server = try TLSServer()
        var configuration = HTTPClient.Configuration()
        configuration.caCertificateFile = server.certificateFile + ".missing"
        let client = HTTPClient(configuration: configuration)
        let error = await #expect(throws: HTTPClientError.self) {
            _ = try await client.send(HTTPClientRequest(url: server.url))
        }
        try server.stop()
        #expect(error?.code == .tls)
    }
}
