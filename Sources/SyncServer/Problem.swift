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

    var response: HTTPResponse {
        let document: JSONValue = [
            "type": .string("urn:lugn:problem:" + name), "title": .string(title), "status": JSONValue(status),
            "detail": .string(detail),
        ]
        var headers = [HTTPHeader("Content-Type", "application/problem+json"), HTTPHeader("Cache-Control", "no-store")]
        if let retryAfterSeconds { headers.append(HTTPHeader("Retry-After", String(retryAfterSeconds))) }
        if let allowedMethods { headers.append(HTTPHeader("Allow", allowedMethods)) }
        if status == 401 { headers.append(HTTPHeader("WWW-Authenticate", "Bearer")) }
        return HTTPResponse(status: status, headers: headers, body: Array(document.text.utf8))
    }

    static let unauthorized = Problem(
        status: 401, name: "unauthorized", title: "Not let in",
        detail: "The token is missing or unknown; nothing was changed.")
    static let revoked = Problem(
        status: 403, name: "revoked", title: "Revoked", detail: "This device was revoked; nothing was changed.")
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

    private init(_ error: ChangeLogError) {
        let detail = error.message + "."
        switch error.code {
        case .unknownInvitation:
            self.init(status: 403, name: "unknown-invitation", title: "Unknown invitation", detail: detail)
        case .invitationExpired:
            self.init(status: 403, name: "invitation-expired", title: "Invitation expired", detail: detail)
        case .invitationUsed:
            self.init(status: 403, name: "invitation-used", title: "Invitation used", detail: detail)
        case .wrongKey: self.init(status: 403, name: "wrong-key", title: "Another key", detail: detail)
        case .wrongLine: self.init(status: 403, name: "wrong-line", title: "Another line", detail: detail)
        case .wrongDevice: self.init(status: 403, name: "wrong-device", title: "Another device", detail: detail)
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
