import Commands
import HTTPClient
import JSON

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#endif

/// How an operator is answered: by a server over HTTP, or by the store of a stopped one.
protocol OperatorTransport: Sendable {
    /// The answer's JSON document. Errors: `CommandFailure`.
    func send(_ method: String, _ path: String, query: [(String, String)], timeoutSeconds: Double) async throws
        -> JSONValue
}

/// Asks what operators may ask, of a server or of a store.
struct AdminClient {
    let transport: any OperatorTransport
    let line: String?
    /// Whether nothing but this program works on the store.
    let isDirect: Bool

    init(_ context: CommandContext) throws {
        line = context.value("line")
        isDirect = context.value("store") != nil
        transport = try context.value("store").map { try StoppedStore(folder: $0) } ?? ServerTransport(context)
    }

    func get(_ path: String, query: [(String, String)] = [], timeoutSeconds: Double = 30) async throws -> JSONValue {
        try await send("GET", path, query, timeoutSeconds)
    }
    func post(_ path: String, query: [(String, String)] = [], timeoutSeconds: Double = 30) async throws -> JSONValue {
        try await send("POST", path, query, timeoutSeconds)
    }

    private func send(
        _ method: String, _ path: String, _ query: [(String, String)], _ timeoutSeconds: Double
    ) async throws -> JSONValue {
        try await transport.send(
            method, path, query: query + (line.map { [("line", $0)] } ?? []), timeoutSeconds: timeoutSeconds)
    }
}

/// A server, over HTTP, with the operator's credential: the one place that knows it.
struct ServerTransport: OperatorTransport {
    let server: String
    private let token: String
    private let client: HTTPClient

    init(_ context: CommandContext) throws {
        server = context.value("server") ?? Self.environment("LUGN_SERVER") ?? "http://127.0.0.1:7480"
        if let file = context.value("token-file") {
            token = try Self.readToken(file)
        } else if let value = Self.environment("LUGN_OPERATOR_TOKEN") {
            token = value
        } else {
            throw CommandFailure.wrongUsage(
                "the operator's token is missing", action: "Set LUGN_OPERATOR_TOKEN or give --token-file FILE")
        }
        var configuration = HTTPClient.Configuration()
        configuration.caCertificateFile = context.value("ca-file") ?? Self.environment("LUGN_CA_FILE")
        configuration.pinnedPublicKey = context.value("pin") ?? Self.environment("LUGN_PIN")
        configuration.allowsPlainHTTP = context.flag("insecure-http")
        configuration.usesEnvironmentProxy = context.flag("use-proxy")
        if configuration.allowsPlainHTTP {
            context.output.note("warning: plain http is allowed; whoever is on the way can read the operator's token")
        }
        client = HTTPClient(configuration: configuration)
    }

    private static func environment(_ name: String) -> String? {
        guard let value = unsafe getenv(name) else { return nil }
        return unsafe String(cString: value)
    }

    private static func readToken(_ path: String) throws -> String {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw CommandFailure("the token's file cannot be read (error \(errno))") }
        defer { close(descriptor) }
        var buffer = [UInt8](repeating: 0, count: 1_024)
        let count = unsafe buffer.withUnsafeMutableBytes { unsafe read(descriptor, $0.baseAddress!, $0.count) }
        let text = String(decoding: buffer[..<max(0, count)], as: UTF8.self)
        return String(text.prefix { !$0.isWhitespace })
    }

    func send(
        _ method: String, _ path: String, query: [(String, String)], timeoutSeconds: Double
    ) async throws -> JSONValue {
        let tail = query.isEmpty ? "" : "?" + query.map { "\($0)=\($1)" }.joined(separator: "&")
        let base = server.hasSuffix("/") ? String(server.dropLast()) : server
        let response: HTTPClientResponse
        do {
            response = try await client.send(
                HTTPClientRequest(
                    method: method, url: base + path + tail, headers: [("Authorization", "Bearer \(token)")], body: [],
                    timeoutSeconds: timeoutSeconds, maximumResponseBytes: 64 << 20))
        } catch {
            throw CommandFailure(
                error.code == .tls ? .refused : .unreachable, error.message, safe: "Nothing was changed",
                action: error.code == .tls ? "" : "Check the address and that the server runs")
        }
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
            let refused = response.status == 401 || response.status == 403
            throw CommandFailure(refused ? .refused : .failed, detail)
        }
        return document
    }
}
