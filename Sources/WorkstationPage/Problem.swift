import Casework
import HTTPServer
import JSON
import LocalPage
import Replica
import SyncClient
import Trust
import Workstation

/// It holds nothing of a case.
typealias Problem = PageProblem

extension PageProblem {
    static let locked = Problem(423, "locked", "the page is locked; nothing was changed: enter the PIN")

    init(_ error: any Error) {
        switch error {
        case let error as Problem: self = error
        case let error as CaseworkError: self.init(error)
        case let error as WorkstationError: self.init(error)
        case let error as SyncError: self.init(error)
        case let error as ReplicaError: self.init(error)
        case let error as RosterError: self.init(error)
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
        if let group = error.group { members.append(JSONMember("group", JSONValue(group))) }
        if let field = error.field { members.append(JSONMember("field", .string(field))) }
    }
}

extension HTTPResponse {
    static func json(_ value: JSONValue) -> HTTPResponse { .pageJSON(value) }
}
