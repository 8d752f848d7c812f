import HTTPServer
import Merge
import SyncProtocol
import Trust

/// The endpoints.
enum Route {
    case sync, heal, desks
    case found, roster, extendRoster, boxes, refuseBoxes, checkpoints, addCheckpoint
    case handOver, unsent, discardUnsent
    case invite, invitations, withdraw, joins, answerJoin, endJoin
    case join, joinStatus, reveal
    case health, ready, metrics
    case adminStatus, adminDevices, adminLog, adminRecord, adminConflicts, adminCompact, adminReplicas, adminVerify
    case adminHistory, adminInvitations, adminOperators, adminAudit, adminAct

    init(_ head: HTTPRequestHead) throws(Problem) {
        let method = head.method == .head ? .get : head.method
        let routes = Self.find(head.path)
        if let route = routes.first(where: { $0.method == method })?.route {
            self = route
            return
        }
        guard routes.isEmpty else {
            throw .methodNotAllowed(
                routes.map { $0.method == .get ? "GET, HEAD" : $0.method.rawValue }.joined(separator: ", "))
        }
        let parts = head.path.split(separator: "/", omittingEmptySubsequences: false)
        throw parts.count > 2 && Self.isOtherVersion(parts[1]) ? .otherVersion : .notFound
    }

    private static func find(_ path: String) -> [(method: HTTPMethod, route: Route)] {
        switch path {
        case "/v2/sync": [(.post, .sync)]
        case "/v2/heal": [(.post, .heal)]
        case "/v2/desks": [(.get, .desks)]
        case "/v2/found": [(.post, .found)]
        case "/v2/roster": [(.get, .roster), (.post, .extendRoster)]
        case "/v2/boxes": [(.post, .boxes)]
        case "/v2/boxes/refuse": [(.post, .refuseBoxes)]
        case "/v2/checkpoints": [(.get, .checkpoints), (.post, .addCheckpoint)]
        case "/v2/unsent": [(.get, .unsent), (.post, .handOver)]
        case "/v2/unsent/discard": [(.post, .discardUnsent)]
        case "/v2/invitations": [(.get, .invitations), (.post, .invite)]
        case "/v2/invitations/withdraw": [(.post, .withdraw)]
        case "/v2/joins": [(.get, .joins)]
        case "/v2/joins/answer": [(.post, .answerJoin)]
        case "/v2/joins/end": [(.post, .endJoin)]
        case "/v2/join": [(.get, .joinStatus), (.post, .join)]
        case "/v2/join/reveal": [(.post, .reveal)]
        case "/healthz": [(.get, .health)]
        case "/readyz": [(.get, .ready)]
        case "/metrics": [(.get, .metrics)]
        case "/v2/admin/status": [(.get, .adminStatus)]
        case "/v2/admin/devices": [(.get, .adminDevices)]
        case "/v2/admin/log": [(.get, .adminLog)]
        case "/v2/admin/record": [(.get, .adminRecord)]
        case "/v2/admin/conflicts": [(.get, .adminConflicts)]
        case "/v2/admin/compact": [(.post, .adminCompact)]
        case "/v2/admin/history": [(.get, .adminHistory)]
        case "/v2/admin/replicas": [(.get, .adminReplicas)]
        case "/v2/admin/verify": [(.get, .adminVerify)]
        case "/v2/admin/invitations": [(.get, .adminInvitations)]
        case "/v2/admin/operators": [(.get, .adminOperators)]
        case "/v2/admin/audit": [(.get, .adminAudit)]
        case "/v2/admin/acts": [(.post, .adminAct)]
        default: []
        }
    }

    /// Whether a path begins as another version's do: `/v1/sync`.
    private static func isOtherVersion(_ part: Substring) -> Bool {
        guard part.first == "v", let version = UInt64(part.dropFirst()) else { return false }
        return version != SyncRequest.version
    }

    /// Who may ask, and with which key a request is signed.
    enum Audience {
        case everybody
        /// A workstation that is in its line's roster.
        case devices
        case leads
        /// Also a workstation that was removed, and whoever is invited to the line.
        case rosterReaders
        /// A workstation that is in the roster, and whoever holds the recovery sheet.
        case boxHolders
        /// A workstation that was removed, and may still hand over what it had not sent.
        case removed
        case invited
        case founders
        case administrators
    }

    var audience: Audience {
        switch self {
        case .health, .ready, .extendRoster: .everybody
        case .sync, .heal, .desks, .boxes, .checkpoints, .addCheckpoint: .devices
        case .invite, .invitations, .withdraw, .joins, .answerJoin, .endJoin, .unsent, .discardUnsent: .leads
        case .handOver: .removed
        case .roster: .rosterReaders
        case .refuseBoxes: .boxHolders
        case .join, .joinStatus, .reveal: .invited
        case .found: .founders
        case .metrics, .adminStatus, .adminDevices, .adminReplicas, .adminVerify, .adminInvitations, .adminOperators,
            .adminAudit, .adminAct, .adminLog, .adminRecord, .adminConflicts, .adminCompact, .adminHistory:
            .administrators
        }
    }

    /// Whether a message of the protocol is sent along.
    var takesMessage: Bool {
        switch self {
        case .sync, .heal, .found, .extendRoster, .boxes, .refuseBoxes, .addCheckpoint, .invite, .withdraw, .answerJoin,
            .endJoin, .join, .reveal, .handOver, .discardUnsent:
            true
        default: false
        }
    }

    func bodyLimitBytes(_ limits: Limits) -> Int {
        switch self {
        case .sync, .heal: limits.requestBytes
        case .extendRoster: RosterExtension.limitBytes
        case .found: 64 << 10
        case .handOver: UnsentPart.limitBytes(limits)
        case .boxes: EpochBox.limit * 128
        // A thousand leads.
        case .invite: 128 << 10
        default: 16 << 10
        }
    }

    /// Whether others go first.
    var isBulk: Bool {
        switch self {
        case .heal, .extendRoster, .handOver: true
        default: false
        }
    }

    /// Whether how long it is worked on is measured elsewhere.
    var measuresItself: Bool {
        if case .sync = self { true } else { false }
    }

    /// For logs and metrics.
    var name: StaticString {
        switch self {
        case .sync: "sync"
        case .heal: "heal"
        case .desks: "desks"
        case .found: "found"
        case .roster: "roster"
        case .extendRoster: "roster-extension"
        case .boxes: "boxes"
        case .refuseBoxes: "box-refusal"
        case .checkpoints: "checkpoints"
        case .addCheckpoint: "checkpoint"
        case .handOver: "unsent-part"
        case .unsent: "unsent"
        case .discardUnsent: "unsent-discard"
        case .invite: "invite"
        case .invitations: "invitations"
        case .withdraw: "withdraw"
        case .joins: "joins"
        case .answerJoin: "join-answer"
        case .endJoin: "join-end"
        case .join: "join"
        case .joinStatus: "join-status"
        case .reveal: "join-reveal"
        case .health: "healthz"
        case .ready: "readyz"
        case .metrics: "metrics"
        case .adminStatus: "admin-status"
        case .adminDevices: "admin-devices"
        case .adminLog: "admin-log"
        case .adminRecord: "admin-record"
        case .adminConflicts: "admin-conflicts"
        case .adminCompact: "admin-compact"
        case .adminReplicas: "admin-replicas"
        case .adminVerify: "admin-verify"
        case .adminHistory: "admin-history"
        case .adminInvitations: "admin-invitations"
        case .adminOperators: "admin-operators"
        case .adminAudit: "admin-audit"
        case .adminAct: "admin-act"
        }
    }
}
