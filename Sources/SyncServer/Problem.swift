import ChangeLog
import HTTPServer
import JSON
import SyncProtocol

/// An error as an answer: RFC 9457, `application/problem+json`, with a stable `type`.
struct Problem: Error {
    let status: Int
    /// The end of `urn:lugn:problem:…`.
    let name: String
    let title: String
    /// What happened and what is safe, for people. Never content.
    let detail: String
    var retryAfterSeconds: Int?
    /// The methods that the address takes.
    var allowedMethods: String?
    /// What programs read beside the name.
    var members: [JSONMember] = []

    var response: HTTPResponse {
        let document: JSONValue = .object(
            [
                JSONMember("type", .string("urn:lugn:problem:" + name)), JSONMember("title", .string(title)),
                JSONMember("status", JSONValue(status)), JSONMember("detail", .string(detail)),
            ] + members)
        var headers = [HTTPHeader("Content-Type", "application/problem+json"), HTTPHeader("Cache-Control", "no-store")]
        if let retryAfterSeconds { headers.append(HTTPHeader("Retry-After", String(retryAfterSeconds))) }
        if let allowedMethods { headers.append(HTTPHeader("Allow", allowedMethods)) }
        if status == 401 { headers.append(HTTPHeader("WWW-Authenticate", "Signature")) }
        return HTTPResponse(status: status, headers: headers, body: Array(document.text.utf8))
    }

    static let unauthorized = Problem(
        status: 401, name: "unauthorized", title: "Not let in",
        detail: "The request is not signed as this address wants it; nothing was changed.")
    static let unknownDevice = Problem(
        status: 401, name: "unknown-device", title: "Unknown device",
        detail: "This device is in no line's roster here; nothing was changed. "
            + "If the server was put back, hand over the roster's entries that it lost.")
    static let unknownInvitation = Problem(
        status: 401, name: "unknown-invitation", title: "Unknown invitation",
        detail: "This invitation is not known; nothing was changed.")
    static let staleTicket = Problem(
        status: 401, name: "stale-ticket", title: "Outdated ticket",
        detail:
            "The request was signed with an outdated ticket; nothing was changed. Sign again with the one that came along."
    )
    static let removed = Problem(
        status: 403, name: "removed", title: "Removed",
        detail: "This device was removed from the line; nothing was changed. What it wrote stays on it.")
    static let revoked = Problem(
        status: 403, name: "revoked", title: "Blocked",
        detail: "The server's operator blocked this device; nothing was changed.")
    static let notRemoved = Problem(
        status: 403, name: "not-removed", title: "Not removed",
        detail: "This device is in the line and sends as usual; nothing was changed.")
    static let notLead = Problem(
        status: 403, name: "not-lead", title: "Not a lead", detail: "Only a lead may do this; nothing was changed.")
    static let wrongLine = Problem(
        status: 403, name: "wrong-line", title: "Another line", detail: "This is of another line; nothing was changed.")
    static let unknownLine = Problem(
        status: 404, name: "unknown-line", title: "Unknown line",
        detail: "This server has no such line; nothing was changed.")
    static let notFound = Problem(
        status: 404, name: "not-found", title: "Not found", detail: "There is nothing here; nothing was changed.")
    static func methodNotAllowed(_ allowed: String) -> Problem {
        var problem = Problem(
            status: 405, name: "method-not-allowed", title: "Method not allowed",
            detail: "This address takes another method; nothing was changed.")
        problem.allowedMethods = allowed
        return problem
    }
    static let otherMediaType = Problem(
        status: 415, name: "other-media-type", title: "Another media type",
        detail: "This address takes application/cbor; nothing was changed.")
    static let tooLarge = Problem(
        status: 413, name: "too-large", title: "Too large",
        detail: "The request is over the limit of this server; nothing was changed. Send it in smaller parts.")
    /// Never `malformed`: the client puts aside what a server could not read, and here nothing is wrong with it.
    static let otherVersion = Problem(
        status: 400, name: "other-version", title: "Another version",
        detail: "This server speaks version \(SyncRequest.version) of the protocol; nothing was changed. "
            + "Update the server or the workstation, whichever is older.")
    static let busy = Problem(
        status: 503, name: "busy", title: "Busy",
        detail: "The server has as much to do as it can; nothing was changed. Try again.", retryAfterSeconds: 2)

