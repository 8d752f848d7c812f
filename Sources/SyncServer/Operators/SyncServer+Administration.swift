import ChangeLog
public import HTTPServer
import JSON
import Merge
import Support
import SyncProtocol
import Trust

/// The operators' endpoints: JSON, signed with their key. They tell who is in sync, never what anybody wrote.
extension SyncServer {
    /// Answers an operator who has the store itself and needs no server: `lugn-admin --store`.
    public func answerOperator(
        method: HTTPMethod, path: String, query: [String: String], body: [UInt8] = []
    ) async -> HTTPResponse {
        let head = HTTPRequestHead(method: method, path: path, query: query)
        do {
            let route = try Route(head)
            guard route.audience == .administrators else { throw Problem.notFound }
            return try await administer(
                route, HTTPRequest(head: head, body: body, identity: Caller.administrator(.ofStore)), .ofStore)
        } catch {
            return Problem(error).response
        }
    }

    func administer(
        _ route: Route, _ request: HTTPRequest, _ administrator: Administrator
    ) async throws -> HTTPResponse {
        switch route {
        case .adminHistory: return .json(try await history(request, administrator))
        case .metrics:
            guard administrator.line == nil else { throw Problem.notFound }
            return HTTPResponse(
                status: 200, headers: [HTTPHeader("Content-Type", "text/plain; version=0.0.4; charset=utf-8")],
                body: Array(try await report(administrator).text().utf8))
        case .adminStatus:
            try await countConflictsOnce(administrator)
            return .json(StatusDocument(report: try await report(administrator)).json)
        case .adminDevices: return .json(try await devices(try await line(request, administrator)))
        case .adminLog: return .json(try await log(try await line(request, administrator), request.head))
        case .adminRecord: return .json(try await record(try await line(request, administrator), request.head))
        case .adminConflicts: return .json(try await conflicts(try await line(request, administrator)))
        case .adminCompact:
            guard administrator.line == nil else { throw Problem.notFound }
            return .json(try await compact())
        case .adminReplicas: return .json(try await replicas(try await line(request, administrator)))
        case .adminVerify:
            let line = try await line(request, administrator)
            let found = try await verification.take {
                try await log.verify(line: line, now: clock.nowMilliseconds())
            }
            overviews.forget()
            return .json([
                "verified": .bool(found.isSound), "damagedChanges": JSONValue(found.damagedChanges),
                "sumRight": .bool(found.isSumRight), "setAsideChanges": JSONValue(found.setAsideChanges),
            ])
        default: return try await administerRegistry(route, request, administrator)
        }
    }

    /// What was never counted since the server was started, such as of a line that was just founded.
    private func countConflictsOnce(_ administrator: Administrator) async throws {
        for line in try await overviews.current().map(\.line)
        where administrator.maySee(line.id) && conflictLooks.latest(line.id) == nil {
            _ = try await countConflicts(line.id, head: line.head)
        }
    }

    /// All that is known without counting anything.
    private func report(_ administrator: Administrator) async throws -> MetricsReport {
        MetricsReport(
            metrics: metrics, lines: try await overviews.current().filter { administrator.maySee($0.line.id) },
            host: host(), now: clock.nowMilliseconds(),
            started: started, waiting: notifier.waitingCount, working: limiter.current, workLimit: limiter.limit,
            isReady: readiness?.failure() == nil, commitTimes: commitTimes,
            conflicts: conflictLooks)
    }

    /// `GET /v2/admin/history?line=`: the last 24 hours, minute by minute, the present one last; null where nothing is known. Of the
    /// line that is named, or of all that the operator sees. What is the whole server's only for an operator of all lines.
    private func history(_ request: HTTPRequest, _ administrator: Administrator) async throws -> JSONValue {
        let lines =
            request.head.query("line") == nil
            ? try await log.lines().map(\.id).filter(administrator.maySee) : [try await line(request, administrator)]
        return .object(
            [JSONMember("until", StatusDocument.time(clock.nowMilliseconds()))]
                + (administrator.line == nil ? metrics.history.document() : [])
                + [JSONMember("lines", .array(lines.map(metrics.history.document(of:))))])
    }

    private func devices(_ line: LineID) async throws -> JSONValue {
        guard let overview = try await overviews.current().first(where: { $0.line.id == line }) else {
            throw Problem.notFound
        }
        let behind = overview.devices.filter { $0.latest.lag > 0 }
        let times = try await log.times(of: line, at: behind.map { $0.latest.cursor + 1 })
        let since = zip(behind, times).compactMap { device, time in time.map { (device.device, $0) } }
        return DevicesDocument(
            members: try registry.devices(of: line), line: overview, roster: try registry.roster(of: line),
            lagSince: Dictionary(uniqueKeysWithValues: since), now: clock.nowMilliseconds()
        ).json
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
