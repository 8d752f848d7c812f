import Merge
import Sealing
import SyncProtocol
import Testing

@testable import Trust

/// Every message of roster, invitations and joining.
@Suite("Messages of trust")
struct MessageTests {
    struct Example: Sendable, CustomTestStringConvertible {
        var name: String
        var bytes: [UInt8]
        /// Reads the bytes and writes what was read.
        var again: @Sendable ([UInt8]) throws -> [UInt8]
        var testDescription: String { name }
    }

    static let examples: [Example] = {
        let line = try! TestLine.withEveryKind()
        let entries = line.roster.entries
        let boxes = line.roster.state.boxes(of: line.keys[3], for: line.roster.state.keyHolders)
        let invitation = TestLine.invitation(1)
        let offer = JoinOffer(
            name: "Desk", line: line.line, invitation: invitation, keys: TestLine.device(9),
            random: [UInt8](repeating: 1, count: 32))
        let listed = InvitationList.Listed(
            id: invitation.id, expires: 5, author: line.founder.id, signature: [UInt8](repeating: 1, count: 64),
            secret: [UInt8](repeating: 2, count: 64), state: .revealed, isContested: true, offer: offer,
            random: [UInt8](repeating: 3, count: 32))
        let bare = InvitationList.Listed(
            id: invitation.id, expires: -5, author: nil, signature: nil, secret: nil, state: .open, isContested: false,
            offer: nil, random: nil)
        let status = JoinStatus(
            state: .answered, lead: line.founder.id, leadRandom: [UInt8](repeating: 4, count: 32), expires: 7,
            isContested: false, serverTime: 8)
        return [
            Example(
                name: "RosterAnswer",
                bytes: RosterAnswer(
                    lineName: "Linjen", count: 14, entries: Array(entries.prefix(3)), boxes: boxes,
                    lacking: [line.founder.id]
                ).encoded(), again: { try RosterAnswer(encoded: $0).encoded() }),
            Example(
                name: "RosterExtension", bytes: RosterExtension(line: line.line, entries: [entries[1]]).encoded(),
                again: { try RosterExtension(encoded: $0).encoded() }),
            Example(
                name: "RosterExtension, empty", bytes: RosterExtension(line: line.line, entries: []).encoded(),
                again: { try RosterExtension(encoded: $0).encoded() }),
            Example(
                name: "RosterPosition", bytes: RosterPosition(count: 4, head: entries[3].entry.hash).encoded(),
                again: { try RosterPosition(encoded: $0).encoded() }),
            Example(
                name: "FoundRequest", bytes: FoundRequest(entry: entries[0], boxes: boxes).encoded(),
                again: { try FoundRequest(encoded: $0).encoded() }),
            Example(
                name: "BoxesRequest", bytes: BoxesRequest(boxes: boxes).encoded(),
                again: { try BoxesRequest(encoded: $0).encoded() }),
            Example(
                name: "RosterExtension, new",
                bytes: RosterExtension(line: line.line, entries: [entries[1]], isNew: true).encoded(),
                again: { try RosterExtension(encoded: $0).encoded() }),
            Example(
                name: "UnsentPart", bytes: UnsentPart(attempt: 9, number: 2, parts: 3, page: [1, 2, 3]).encoded(),
                again: { try UnsentPart(encoded: $0).encoded() }),
            Example(
                name: "UnsentList",
                bytes: UnsentList([
                    .init(device: line.founder.id, attempt: 9, parts: 3, received: 2, bytes: 1_000_000, milliseconds: 5)
                ]).encoded(), again: { try UnsentList(encoded: $0).encoded() }),
            Example(
                name: "UnsentReference", bytes: UnsentReference(line.founder.id, attempt: 9).encoded(),
                again: { try UnsentReference(encoded: $0).encoded() }),
            Example(
                name: "BoxRefusal", bytes: BoxRefusal(epoch: 3).encoded(),
                again: { try BoxRefusal(encoded: $0).encoded() }),
            Example(
                name: "CheckpointList",
                bytes: CheckpointList([
                    SealedCheckpoint(device: line.founder.id, epoch: 4, sealed: [UInt8](repeating: 8, count: 200))
                ]).encoded(), again: { try CheckpointList(encoded: $0).encoded() }),
            Example(
                name: "InvitationRequest",
                bytes: InvitationRequest(
                    signingKey: invitation.signing.publicKey, expires: 9,
                    secrets: [.init(device: line.founder.id, box: [UInt8](repeating: 5, count: 64))], line: line.line,
                    by: line.founder.signing
                ).encoded(), again: { try InvitationRequest(encoded: $0).encoded() }),
            Example(
                name: "InvitationReference", bytes: InvitationReference(invitation.id).encoded(),
                again: { try InvitationReference(encoded: $0).encoded() }),
            Example(
                name: "InvitationList", bytes: InvitationList(serverTime: 6, invitations: [listed, bare]).encoded(),
                again: { try InvitationList(encoded: $0).encoded() }),
            Example(
                name: "JoinRequest", bytes: JoinRequest(offer: offer).encoded(),
                again: { try JoinRequest(encoded: $0).encoded() }),
            Example(name: "JoinStatus", bytes: status.encoded(), again: { try JoinStatus(encoded: $0).encoded() }),
            Example(
                name: "JoinStatus, open",
                bytes: JoinStatus(
                    state: .open, lead: nil, leadRandom: nil, expires: 0, isContested: true, serverTime: 0
                ).encoded(), again: { try JoinStatus(encoded: $0).encoded() }),
            Example(
                name: "RevealRequest", bytes: RevealRequest(random: [UInt8](repeating: 6, count: 32)).encoded(),
                again: { try RevealRequest(encoded: $0).encoded() }),
            Example(
                name: "JoinAnswer",
                bytes: JoinAnswer(invitation: invitation.id, random: [UInt8](repeating: 7, count: 32)).encoded(),
                again: { try JoinAnswer(encoded: $0).encoded() }),
        ]
    }()

