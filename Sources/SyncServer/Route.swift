import HTTPServer
import Merge
import SyncProtocol

/// The endpoints.
enum Route {
    case sync, heal, join, desks
    case health, ready, metrics
    case adminStatus, adminDevices, adminLog, adminRecord, adminConflicts, adminCompact, adminReplicas, adminInvite,
        adminVerify
    case adminRevoke(ReplicaID), adminHistory

    init(_ head: HTTPRequestHead) throws(Problem) {
        let (route, method) = try Self.find(head.path)
        guard head.method == method || (method == .get && head.method == .head) else {
            throw .methodNotAllowed(method == .get ? "GET, HEAD" : method.rawValue)
        }
        self = route
    }

    private static func find(_ path: String) throws(Problem) -> (Route, HTTPMethod) {
        switch path {
        case "/v2/sync": return (.sync, .post)
        case "/v2/heal": return (.heal, .post)
        case "/v2/join": return (.join, .post)
        case "/v2/desks": return (.desks, .get)
        case "/healthz": return (.health, .get)
        case "/readyz": return (.ready, .get)
        case "/metrics": return (.metrics, .get)
        case "/v2/admin/status": return (.adminStatus, .get)
        case "/v2/admin/devices": return (.adminDevices, .get)
        case "/v2/admin/log": return (.adminLog, .get)
        case "/v2/admin/record": return (.adminRecord, .get)
        case "/v2/admin/conflicts": return (.adminConflicts, .get)
        case "/v2/admin/compact": return (.adminCompact, .post)
        case "/v2/admin/history": return (.adminHistory, .get)
        case "/v2/admin/replicas": return (.adminReplicas, .get)
        case "/v2/admin/invitations": return (.adminInvite, .post)
        case "/v2/admin/verify": return (.adminVerify, .get)
        default:
            let parts = path.split(separator: "/", omittingEmptySubsequences: false)
            if parts.count > 2, isOtherVersion(parts[1]) { throw .otherVersion }
            guard parts.count == 6, path.hasPrefix("/v2/admin/replicas/"), parts[5] == "revoke",
                let id = ReplicaID(String(parts[4]))
            else { throw .notFound }
            return (.adminRevoke(id), .post)
        }
    }

    /// Whether a path begins as another version's do: `/v1/sync`.
    private static func isOtherVersion(_ part: Substring) -> Bool {
        guard part.first == "v", let version = UInt64(part.dropFirst()) else { return false }
        return version != SyncRequest.version
    }

    /// Who may ask.
    enum Audience {
        case everybody, devices, administrators
    }

    var audience: Audience {
        switch self {
        case .join, .health, .ready: .everybody
        case .sync, .heal, .desks: .devices
        case .metrics, .adminStatus, .adminDevices, .adminLog, .adminRecord, .adminConflicts, .adminCompact,
            .adminReplicas,
            .adminInvite, .adminVerify, .adminRevoke, .adminHistory:
            .administrators
        }
    }

    /// Whether a message of the protocol is sent along.
    var takesMessage: Bool {
        switch self {
        case .sync, .heal, .join: true
        default: false
        }
    }

    func bodyLimitBytes(_ limits: Limits) -> Int {
        switch self {
        case .sync, .heal: limits.requestBytes
        default: 16 * 1_024
        }
    }

    /// Whether others go first.
    var isBulk: Bool {
        if case .heal = self { true } else { false }
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
        case .join: "join"
        case .desks: "desks"
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
        case .adminInvite: "admin-invite"
        case .adminVerify: "admin-verify"
        case .adminRevoke: "admin-revoke"
        case .adminHistory: "admin-history"
        }
    }
}
