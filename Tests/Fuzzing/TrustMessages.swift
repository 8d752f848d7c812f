import SyncProtocol
import Trust

/// The messages of roster, invitations and joining, and the roster's entries: whatever is accepted is written as the same bytes.
///
/// The first byte chooses the message.
enum TrustMessages {
    static func check(_ bytes: [UInt8]) throws {
        guard let kind = bytes.first else { return }
        let body = Array(bytes.dropFirst())
        try hold(try again(kind % 17, body) == body, "an accepted message was written differently")
    }

    private static func again(_ kind: UInt8, _ bytes: [UInt8]) throws(ProtocolError) -> [UInt8] {
        switch kind {
        case 0: try RosterAnswer(encoded: bytes).encoded()
        case 1: try RosterExtension(encoded: bytes).encoded()
        case 2: try RosterPosition(encoded: bytes).encoded()
        case 3: try FoundRequest(encoded: bytes).encoded()
        case 4: try BoxesRequest(encoded: bytes).encoded()
        case 5: try InvitationRequest(encoded: bytes).encoded()
        case 6: try InvitationReference(encoded: bytes).encoded()
        case 7: try InvitationList(encoded: bytes).encoded()
        case 8: try JoinRequest(encoded: bytes).encoded()
        case 9: try JoinStatus(encoded: bytes).encoded()
        case 10: try JoinAnswer(encoded: bytes).encoded()
        case 11: try BoxRefusal(encoded: bytes).encoded()
        case 12: try CheckpointList(encoded: bytes).encoded()
        case 13: try UnsentPart(encoded: bytes).encoded()
        case 14: try UnsentList(encoded: bytes).encoded()
        case 15: try UnsentReference(encoded: bytes).encoded()
        default: try AuditEntry(encoded: bytes).encoded()
        }
    }

    /// A roster of any entries at all: one that verifies is the same when it is verified again from its bytes, and no
    /// workstation is in it that was not let in by an entry.
    static func entry(_ bytes: [UInt8]) throws {
        var reader = CBORReader(bytes)
        var entries: [SignedEntry] = []
        while !reader.isAtEnd, entries.count < 20 {
            let part = Array(try reader.data(limit: 1 << 16))
            let entry = try SignedEntry(encoded: part)
            try hold(entry.encoded() == part, "an accepted entry was written differently")
            entries.append(entry)
        }
        let roster: Roster
        do throws(RosterError) { roster = try Roster(entries) } catch { return }
        try hold(roster.count == entries.count && !roster.state.leads.isEmpty, "a roster without a lead")
        try hold(roster.state.leads.count == roster.state.leadCount, "leads were counted wrongly")
        try hold(roster.state.members.count <= entries.count, "a workstation that nobody let in")
    }
}
