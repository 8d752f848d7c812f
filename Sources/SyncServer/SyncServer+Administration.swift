import ChangeLog
import HTTPServer
import JSON
import Merge
import Support
import SyncProtocol

/// The operators' endpoints: JSON, on their token. They tell who is in sync, never what anybody wrote.
extension SyncServer {
    func administer(_ route: Route, _ request: HTTPRequest) async throws -> HTTPResponse {
        switch route {
        case .metrics:
            return HTTPResponse(
                status: 200, headers: [HTTPHeader("Content-Type", "text/plain; version=0.0.4; charset=utf-8")],
                body: Array(metrics.text(waiting: notifier.waitingCount, lines: try await log.lines()).utf8))
        case .adminStatus: return .json(try await status())
        case .adminReplicas: return .json(try await replicas(try await line(request)))
        case .adminInvite: return .json(try await invite(request))
        case .adminVerify:
            let line = try await line(request)
            let found = try await verification.take {
                try await log.verify(line: line, now: clock.nowMilliseconds())
            }
            return .json([
                "verified": .bool(found.isSound), "damagedChanges": JSONValue(found.damagedChanges),
                "sumRight": .bool(found.isSumRight), "setAsideChanges": JSONValue(found.setAsideChanges),
            ])
        case .adminRevoke(let id):
            let line = try await line(request)
            guard try await log.revoke(replica: id, line: line, now: clock.nowMilliseconds()) else {
                throw Problem.notFound
            }
            logger.warning("revoked", ["line": .identifier(line.bytes)])
            return .json(["replica": .string(id.description), "revoked": true])
        default: throw Problem.notFound
        }
    }

    private func status() async throws -> JSONValue {
        let lines = try await log.lines().map { line -> JSONValue in
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
                    "replica": .string(replica.replica.description), "name": .string(replica.name),
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

    private func invite(_ request: HTTPRequest) async throws -> JSONValue {
        let hours = request.head.query("hours").flatMap { Int64($0) } ?? Secrets.invitationHours
        guard (0...8_760).contains(hours) else { throw Problem.malformed("An invitation is good for 0 to 8760 hours") }
        let (text, expires) = try await Secrets.invitation(
            to: try await line(request), in: log, now: clock.nowMilliseconds(), hours: hours)
        return ["invitation": .string(text), "expires": .string(UTCTime.rfc3339(milliseconds: expires))]
    }

    /// The line that is meant: named in the query, or the only one.
    private func line(_ request: HTTPRequest) async throws -> LineID {
        if let text = request.head.query("line") {
            guard let raw = bytes(hexadecimal: text), let line = LineID(raw) else { throw Problem.notFound }
            return line
        }
        let lines = try await log.lines()
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
