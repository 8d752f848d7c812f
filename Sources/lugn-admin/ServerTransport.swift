import Commands
import HTTPClient
import JSON
import Sealing
import Support
import Trust

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#endif

/// A server, over HTTP, with requests signed by the operator's key.
final class ServerTransport: OperatorTransport {
    let server: String
    /// The pin of the server's private certificate, if one was given: `sha256//…`.
    let pin: String?
    private let keys: OperatorKeys
    private let client: HTTPClient
    /// The server's, from its last answer.
    private let ticket = Lock("")

    init(_ context: CommandContext) throws {
        server = context.value("server") ?? environment("LUGN_SERVER") ?? "http://127.0.0.1:7480"
        keys = try KeyFile.read(context)
        pin = context.value("pin") ?? environment("LUGN_PIN")
        var configuration = HTTPClient.Configuration()
        configuration.caCertificateFile = context.value("ca-file") ?? environment("LUGN_CA_FILE")
        configuration.pinnedPublicKey = pin
        configuration.allowsPlainHTTP = context.flag("insecure-http")
        configuration.usesEnvironmentProxy = context.flag("use-proxy")
        if configuration.allowsPlainHTTP {
            context.output.note("warning: plain http is allowed; whoever is on the way reads along")
        }
        client = HTTPClient(configuration: configuration)
    }

    func send(
        _ method: String, _ path: String, query: [(String, String)], body: [UInt8], timeoutSeconds: Double
    ) async throws -> JSONValue {
        let route = path + (query.isEmpty ? "" : "?" + query.map { "\($0)=\($1)" }.joined(separator: "&"))
        var response = try await sendOnce(method, route, body, timeoutSeconds)
        // With the ticket that came along.
        if response.status == 401, isStale(response) {
            response = try await sendOnce(method, route, body, timeoutSeconds)
        }
        return try read(response)
    }

    private func sendOnce(
        _ method: String, _ route: String, _ body: [UInt8], _ timeoutSeconds: Double
    ) async throws -> HTTPClientResponse {
        let digest = ContentDigest.value(of: body)
        let signature = RequestSignature(
            method: method, route: route, digest: digest, ticket: ticket.withLock { $0 }, keyID: keys.id.bytes,
            purpose: .operators, key: keys.signing)
        var headers = [(name: ContentDigest.name, value: digest)] + signature.headers(route: route)
        if !body.isEmpty { headers.append((name: "Content-Type", value: "application/json")) }
        let base = server.hasSuffix("/") ? String(server.dropLast()) : server
        let request = HTTPClientRequest(
            method: method, url: base + route, headers: headers, body: body, timeoutSeconds: timeoutSeconds,
            maximumResponseBytes: 64 << 20)
        let response = try await transmit(request)
        if let text = response.header(Ticket.header) { ticket.withLock { $0 = text } }
        return response
    }

    /// Once more where the answer was lost: what is asked is done once, however often it comes.
    private func transmit(_ request: HTTPClientRequest) async throws -> HTTPClientResponse {
        do {
            return try await client.send(request)
        } catch  where error.code == .cutShort || error.code == .timedOut {
            do { return try await client.send(request) } catch { throw Self.failure(error, isSent: true) }
        } catch {
            throw Self.failure(error, isSent: false)
        }
    }

    private static func failure(_ error: HTTPClientError, isSent: Bool) -> CommandFailure {
        CommandFailure(
            error.code == .tls ? .refused : .unreachable, error.message,
            safe: isSent ? "It may have been done: look before you try again" : "Nothing was changed",
            action: error.code == .tls ? "" : "Check the address and that the server runs")
    }

    private func isStale(_ response: HTTPClientResponse) -> Bool {
        (try? JSONValue(parsing: response.body))?["type"]?.string == "urn:lugn:problem:stale-ticket"
    }

    private func read(_ response: HTTPClientResponse) throws -> JSONValue {
        let document: JSONValue
        do {
            document = try JSONValue(parsing: response.body)
        } catch {
            throw CommandFailure(
                response.isCaptivePortal
                    ? "a page of the network answered, as in hotels and trains"
                    : "something other than a lugn-server answered",
                safe: "Nothing was changed", action: "Check the network and the server's address")
        }
        guard response.status == 200 else {
            let detail = document["detail"]?.string ?? "status \(response.status)"
            let isRefused = response.status == 401 || response.status == 403
            throw CommandFailure(isRefused ? .refused : .failed, detail)
        }
        return document
    }
}

func environment(_ name: String) -> String? {
    guard let value = unsafe getenv(name) else { return nil }
    return unsafe String(cString: value)
}
