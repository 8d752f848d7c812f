import Commands
import HTTPClient
import JSON
import Sealing
import SyncProtocol
import Trust

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#endif

/// Asks a server's operators' endpoints, with requests signed by the operator's key.
final class AdminClient {
    let server: String
    /// The pin of the server's private certificate, if one was given: `sha256//…`.
    let pin: String?
    private let keys: OperatorKeys
    private let lineName: String?
    private let client: HTTPClient
    /// The server's, from its last answer.
    private var ticket = ""

    init(_ context: CommandContext) throws {
        server = context.value("server") ?? environment("LUGN_SERVER") ?? "http://127.0.0.1:7480"
        keys = try KeyFile.read(context)
        lineName = context.value("line")
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

    // MARK: Asking

    func get(_ path: String, query: [(String, String)] = []) async throws -> JSONValue {
        try await send("GET", path + Self.text(query), [])
    }

    /// The same about the line that `--line` names, if it names one.
    func getOfLine(_ path: String) async throws -> JSONValue {
        try await get(path, query: try await line().map { [("line", $0)] } ?? [])
    }

    /// Has something done. May be asked again with the same `request` until an answer comes: it is done once.
    func perform(_ act: String, _ fields: [JSONMember]) async throws -> JSONValue {
        let document = JSONValue.object(
            [
                JSONMember("request", .string(hexadecimalText(randomBytes(16)))), JSONMember("act", .string(act)),
            ] + fields)
        return try await send("POST", "/v2/admin/acts", Array(document.text.utf8))
    }

    /// The id of the line that `--line` names, by its name or its id; nil where none is named.
    func line() async throws -> String? {
        guard let lineName else { return nil }
        return try await line(named: lineName)
    }

    func line(named text: String) async throws -> String {
        let lines = try await get("/v2/admin/status")["lines"]?.array ?? []
        let found = lines.filter { $0["name"]?.string == text || $0["line"]?.string == text }
        guard found.count == 1, let id = found[0]["line"]?.string else {
            throw CommandFailure(
                found.isEmpty ? "the server has no such line" : "several lines have this name",
                safe: "Nothing was changed",
                action: "Look at lugn-admin line list, and name its id")
        }
        return id
    }

    private static func text(_ query: [(String, String)]) -> String {
        query.isEmpty ? "" : "?" + query.map { "\($0)=\($1)" }.joined(separator: "&")
    }

    // MARK: Sending

    private func send(_ method: String, _ route: String, _ body: [UInt8]) async throws -> JSONValue {
        var response = try await sendOnce(method, route, body)
        // With the ticket that came along.
        if response.status == 401, isStale(response) { response = try await sendOnce(method, route, body) }
        return try read(response)
    }

    private func sendOnce(_ method: String, _ route: String, _ body: [UInt8]) async throws -> HTTPClientResponse {
        let digest = ContentDigest.value(of: body)
        let signature = RequestSignature(
            method: method, route: route, digest: digest, ticket: ticket, keyID: keys.id.bytes, purpose: .operators,
            key: keys.signing)
        var headers = [(name: ContentDigest.name, value: digest)] + signature.headers(route: route)
        if !body.isEmpty { headers.append((name: "Content-Type", value: "application/json")) }
        let base = server.hasSuffix("/") ? String(server.dropLast()) : server
        let request = HTTPClientRequest(
            method: method, url: base + route, headers: headers, body: body, timeoutSeconds: 30,
            maximumResponseBytes: 64 << 20)
        let response = try await transmit(request)
        if let text = response.header(Ticket.header) { ticket = text }
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
