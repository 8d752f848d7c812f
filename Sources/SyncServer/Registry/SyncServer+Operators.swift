import ChangeLog
import HTTPServer
import JSON
import Support
import SyncProtocol
import Trust

/// The operators' endpoints that are about who belongs to a line, and who may ask.
extension SyncServer {
    func administerRegistry(
        _ route: Route, _ request: HTTPRequest, _ administrator: Administrator
    ) async throws -> HTTPResponse {
        switch route {
        case .adminInvitations: return .json(try await invitations(request, administrator))
        case .adminOperators:
            guard administrator.line == nil else { throw Problem.notFound }
            return .json(.array(try registry.administrators().map(Self.document)))
        case .adminAudit: return .json(try audit(request, administrator))
        case .adminAct: return .json(try await perform(try OperatorActDocument(request.body), administrator))
        default: throw Problem.notFound
        }
    }

    private func perform(_ document: OperatorActDocument, _ administrator: Administrator) async throws -> JSONValue {
        try await registry.perform(
            document.act, by: administrator.isOfStore ? nil : administrator, request: document.request,
            now: clock.nowMilliseconds())
        if case .block(let id) = document.act, let device = try registry.device(id) {
            // Who was let in before waits for news no longer.
            notifier.rightsChanged(in: device.line)
            logger.warning("blocked", ["device": .identifier(id.bytes)])
        }
        switch document.act {
        case .minimumProgram(let line, _), .quota(let line, _):
            // Who waits for news hears of it now.
            notifier.rightsChanged(in: line)
        default: break
        }
        overviews.forget()
        return ["audit": .string(try registry.audit(from: .max, limit: 0).end.text)]
    }

    private func invitations(_ request: HTTPRequest, _ administrator: Administrator) async throws -> JSONValue {
        // Those that found lines are of none yet.
        let isOfAll = request.head.query("line") == nil && administrator.line == nil
        let founding = isOfAll ? try registry.foundingInvitations() : []
        let lines = isOfAll ? try await log.lines().map(\.id) : [try await line(request, administrator)]
        let others = try lines.flatMap { try registry.invitations(of: $0, sealedTo: nil).map(\.invitation) }
        let now = clock.nowMilliseconds()
        return .array((founding + others).map { Self.document($0, now: now) })
    }

    private func audit(_ request: HTTPRequest, _ administrator: Administrator) throws -> JSONValue {
        guard administrator.line == nil else { throw Problem.notFound }
        guard let number = request.head.query("from").map({ UInt64($0) }) ?? 0 else {
            throw Problem.malformed("from is the number of the first entry that is wanted")
        }
        let (entries, end) = try registry.audit(from: number, limit: Self.auditEntries)
        return [
            "end": .string(end.text), "entries": .array(entries.map { .string(hexadecimalText($0.encoded())) }),
        ]
    }

    private static let auditEntries = 1_000

    // MARK: As JSON

    private static func document(_ invited: Invited, now: Int64) -> JSONValue {
        [
            "invitation": .string(invited.id.description), "kind": .string(kindName(invited.kind)),
            "line": invited.line.map { .string($0.description) } ?? nil,
            "lineName": invited.lineName.map { .string($0) } ?? nil, "state": .string(stateName(invited, now: now)),
            "contested": .bool(invited.isContested), "made": .string(UTCTime.rfc3339(milliseconds: invited.made)),
            "expires": .string(UTCTime.rfc3339(milliseconds: invited.expires)),
            "by": invited.author.map { .string($0.description) } ?? nil,
        ]
    }

    private static func document(_ administrator: Administrator) -> JSONValue {
        [
            "operator": .string(administrator.id.description), "label": .string(administrator.label),
            "key": .string(OperatorKeys.text(publicKey: administrator.signingKey)),
            "line": administrator.line.map { .string($0.description) } ?? nil,
            "added": .string(UTCTime.rfc3339(milliseconds: administrator.added)),
        ]
    }

    private static func kindName(_ kind: Invitation.Kind) -> String {
        switch kind {
        case .found: "found"
        case .join: "join"
        case .recover: "recover"
        }
    }

    private static func stateName(_ invited: Invited, now: Int64) -> String {
        switch invited.state {
        case .done: "done"
        case .ended: "ended"
        case _ where now >= invited.expires: "expired"
        case .open: "open"
        case .asked: "asked"
        case .answered: "answered"
        case .revealed: "revealed"
        }
    }
}
