import Commands
import JSON
import Sealing
import SyncProtocol

/// How an operator is answered: by a server over HTTP, or by the store of a stopped one.
protocol OperatorTransport: Sendable {
    /// The answer's JSON document. Errors: `CommandFailure`.
    func send(
        _ method: String, _ path: String, query: [(String, String)], body: [UInt8], timeoutSeconds: Double
    ) async throws -> JSONValue
}

/// Asks what operators may ask, of a server or of a store.
struct AdminClient {
    let transport: any OperatorTransport
    /// As given with `--line`: a name or an id.
    private let lineText: String?
    /// Whether nothing but this program works on the store.
    let isDirect: Bool

    init(_ context: CommandContext) throws {
        lineText = context.value("line")
        isDirect = context.value("store") != nil
        transport = try context.value("store").map { try StoppedStore(folder: $0) } ?? ServerTransport(context)
    }

    /// - Parameter path: of an endpoint that is about the line that `--line` names, if it names one.
    func get(_ path: String, query: [(String, String)] = [], timeoutSeconds: Double = 30) async throws -> JSONValue {
        try await transport.send(
            "GET", path, query: query + lineQuery(), body: [], timeoutSeconds: timeoutSeconds)
    }
    /// Of an endpoint that is about the server, or about the line that the query names.
    func getOfServer(
        _ path: String, query: [(String, String)] = [], timeoutSeconds: Double = 30
    ) async throws -> JSONValue {
        try await transport.send("GET", path, query: query, body: [], timeoutSeconds: timeoutSeconds)
    }
    func post(_ path: String, query: [(String, String)] = [], timeoutSeconds: Double = 30) async throws -> JSONValue {
        try await transport.send(
            "POST", path, query: query + lineQuery(), body: [], timeoutSeconds: timeoutSeconds)
    }

    /// Has something done. What is asked is done once, however often it comes.
    func perform(_ act: String, _ fields: [JSONMember]) async throws -> JSONValue {
        let document = JSONValue.object(
            [
                JSONMember("request", .string(hexadecimalText(randomBytes(16)))), JSONMember("act", .string(act)),
            ] + fields)
        return try await transport.send(
            "POST", "/v2/admin/acts", query: [], body: Array(document.text.utf8), timeoutSeconds: 30)
    }

    // MARK: The line

    /// The id of the line that `--line` names; nil where none is named.
    func line() async throws -> String? {
        guard let lineText else { return nil }
        return try await line(named: lineText)
    }

    /// The id of a line, by its name or its id.
    func line(named text: String) async throws -> String {
        let status = try await transport.send("GET", "/v2/admin/status", query: [], body: [], timeoutSeconds: 30)
        let found = (status["lines"]?.array ?? []).filter { $0["name"]?.string == text || $0["line"]?.string == text }
        guard found.count == 1, let id = found[0]["line"]?.string else {
            throw CommandFailure(
                found.isEmpty ? "the server has no such line" : "several lines have this name",
                safe: "Nothing was changed", action: "Look at lugn-admin line list, and name its id")
        }
        return id
    }

    private func lineQuery() async throws -> [(String, String)] { try await line().map { [("line", $0)] } ?? [] }
}
