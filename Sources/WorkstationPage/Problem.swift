import Casework
import HTTPServer
import JSON
import Replica
import SyncClient
import Workstation

/// Why a request was not done (RFC 9457). The `type` is stable; the page has the words for it in its own language. It
/// holds nothing of a case.
struct Problem: Error {
    var status: Int
    var name: String
    var detail: String
    var members: [JSONMember] = []

    init(_ status: Int, _ name: String, _ detail: String, _ members: [JSONMember] = []) {
        self.status = status
        self.name = name
        self.detail = detail
        self.members = members
    }

    static let notFound = Problem(404, "not-found", "there is no such page; nothing was changed")
    static let badRequest = Problem(400, "bad-request", "the request does not fit; nothing was changed")
    static let locked = Problem(423, "locked", "the page is locked; nothing was changed: enter the PIN")

    var response: HTTPResponse {
        let body: JSONValue = .object(
            [
                JSONMember("type", .string("urn:lugn:problem:" + name)), JSONMember("title", .string(detail)),
                JSONMember("status", JSONValue(status)),
            ] + members)
        return .page(status, "application/problem+json", Array(body.text.utf8))
    }

    init(_ error: any Error) {
        switch error {
        case let error as Problem: self = error
        case let error as CaseworkError: self.init(error)
        case let error as WorkstationError: self.init(error)
        case let error as SyncError: self.init(503, "no-network", error.message)
        case let error as ReplicaError where error.code == .diskFull: self.init(507, "disk-full", error.message)
        case let error as ReplicaError: self.init(500, "data", error.message)
        default:
            self.init(500, "unknown", "something went wrong that is not understood; what was written before is safe")
        }
    }

    private init(_ error: CaseworkError) {
        let names: [(CaseworkError.Code, String)] = [
            (.mistypedNumber, "mistyped-number"), (.unknownNumber, "unknown-number"),
            (.ambiguousNumber, "ambiguous-number"), (.numbersExhausted, "numbers-exhausted"), (.badText, "bad-text"),
            (.badValue, "bad-value"), (.alreadyDone, "already-done"), (.unknownConflict, "unknown-conflict"),
            (.personalData, "personal-data"), (.caseClosed, "case-closed"), (.shredded, "shredded"),
            (.notVerified, "not-verified"), (.tooManyAttempts, "too-many-attempts"), (.unknownItem, "unknown-item"),
            (.ambiguousItem, "ambiguous-item"), (.notSafe, "not-safe"),
        ]
        let name = names.first { $0.0 == error.code }?.1 ?? "unknown"
        self.init(["unknown-number", "unknown-item"].contains(name) ? 404 : 409, name, error.message)
        if let text = error.textName { members.append(JSONMember("field", .string(text))) }
        if !error.candidates.isEmpty {
            members.append(JSONMember("candidates", .array(error.candidates.map { .string($0.description) })))
        }
    }

    private init(_ error: WorkstationError) {
        let status: Int =
            switch error.code {
            case .unknownDraft: 404
            case .wrongPIN: 403
            case .waitForPIN: 429
            case .diskFull: 507
            case .cannotKeep: 500
            default: 409
            }
        self.init(status, error.code.name, error.message)
        if let tries = error.triesLeft { members.append(JSONMember("triesLeft", JSONValue(tries))) }
        if let field = error.field { members.append(JSONMember("field", .string(field))) }
    }
}

extension HTTPResponse {
    /// With the headers that every answer of the page has.
    static func page(_ status: Int, _ type: String, _ body: [UInt8]) -> HTTPResponse {
        HTTPResponse(status: status, headers: [HTTPHeader("Content-Type", type)] + safeHeaders, body: body)
    }

    static func json(_ value: JSONValue) -> HTTPResponse { .page(200, "application/json", Array(value.text.utf8)) }

    /// No script but our own files, no frame, no form that leaves, nothing kept by the browser.
    private static let safeHeaders = [
        HTTPHeader(
            "Content-Security-Policy",
            "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; font-src 'none'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'; require-trusted-types-for 'script'"
        ),
        HTTPHeader("Cache-Control", "no-store"), HTTPHeader("Referrer-Policy", "no-referrer"),
        HTTPHeader("X-Content-Type-Options", "nosniff"), HTTPHeader("Cross-Origin-Opener-Policy", "same-origin"),
        HTTPHeader("Cross-Origin-Resource-Policy", "same-origin"),
    ]
}
