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

    /// A self-signed certificate, for 127.0.0.1 and today unless told otherwise.
    final class Certificate {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("lugn-tls-\(UUID())").path
        var certificate: String { folder + "/certificate.pem" }
        var key: String { folder + "/key.pem" }

        /// - Parameter dates: first and last moment, as ASN.1 writes them; nil: from now on.
        init(name: String = "IP:127.0.0.1", dates: (String, String)? = nil) throws {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            guard let dates else {
                _ = try shell(
                    "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=test "
                        + "-addext subjectAltName=\(name) -keyout \(key) -out \(certificate) 2>/dev/null")
                return
            }
            // `openssl req` knows no dates but those that begin now; its authority does.
            let settings = """
                [ca]
                default_ca = one
                [one]
                database = \(folder)/index
                new_certs_dir = \(folder)
                rand_serial = yes
                default_md = sha256
                policy = any
                [any]
                commonName = supplied
                """
            try settings.write(toFile: folder + "/ca.conf", atomically: true, encoding: .utf8)
            try "subjectAltName=\(name)\nbasicConstraints=CA:TRUE\n"
                .write(toFile: folder + "/extensions", atomically: true, encoding: .utf8)
            try "".write(toFile: folder + "/index", atomically: true, encoding: .utf8)
            _ = try shell(
                "cd \(folder) && openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out key.pem 2>/dev/null "
                    + "&& openssl req -new -key key.pem -subj /CN=test -out request.pem 2>/dev/null "
                    + "&& openssl ca -batch -config ca.conf -selfsign -keyfile key.pem -in request.pem -notext "
                    + "-extfile extensions -startdate \(dates.0) -enddate \(dates.1) -out certificate.pem 2>/dev/null")
        }

        var tls: HTTPServer.TLS {
            get throws {
                .init(
                    certificatePEM: try String(contentsOfFile: certificate, encoding: .utf8),
                    keyPEM: try String(contentsOfFile: key, encoding: .utf8))
            }
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

    /// The status of a request, or the reason of its failure.
    private func ask(_ server: HTTPServer, _ configuration: HTTPClient.Configuration) async -> String {
        let client = HTTPClient(configuration: configuration)
        defer { client.close() }
        do {
            let request = HTTPClientRequest(
                method: "POST", url: "https://127.0.0.1:\(server.port)/", body: [1, 2, 3], timeoutSeconds: 10)
            return "\(try await client.send(request).status)"
        } catch {
            return error.code == .tls ? error.reason.description : error.code.description
        }
    }

    private func trusting(_ certificate: Certificate) -> HTTPClient.Configuration {
        var configuration = HTTPClient.Configuration()
        configuration.caCertificateFile = certificate.certificate
        return configuration
    }

    @Test("a certificate is trusted because of its authority, and a pin is held to")
    func trust() async throws {
        let (certificate, other) = (try Certificate(), try Certificate())
        let server = try HTTPServer(configuration: .init(tls: certificate.tls), handler: Hello())
        var pinned = trusting(certificate)
        pinned.pinnedPublicKey = try certificate.pin()
        var wronglyPinned = trusting(certificate)
        wronglyPinned.pinnedPublicKey = try other.pin()
        #expect(await ask(server, HTTPClient.Configuration()) == "certificateUntrusted")
        #expect(await ask(server, trusting(certificate)) == "200")
        #expect(await ask(server, trusting(other)) == "certificateUntrusted")
        #expect(await ask(server, pinned) == "200")
        #expect(await ask(server, wronglyPinned) == "otherKey")
        await server.stop()
    }

    @Test("the pin of a private certificate is enough, and another key is none, whatever its name and dates")
    func pinAlone() async throws {
        let expired = ("20200101000000Z", "20200201000000Z")
        for certificate in [try Certificate(), try Certificate(name: "DNS:example.org", dates: expired)] {
            let server = try HTTPServer(configuration: .init(tls: certificate.tls), handler: Hello())
            var pinned = HTTPClient.Configuration()
            pinned.pinnedPublicKey = try certificate.pin()
            #expect(await ask(server, pinned) == "200")
            pinned.pinnedPublicKey = try Certificate().pin()
            #expect(await ask(server, pinned) == "otherKey")
            pinned.pinnedPublicKey = try Certificate().pin() + ";" + certificate.pin()
            #expect(await ask(server, pinned) == "200")
            await server.stop()
        }
    }

    @Test(
        "an error names what is wrong with a certificate",
        arguments: [
            ("IP:127.0.0.1", "20200101000000Z", "20200201000000Z", "certificateExpired"),
            ("IP:127.0.0.1", "20400101000000Z", "20410101000000Z", "certificateNotYetValid"),
            ("DNS:example.org", "20200101000000Z", "20410101000000Z", "certificateOtherName"),
        ])
    func reasons(name: String, from: String, until: String, reason: String) async throws {
        let certificate = try Certificate(name: name, dates: (from, until))
        let server = try HTTPServer(configuration: .init(tls: certificate.tls), handler: Hello())
        #expect(await ask(server, trusting(certificate)) == reason)
        await server.stop()
    }
}
