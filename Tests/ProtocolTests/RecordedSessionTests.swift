import Foundation
import JSON
import Merge
import Sealing
import SyncProtocol
import Testing
import Trust

/// Whole sessions as they went over the wire, kept in `Protocol/vectors/session.json`. `LUGN_UPDATE_VECTORS=1` records
/// them anew. Identities, keys and nonces are random, so that a second recording is another one: what is compared is what
/// every message says.
@Suite("The recorded sessions", .serialized)
struct RecordedSessionTests {
    private static let file = Vectors.folder.appendingPathComponent("session.json")

    @Test("what is recorded and what happens now: every message is read, and written again to the same bytes")
    func readAgain() async throws {
        let now = try await SessionRecording.document()
        if Vectors.isUpdating { try (now.indentedText + "\n").write(to: Self.file, atomically: true, encoding: .utf8) }
        let kept = try JSONValue(parsing: Array(Data(contentsOf: Self.file)))
        let outcomes = try Self.outcomes(kept)
        #expect(
            outcomes == [
                "join": [
                    "GET /v2/join", "GET /v2/joins", "GET /v2/roster", "POST /v2/boxes", "POST /v2/found",
                    "POST /v2/invitations", "POST /v2/join", "POST /v2/join/reveal", "POST /v2/joins/answer",
                    "POST /v2/roster", "ticket",
                ],
                "done": ["done"],
                "clock": ["clock", "done"],
                "forked": ["done", "ticket", "forked", "done"],
                "refused": ["refused tooLarge", "done"],
                "diverged": ["diverged", "done", "begins", "compares", "joins", "done"],
            ])
        // Recorded anew it is the same story: the protocol has not changed under the vectors.
        #expect(try Self.outcomes(now) == outcomes)
    }

    /// What the exchanges of each scene said, in their order; what is said several times over once.
    private static func outcomes(_ document: JSONValue) throws -> [String: [String]] {
        var result: [String: [String]] = [:]
        let key = try key(of: document)
        for scene in try #require(document["scenes"]?.array) {
            let name = try #require(scene["name"]?.string)
            let all = try #require(scene["exchanges"]?.array).map { try outcome($0, key) }
            result[name] = all.indices.filter { $0 == 0 || all[$0] != all[$0 - 1] }.map { all[$0] }
            // Lead and new workstation ask at the same time, in whatever order.
            if name == "join" { result[name] = Set(all).sorted() }
        }
        return result
    }

    private static func key(of document: JSONValue) throws -> EpochKey {
        let secret = try #require(document["secret"]?.string.flatMap { bytes(hexadecimal: $0) })
        return try #require(EpochKey(epoch: 1, secret: SecretBytes(copying: secret)))
    }

    private static func outcome(_ exchange: JSONValue, _ key: EpochKey) throws -> String {
        let request = try #require(exchange["request"]?.string.flatMap { bytes(hexadecimal: $0) })
        let response = try #require(exchange["response"]?.string.flatMap { bytes(hexadecimal: $0) })
        if exchange["status"]?.integer == 401 { return "ticket" }
        switch exchange["path"]?.string {
        case "/v2/sync":
            let message = try SyncRequest(encoded: request)
            let answer = try SyncResponse(encoded: response)
            #expect(message.encoded() == request && answer.encoded() == response)
            try checkSealing(message, key)
            switch answer.outcome {
            case .done: return "done"
            case .forked: return "forked"
            case .clock: return "clock"
            case .refused(_, _, let reason): return "refused \(reason)"
            case .diverged: return "diverged"
            case .epoch: return "epoch"
            }
        case "/v2/heal":
            let message = try HealRequest(encoded: request)
            let answer = try HealResponse(encoded: response)
            #expect(message.encoded() == request && answer.encoded() == response && answer.outcome == .done)
            return message.isFirst ? "begins" : message.isQuestion ? "compares" : "joins"
        default:
            let method = try #require(exchange["method"]?.string)
            let path = try #require(exchange["path"]?.string?.split(separator: "?").first)
            return try trust("\(method) \(path)", request, response)
        }
    }

    /// Reads and writes again what is said about who belongs to the line.
    private static func trust(_ route: String, _ request: [UInt8], _ response: [UInt8]) throws -> String {
        switch route {
        case "POST /v2/found":
            #expect(try FoundRequest(encoded: request).encoded() == request)
            #expect(try RosterAnswer(encoded: response).encoded() == response)
        case "GET /v2/roster": #expect(try RosterAnswer(encoded: response).encoded() == response)
        case "POST /v2/roster":
            #expect(try RosterExtension(encoded: request).encoded() == request)
            #expect(try RosterPosition(encoded: response).encoded() == response)
        case "POST /v2/boxes": #expect(try BoxesRequest(encoded: request).encoded() == request)
        case "POST /v2/invitations": #expect(try InvitationRequest(encoded: request).encoded() == request)
        case "POST /v2/join":
            #expect(try JoinRequest(encoded: request).encoded() == request)
            #expect(try JoinStatus(encoded: response).encoded() == response)
        case "GET /v2/join": #expect(try JoinStatus(encoded: response).encoded() == response)
        case "POST /v2/join/reveal":
            #expect(try RevealRequest(encoded: request).encoded() == request)
            #expect(try JoinStatus(encoded: response).encoded() == response)
        case "GET /v2/joins": #expect(try InvitationList(encoded: response).encoded() == response)
        case "POST /v2/joins/answer": #expect(try JoinAnswer(encoded: request).encoded() == request)
        default: Issue.record("\(route) is none of the protocol's")
        }
        return route
    }

    /// Every commit opens, and has the digest that follows from what came before.
    private static func checkSealing(_ request: SyncRequest, _ key: EpochKey) throws {
        let sealer = Sealer(line: request.line, key: key)
        var digest = request.acknowledgedDigest
        for commit in request.commits {
            digest = CommitDigest.digest(
                previous: digest, replica: request.replica, number: commit.number, stamp: commit.stamp)
            #expect(commit.digest == digest)
            for (index, change) in commit.changes.enumerated() {
                var plain: [UInt8] = []
                #expect(
                    sealer.open(
                        change.sealed, header: change.header, stamp: commit.stamp, nonce: commit.nonce,
                        index: UInt64(index), into: &plain))
            }
        }
    }
}
