import ChangeLog
import HTTPServer
import JSON
import Merge
import Support
import SyncProtocol
import Trust

/// The operators' endpoints: JSON, signed with their key. They tell who is in sync, never what anybody wrote.
extension SyncServer {
    func administer(
        _ route: Route, _ request: HTTPRequest, _ administrator: Administrator
    ) async throws -> HTTPResponse {
        switch route {
        case .metrics:
            guard administrator.line == nil else { throw Problem.notFound }
            return HTTPResponse(
                status: 200, headers: [HTTPHeader("Content-Type", "text/plain; version=0.0.4; charset=utf-8")],
                body: Array(metrics.text(waiting: notifier.waitingCount, lines: try await log.lines()).utf8))
        case .adminStatus: return .json(try await status(administrator))
        case .adminReplicas: return .json(try await replicas(try await line(request, administrator)))
        case .adminVerify:
            let line = try await line(request, administrator)
            let found = try await verification.take {
                try await log.verify(line: line, now: clock.nowMilliseconds())
            }
            return .json([
                "verified": .bool(found.isSound), "damagedChanges": JSONValue(found.damagedChanges),
                "sumRight": .bool(found.isSumRight), "setAsideChanges": JSONValue(found.setAsideChanges),
            ])
        default: return try await administerRegistry(route, request, administrator)
        }
    }

    private func status(_ administrator: Administrator) async throws -> JSONValue {
        let lines = try await log.lines().filter { administrator.maySee($0.id) }.map { line -> JSONValue in
            [
                "line": .string(line.id.description), "name": .string(line.name), "head": JSONValue(line.head),
                "liveChanges": JSONValue(line.liveChanges), "replicas": JSONValue(line.replicas),
                "fingerprint": .string(line.fingerprint.description),
            ]
        }
        return [
            "serverTime": .string(UTCTime.rfc3339(milliseconds: clock.nowMilliseconds())),
            "waiting": JSONValue(notifier.waitingCount),
            "lines": .array(lines),
        ]
    }

    private func replicas(_ line: LineID) async throws -> JSONValue {
        .array(
            try await log.replicas(of: line).map { replica -> JSONValue in
                [
                    "replica": .string(replica.replica.description), "device": .string(replica.deviceID.description),
                    "name": .string(replica.name),
                    "lastSeen": .string(UTCTime.rfc3339(milliseconds: replica.lastSeen)),
                    "cursor": JSONValue(replica.cursor),
                    "lag": JSONValue(replica.lag), "pending": JSONValue(replica.pending),
                    "oldestPending": replica.oldestPending.map { .string(UTCTime.rfc3339(milliseconds: $0)) } ?? nil,
                    "clockOffsetMilliseconds": JSONValue(replica.clockOffsetMilliseconds),
                    "schema": JSONValue(replica.schema), "verified": replica.isVerified.map { .bool($0) } ?? nil,
                    "lastNumber": JSONValue(replica.lastNumber), "revoked": .bool(replica.isRevoked),
                ]
            })
    }

    /// The line that is meant: named in the query, or the only one that the operator sees.
    func line(_ request: HTTPRequest, _ administrator: Administrator) async throws -> LineID {
        if let text = request.head.query("line") {
            guard let raw = bytes(hexadecimal: text), let line = LineID(raw), administrator.maySee(line) else {
                throw Problem.notFound
            }
            return line
        }
        let lines = try await log.lines().filter { administrator.maySee($0.id) }
        guard lines.count == 1 else { throw Problem.malformed("This server holds \(lines.count) lines: name one") }
        return lines[0].id
    }
}

extension HTTPResponse {
    static func json(_ document: JSONValue) -> HTTPResponse {
        HTTPResponse(
            status: 200,
            headers: [HTTPHeader("Content-Type", "application/json"), HTTPHeader("Cache-Control", "no-store")],
            body: Array(document.text.utf8))
    }
}
