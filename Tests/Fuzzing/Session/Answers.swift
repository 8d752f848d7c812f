import HTTPServer
import JSON
import Sealing
import SyncProtocol
import Trust

/// What every answer has to be, and what must not be in it or in the log.
enum Answers {
    /// What A calls a workstation, unless the fuzzer's bytes say otherwise.
    static let name = "NAME-MARKER"

    static func check(_ response: HTTPResponse, to sending: Adversary.Sending, _ site: SessionSite) throws {
        let type = response.headers.first { $0.name == "Content-Type" }?.value
        switch response.status {
        case 200: try success(response, type, sending)
        case 204:
            try hold(sending.path == "/v2/boxes" && response.body.isEmpty, "a door that is not A's takes a message")
        case 400, 401, 403, 404, 405, 409, 413: try problem(response, type)
        default: throw Violation("the server answers with status \(response.status)")
        }
        try hold(!contains(response.body, FuzzedDesk.marker), "an answer holds content")
        let log = site.logged
        for secret in [FuzzedDesk.marker, name, SessionTemplate.deskName] {
            try hold(!contains(log, secret), "the log holds content or a name")
        }
    }

    private static func success(_ response: HTTPResponse, _ type: String?, _ sending: Adversary.Sending) throws {
        switch sending.path.prefix(while: { $0 != "?" }) {
        case "/healthz", "/readyz": return
        case "/v2/sync":
            let answer = try decoded { () throws(ProtocolError) in try SyncResponse(encoded: response.body) }
            _ = try FeedCommit.all(of: Array(answer.page ?? []))
        case "/v2/heal": _ = try decoded { () throws(ProtocolError) in try HealResponse(encoded: response.body) }
        case "/v2/desks": _ = try decoded { () throws(ProtocolError) in try DesksResponse(encoded: response.body) }
        case "/v2/join", "/v2/join/reveal":
            _ = try decoded { () throws(ProtocolError) in try JoinStatus(encoded: response.body) }
        case "/v2/roster" where sending.method == .post:
            _ = try decoded { () throws(ProtocolError) in try RosterPosition(encoded: response.body) }
        case "/v2/roster":
            _ = try decoded { () throws(ProtocolError) in try RosterAnswer(encoded: response.body) }
        default: throw Violation("a door opened that is not A's")
        }
        try hold(type == "application/cbor", "an answer is of another type")
        let digest = response.headers.first { $0.name == ContentDigest.name }?.value
        try hold(ContentDigest.matches(digest, response.body), "an answer's digest is not that of its body")
        try hold(sending.isIntact || sending.method != .post, "a damaged message is taken")
    }

    private static func decoded<Value>(_ body: () throws(ProtocolError) -> Value) throws -> Value {
        do throws(ProtocolError) { return try body() } catch {
            throw Violation("an answer cannot be read: \(error)")
        }
    }

    private static func problem(_ response: HTTPResponse, _ type: String?) throws {
        try hold(type == "application/problem+json", "a refusal is no problem document")
        let document: JSONValue
        do throws(JSONParseError) { document = try JSONValue(parsing: response.body) } catch {
            throw Violation("a problem document is no JSON")
        }
        try hold(document["type"]?.string?.hasPrefix("urn:lugn:problem:") == true, "a problem has no type")
        try hold(document["status"]?.integer == Int64(response.status), "a problem has another status")
        try hold(document["detail"]?.string != nil, "a problem has no detail")
        for secret in [name, SessionTemplate.deskName] {
            try hold(!contains(response.body, secret), "a problem holds what was sent")
        }
    }

    private static func contains(_ bytes: [UInt8], _ text: String) -> Bool {
        let text = Array(text.utf8)
        guard bytes.count >= text.count, let first = text.first else { return false }
        for start in 0...bytes.count - text.count where bytes[start] == first {
            if bytes[start..<start + text.count].elementsEqual(text) { return true }
        }
        return false
    }
}
