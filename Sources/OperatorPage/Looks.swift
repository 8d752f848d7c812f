import JSON
import Operations
import Support

/// The server's answers, shared by all pages that are open: however many ask, the server is asked once in two seconds.
final class Looks: Sendable {
    private let source: any OperatorSource
    private let kept = Lock<(document: JSONValue, at: ContinuousClock.Instant)?>(nil)
    private let turn = Lock<Task<JSONValue, any Error>?>(nil)
    private static let shortest: Duration = .seconds(2)

    init(_ source: any OperatorSource) { self.source = source }

    /// A survey of the whole server, at most two seconds old.
    func survey() async throws -> JSONValue {
        if let kept = kept.withLock({ $0 }), ContinuousClock.now - kept.at < Self.shortest { return kept.document }
        let task = turn.withLock { turn in
            if let running = turn { return running }
            let new = Task { try await self.look() }
            turn = new
            return new
        }
        return try await task.value
    }

    private func look() async throws -> JSONValue {
        defer { turn.withLock { $0 = nil } }
        let survey = try await Survey.make { try await self.source.get($0, query: $1) }
        let document: JSONValue = [
            "source": .string(source.name), "status": survey.status,
            "findings": .array(survey.findings.map(\.json)),
        ]
        kept.withLock { $0 = (document, .now) }
        return document
    }

    /// A line's workstations, and what happened in its last day.
    func line(_ id: String) async throws -> JSONValue {
        let survey = try await Survey.make(lines: [id]) { try await self.source.get($0, query: $1) }
        return [
            "devices": .array((survey.devices[id] ?? []).map(\.json)),
            "serverTime": survey.status["serverTime"] ?? nil,
            "history": try await source.get("/v2/admin/history", query: [("line", id)]),
        ]
    }

    /// What a workstation sent within a week, by headers.
    func device(_ id: String, line: String, since: String) async throws -> JSONValue {
        try await source.get(
            "/v2/admin/log", query: [("line", line), ("device", id), ("since", since), ("limit", "1000")])
    }
}