    @Test("reads as what was written, in one form only, and no part of it reads", arguments: examples)
    func messages(_ example: Example) throws {
        #expect(try example.again(example.bytes) == example.bytes)
        for end in example.bytes.indices {
            #expect(throws: ProtocolError.self) { _ = try example.again(Array(example.bytes[..<end])) }
        }
        #expect(throws: ProtocolError.self) { _ = try example.again(example.bytes + [0]) }
        for changed in flips(example.bytes) {
            // What reads has been written so: no two texts of one message.
            if let read = try? example.again(changed) { #expect(read == changed) }
        }
        var otherVersion = example.bytes
        otherVersion[1] = 3
        #expect(throws: ProtocolError.self) { _ = try example.again(otherVersion) }
    }

    func code(_ body: () throws(ProtocolError) -> Void) -> ProtocolError.Code? {
        do throws(ProtocolError) {
            try body()
            return nil
        } catch {
            return error.code
        }
    }

    @Test("what is too long, too many, or no time is refused")
    func limits() {
        let answer = { (name: String) in RosterAnswer(lineName: name, count: 0, entries: []).encoded() }
        #expect(
            code { () throws(ProtocolError) in _ = try RosterAnswer(encoded: answer(String(repeating: "å", count: 100)))
            } == nil)
        #expect(
            code { () throws(ProtocolError) in
                _ = try RosterAnswer(encoded: answer(String(repeating: "å", count: 100) + "a"))
            }
                == .limit)
        let status = { (expires: Int64, time: Int64) in
            JoinStatus(state: .open, lead: nil, leadRandom: nil, expires: expires, isContested: false, serverTime: time)
                .encoded()
        }
        for (expires, time) in [((1 << 53) + 1, 0), (.min, 0), (0, -1), (0, .max)] as [(Int64, Int64)] {
            #expect(
                code { () throws(ProtocolError) in _ = try JoinStatus(encoded: status(expires, time)) } == .invalidValue
            )
        }
        for (number, parts) in [(0, 0), (1, 1), (32, 32), (0, 33)] as [(UInt64, UInt64)] {
            let part = UnsentPart(attempt: 1, number: number, parts: parts, page: []).encoded()
            #expect(code { () throws(ProtocolError) in _ = try UnsentPart(encoded: part) } == .invalidValue)
        }
        var many = CBORWriter()
        many.array(2)
        many.unsigned(SyncRequest.version)
        many.array(20_001)
        #expect(code { () throws(ProtocolError) in _ = try BoxesRequest(encoded: many.bytes) } == .limit)
    }
}
