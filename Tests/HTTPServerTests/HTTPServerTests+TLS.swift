import Foundation
import HTTPServer
import Testing

extension HTTPServerTests {
    @Suite struct TransportSecurity {
        @Test func `curl with the certificate as its authority gets an answer over TLS`() async throws {
            let pair = try await Self.makePair()
            defer { try? FileManager.default.removeItem(at: pair.directory) }
            let certificate = pair.directory.appendingPathComponent("certificate.pem")
            let directory = pair.directory
            let server = try HTTPServer(configuration: .init(tls: pair.tls), handler: TestHandler())
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

        @Test func `another certificate is shown to new connections, and a bad one changes nothing`() async throws {
            let (first, second) = (try await Self.makePair(), try await Self.makePair())
            defer { for pair in [first, second] { try? FileManager.default.removeItem(at: pair.directory) } }
            let server = try HTTPServer(configuration: .init(tls: first.tls), handler: TestHandler())
            let url = "https://127.0.0.1:\(server.port)/"
            func trusts(_ directory: URL) async throws -> Bool {
                let file = directory.appendingPathComponent("certificate.pem").path
                return try await Self.run(["curl", "-sS", "--cacert", file, url]).status == 0
            }
            #expect(try await trusts(first.directory))
            #expect(try await !trusts(second.directory))
            for bad in [
                HTTPServer.TLS(certificatePEM: "none", keyPEM: second.tls.keyPEM),
                HTTPServer.TLS(certificatePEM: second.tls.certificatePEM, keyPEM: first.tls.keyPEM),
            ] {
                let error = #expect(throws: HTTPServerError.self) { try server.replaceCertificate(with: bad) }
                #expect(error?.code == .invalidCertificate)
            }
            #expect(try await trusts(first.directory))
            try server.replaceCertificate(with: second.tls)
            #expect(try await trusts(second.directory))
            #expect(try await !trusts(first.directory))
            await server.stop()
        }

        @Test func `a certificate that is none is an error that says so`() {
            let tls = HTTPServer.TLS(certificatePEM: "no certificate", keyPEM: "no key")
            let error = #expect(throws: HTTPServerError.self) {
                _ = try HTTPServer(configuration: .init(tls: tls), handler: TestHandler())
            }
            #expect(error?.code == .invalidCertificate)
        }

        /// A certificate for 127.0.0.1 that is its own authority, in files of a new folder.
        private static func makePair() async throws -> (directory: URL, tls: HTTPServer.TLS) {
            let directory = FileManager.default.temporaryDirectory
                .appendingPathComponent("lugn-tls-\(UUID().uuidString)")
            try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
            let certificate = directory.appendingPathComponent("certificate.pem")
            let key = directory.appendingPathComponent("key.pem")
            let made = try await run([
                "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                "-days", "2", "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key.path,
                "-out", certificate.path,
            ])
            try #require(made.status == 0)
            return (
                directory,
                HTTPServer.TLS(
                    certificatePEM: try String(contentsOf: certificate, encoding: .utf8),
                    keyPEM: try String(contentsOf: key, encoding: .utf8))
            )
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
