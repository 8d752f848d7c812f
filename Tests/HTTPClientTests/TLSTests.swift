import Foundation
import HTTPClient
import HTTPServer
import Testing

/// Against our own server, with certificates made by openssl for each run.
@Suite("TLS", .serialized)
struct TLSTests {
    struct Hello: HTTPHandler {
        func admit(_ head: HTTPRequestHead) -> HTTPAdmission {
            .admitted(HTTPCaller(identity: (), account: 0, bodyLimitBytes: 1_000))
        }
        func respond(to request: HTTPRequest) async -> HTTPResponse {
            HTTPResponse(status: 200, body: Array("hello".utf8))
        }
    }

    /// A self-signed certificate for 127.0.0.1.
    final class Certificate {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("lugn-tls-\(UUID())").path
        var certificate: String { folder + "/certificate.pem" }
        var key: String { folder + "/key.pem" }

        init() throws {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            _ = try shell(
                "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=test "
                    + "-addext subjectAltName=IP:127.0.0.1 -keyout \(key) -out \(certificate) 2>/dev/null")
        }

        deinit { try? FileManager.default.removeItem(atPath: folder) }

        /// The public key's pin, as RFC 7469 writes it.
        func pin() throws -> String {
            "sha256//"
                + (try shell(
                    "openssl x509 -in \(certificate) -pubkey -noout | openssl pkey -pubin -outform der | openssl dgst -sha256 -binary | openssl base64"
                )).trimmingCharacters(in: .whitespacesAndNewlines)
        }

        func shell(_ command: String) throws -> String {
            let process = Process()
            let pipe = Pipe()
            process.executableURL = URL(fileURLWithPath: "/bin/sh")
            process.arguments = ["-c", command]
            process.standardOutput = pipe
            try process.run()
            let data = pipe.fileHandleForReading.readDataToEndOfFile()
            process.waitUntilExit()
            try #require(process.terminationStatus == 0)
            return String(decoding: data, as: UTF8.self)
        }
    }

    /// The status of a request, or the code of its failure.
    private func ask(_ server: HTTPServer, _ configuration: HTTPClient.Configuration) async -> String {
        let client = HTTPClient(configuration: configuration)
        defer { client.close() }
        do {
            let request = HTTPClientRequest(
                method: "POST", url: "https://127.0.0.1:\(server.port)/", body: [1, 2, 3], timeoutSeconds: 10)
            return "\(try await client.send(request).status)"
        } catch {
            return error.code.description
        }
    }

    @Test("a certificate is trusted because of its authority, and a pin is held to")
    func trust() async throws {
        let certificate = try Certificate()
        let other = try Certificate()
        let server = try HTTPServer(
            configuration: .init(
                tls: .init(
                    certificatePEM: String(contentsOfFile: certificate.certificate, encoding: .utf8),
                    keyPEM: String(contentsOfFile: certificate.key, encoding: .utf8))), handler: Hello())
        let nobody = HTTPClient.Configuration()
        var trusting = HTTPClient.Configuration()
        trusting.caCertificateFile = certificate.certificate
        var mistrusting = HTTPClient.Configuration()
        mistrusting.caCertificateFile = other.certificate
        var pinned = trusting
        pinned.pinnedPublicKey = try certificate.pin()
        var wronglyPinned = trusting
        wronglyPinned.pinnedPublicKey = try other.pin()
        #expect(await ask(server, nobody) == "tls")
        #expect(await ask(server, trusting) == "200")
        #expect(await ask(server, mistrusting) == "tls")
        #expect(await ask(server, pinned) == "200")
        #expect(await ask(server, wronglyPinned) == "tls")
        await server.stop()
    }
}