    /// By the terms that the line's operator has set.
    static func terms(_ refusal: TermsRefusal) -> Problem {
        switch refusal {
        case .tooOld(let minimum):
            var problem = Problem(
                status: 403, name: "too-old", title: "Too old",
                detail: "The operator has set version \(minimum) as the oldest that is served; nothing was exchanged. "
                    + "What is written stays at the workstation, and is sent when it was updated.",
                retryAfterSeconds: 60)
            problem.members = [JSONMember("minimum", .string(minimum.description))]
            return problem
        case .noRoom(let bytes):
            return Problem(
                status: 507, name: "no-room", title: "No room",
                detail:
                    "The line holds the \(bytes) bytes that the operator has given it; what was not taken stays at the "
                    + "workstation, and can be sent when there is room. Reading and erasing go on.",
                retryAfterSeconds: 60)
        }
    }

    static func notReady(_ reason: String) -> Problem {
        Problem(
            status: 503, name: "not-ready", title: "Not ready",
            detail: "The store cannot be written: \(reason). What was confirmed before is safe.", retryAfterSeconds: 10)
    }

    /// The same name as for what cannot be read: it is sent again, and nothing else can be done about it.
    static let damaged = Problem(
        status: 400, name: "malformed", title: "Damaged",
        detail: "The body is not the one that its Content-Digest speaks of; nothing was changed. Send it again.")

    static func malformed(_ detail: String) -> Problem {
        Problem(status: 400, name: "malformed", title: "Not understood", detail: detail + "; nothing was changed.")
    }

    /// What a failure of the store or of decoding means for whoever asked.
    init(_ error: any Error) {
        switch error {
        case let problem as Problem: self = problem
        case let error as ProtocolError where error.code == .version: self = .otherVersion
        case let error as ProtocolError: self = .malformed("The body is not a message of this protocol: \(error)")
        case let error as ChangeLogError: self.init(error)
        default:
            self.init(
                status: 500, name: "internal", title: "Internal error",
                detail: "The server failed; what was confirmed before is safe. Try again later.")
        }
    }

    init(_ error: ChangeLogError) {
        let detail = error.message + "."
        switch error.code {
        case .unknownInvitation: self = .unknownInvitation
        case .invitationExpired:
            self.init(status: 403, name: "invitation-expired", title: "Invitation expired", detail: detail)
        case .invitationUsed:
            self.init(status: 403, name: "invitation-used", title: "Invitation used", detail: detail)
        case .invitationEnded:
            self.init(status: 403, name: "invitation-ended", title: "Invitation withdrawn", detail: detail)
        case .joinAnswered: self.init(status: 409, name: "join-answered", title: "Answered before", detail: detail)
        case .joinOutOfTurn: self.init(status: 409, name: "join-out-of-turn", title: "Out of turn", detail: detail)
        case .joinMismatch: self.init(status: 409, name: "join-mismatch", title: "Other random bytes", detail: detail)
        case .rosterRefused: self.init(status: 409, name: "roster-refused", title: "Not taken", detail: detail)
        case .rosterUndecided: self.init(status: 409, name: "roster-undecided", title: "Undecided", detail: detail)
        case .lineExists: self.init(status: 409, name: "line-exists", title: "Founded before", detail: detail)
        case .tooManyLines: self.init(status: 409, name: "too-many-lines", title: "No room", detail: detail)
        case .unknownLine: self = .unknownLine
        case .notFound: self.init(status: 404, name: "not-found", title: "Not found", detail: detail)
        case .notAllowed: self.init(status: 403, name: "not-allowed", title: "Not allowed", detail: detail)
        case .wrongLine: self.init(status: 403, name: "wrong-line", title: "Another line", detail: detail)
        case .wrongDevice: self.init(status: 403, name: "wrong-device", title: "Another device", detail: detail)
        case .unknownDevice: self = .unknownDevice
        case .notLead: self = .notLead
        case .removed: self = .removed
        case .revoked: self = .revoked
        case .malformed:
            self.init(status: 400, name: "malformed", title: "Not understood", detail: detail)
        case .storageFull:
            self.init(
                status: 507, name: "storage-full", title: "Storage full", detail: detail, retryAfterSeconds: 60)
        default:
            self.init(
                status: 503, name: "unavailable", title: "Unavailable",
                detail: "The store cannot be used just now; what was confirmed before is safe.", retryAfterSeconds: 10)
        }
    }

    init(status: Int, name: String, title: String, detail: String, retryAfterSeconds: Int? = nil) {
        self.status = status
        self.name = name
        self.title = title
        self.detail = detail
        self.retryAfterSeconds = retryAfterSeconds
    }
}
