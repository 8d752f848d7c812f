import Foundation
import JSON
import Merge
import Sealing
import SyncProtocol
import Testing

/// Whole sessions as they went over the wire, kept in `Protocol/vectors/session.json`. `LUGN_UPDATE_VECTORS=1` records
/// them anew. Identities, tokens and nonces are random, so that a second recording is another one: what is compared is what
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
                "join": ["joined"],
                "done": ["done"],
                "clock": ["clock", "done"],
                "forked": ["done", "forked", "done"],
                "refused": ["refused tooLarge", "done"],
                "diverged": ["diverged", "done", "begins", "compares", "joins", "done"],
            ])
        // Recorded anew it is the same story: the protocol has not changed under the vectors.
        #expect(try Self.outcomes(now) == outcomes)
    }

    /// What the exchanges of each scene said, in their order; what is said several times over once.
    private static func outcomes(_ document: JSONValue) throws -> [String: [String]] {
        var result: [String: [String]] = [:]
        for scene in try #require(document["scenes"]?.array) {
            let name = try #require(scene["name"]?.string)
            let all = try #require(scene["exchanges"]?.array).map(outcome)
            result[name] = all.indices.filter { $0 == 0 || all[$0] != all[$0 - 1] }.map { all[$0] }
        }
        return result
    }

    private static func outcome(_ exchange: JSONValue) throws -> String {
        let request = try #require(exchange["request"]?.string.flatMap { bytes(hexadecimal: $0) })
        let response = try #require(exchange["response"]?.string.flatMap { bytes(hexadecimal: $0) })
        switch exchange["path"]?.string {
        case "/v2/join":
            #expect(try JoinRequest(encoded: request).encoded() == request)
            #expect(try JoinResponse(encoded: response).encoded() == response)
            return "joined"
        case "/v2/sync":
            let message = try SyncRequest(encoded: request)
            let answer = try SyncResponse(encoded: response)
            #expect(message.encoded() == request && answer.encoded() == response)
            try checkSealing(message)
            switch answer.outcome {
            case .done: return "done"
            case .forked: return "forked"
            case .clock: return "clock"
            case .refused(_, _, let reason): return "refused \(reason)"
            case .diverged: return "diverged"
            }
        case "/v2/heal":
            let message = try HealRequest(encoded: request)
            let answer = try HealResponse(encoded: response)
            #expect(message.encoded() == request && answer.encoded() == response && answer.outcome == .done)
            return message.isFirst ? "begins" : message.isQuestion ? "compares" : "joins"
        default: return "no path"
        }
    }

    /// Every commit opens, and has the digest that follows from what came before.
    private static func checkSealing(_ request: SyncRequest) throws {
        let sealer = Sealer(line: request.line, key: SealedVectorTests.key)
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
