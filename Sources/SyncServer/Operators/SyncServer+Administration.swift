import ChangeLog
public import HTTPServer
import JSON
import Merge
import Support
import SyncProtocol

/// The operators' endpoints: JSON, on their token. They tell who is in sync, never what anybody wrote.
extension SyncServer {
    /// Answers an operator who has the store itself and needs no server: `lugn-admin --store`.
    public func answerOperator(method: HTTPMethod, path: String, query: [String: String]) async -> HTTPResponse {
        let head = HTTPRequestHead(method: method, path: path, query: query)
        do {
            let route = try Route(head)
            guard route.audience == .administrators else { throw Problem.notFound }
            return try await administer(route, HTTPRequest(head: head, identity: Caller.administrator))
        } catch {
            return Problem(error).response
        }
    }

    func administer(_ route: Route, _ request: HTTPRequest) async throws -> HTTPResponse {
        switch route {
        case .adminHistory: return .json(history())
        case .metrics:
            return HTTPResponse(
                status: 200, headers: [HTTPHeader("Content-Type", "text/plain; version=0.0.4; charset=utf-8")],
                body: Array(try await report().text().utf8))
        case .adminStatus: return .json(StatusDocument(report: try await report()).json)
        case .adminDevices: return .json(try await devices(try await line(request)))
        case .adminLog: return .json(try await log(try await line(request), request.head))
        case .adminRecord: return .json(try await record(try await line(request), request.head))
        case .adminConflicts: return .json(try await conflicts(try await line(request)))
        case .adminCompact: return .json(try await compact())
        case .adminReplicas: return .json(try await replicas(try await line(request)))
        case .adminInvite: return .json(try await invite(request))
        case .adminVerify:
            let line = try await line(request)
            let found = try await verification.take {
                try await log.verify(line: line, now: clock.nowMilliseconds())
            }
            await note(found, of: line)
            return .json([
                "verified": .bool(found.isSound), "damagedChanges": JSONValue(found.damagedChanges),
                "sumRight": .bool(found.isSumRight), "setAsideChanges": JSONValue(found.setAsideChanges),
            ])
        case .adminRevoke(let id):
            let line = try await line(request)
            guard try await log.revoke(replica: id, line: line, now: clock.nowMilliseconds()) else {
                throw Problem.notFound
            }
            overviews.forget()
            logger.warning("revoked", ["line": .identifier(line.bytes)])
            return .json(["replica": .string(id.description), "revoked": true])
        default: throw Problem.notFound
        }
    }

    /// All that is known without counting anything.
    private func report() async throws -> MetricsReport {
        MetricsReport(
            metrics: metrics, lines: try await overviews.current(), host: host(), now: clock.nowMilliseconds(),
            started: started, waiting: notifier.waitingCount, working: limiter.current, workLimit: limiter.limit,
            isReady: readiness?.failure() == nil, commitTimes: commitTimes, looks: looks.withLock { $0 })
    }

    /// `GET /v2/admin/history`: the last 24 hours, minute by minute, the present one last.
    private func history() -> JSONValue {
        let minutes = metrics.history.minutes()
        return [
            "until": StatusDocument.time(clock.nowMilliseconds()),
            "commits": .array(minutes.map { JSONValue(Int($0.commits)) }),
            "requests": .array(minutes.map { JSONValue(Int($0.requests)) }),
            "lag": .array(minutes.map { JSONValue($0.lag) }),
        ]
    }

    private func note(_ found: LineVerification, of line: LineID) async {
        guard let number = try? await log.lines().firstIndex(where: { $0.id == line }) else { return }
        let look = LineLook(number: number + 1, line: line, at: clock.nowMilliseconds(), found: found)
        looks.withLock { looks in
            looks.removeAll { $0.line == line }
            looks.append(look)
        }
    }

    private func devices(_ line: LineID) async throws -> JSONValue {
        guard let overview = try await overviews.current().first(where: { $0.line.id == line }) else {
            throw Problem.notFound
        }
        let behind = overview.devices.filter { $0.latest.lag > 0 }
        let times = try await log.times(of: line, at: behind.map { $0.latest.cursor + 1 })
        let since = zip(behind, times).compactMap { device, time in time.map { (device.device, $0) } }
        return DevicesDocument(line: overview, lagSince: Dictionary(uniqueKeysWithValues: since)).json
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
