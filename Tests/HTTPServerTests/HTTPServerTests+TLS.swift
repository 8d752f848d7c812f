import Foundation
import HTTPServer
import Testing

extension HTTPServerTests {
    @Suite struct TransportSecurity {
        @Test func `curl with the certificate as its authority gets an answer over TLS`() async throws {
            let directory = FileManager.default.temporaryDirectory
                .appendingPathComponent("lugn-tls-\(UUID().uuidString)")
            try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(at: directory) }
            let certificate = directory.appendingPathComponent("certificate.pem")
            let key = directory.appendingPathComponent("key.pem")
            let made = try await Self.run([
                "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                "-days", "2", "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key.path,
                "-out", certificate.path,
            ])
            try #require(made.status == 0)
            let tls = HTTPServer.TLS(
                certificatePEM: try String(contentsOf: certificate, encoding: .utf8),
                keyPEM: try String(contentsOf: key, encoding: .utf8))
            let server = try HTTPServer(configuration: .init(tls: tls), handler: TestHandler())
            let url = "https://127.0.0.1:\(server.port)"

            for version in ["--tls-max 1.2", "--tlsv1.3"] {
                let options = version.split(separator: " ").map(String.init)
                let answer = try await Self.run(
                    ["curl", "-sS", "--cacert", certificate.path] + options + [url + "/a?q=b", url + "/second"])
                #expect(answer.status == 0)
                #expect(answer.output == "GET|/a|b|-|-GET|/second|-|-|-")
            }
            let body = directory.appendingPathComponent("body")
            try Data(repeating: 65, count: 3_000_000).write(to: body)
            let echo = try await Self.run([
                "curl", "-sS", "--cacert", certificate.path, "--data-binary", "@" + body.path, url + "/echo",
            ])
            #expect(echo.output.utf8.count == 3_000_000)
            let outdated = try await Self.run(["curl", "-sk", "--tls-max", "1.1", url + "/"])
            #expect(outdated.status != 0)
            let untrusting = try await Self.run(["curl", "-s", url + "/"])
            #expect(untrusting.status != 0)
            await server.stop()
        }

        @Test func `a certificate that is none is an error that says so`() {
            let tls = HTTPServer.TLS(certificatePEM: "no certificate", keyPEM: "no key")
            let error = #expect(throws: HTTPServerError.self) {
                _ = try HTTPServer(configuration: .init(tls: tls), handler: TestHandler())
            }
            #expect(error?.code == .invalidCertificate)
        }

        private static func run(_ command: [String]) async throws -> (status: Int32, output: String) {
            try await blocking { () throws in
                let process = Process()
                process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
                process.arguments = command
                let pipe = Pipe()
                process.standardOutput = pipe
                process.standardError = FileHandle.nullDevice
                try process.run()
                let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
                process.waitUntilExit()
                return (process.terminationStatus, String(decoding: output, as: UTF8.self))
            }
        }
    }
}
