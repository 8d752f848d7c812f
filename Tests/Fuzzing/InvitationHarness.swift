import Sealing
import Trust

/// What people type: an invitation, or a recovery sheet. Whatever is taken is written as a text that reads the same, and has
/// an address; what was typed differs from that text only in how people write base 32.
///
/// The first byte chooses which.
enum InvitationHarness {
    static func run(_ bytes: [UInt8]) throws {
        guard let kind = bytes.first else { return }
        let typed = String(decoding: bytes.dropFirst(), as: UTF8.self)
        if kind & 1 == 0 { try invitation(typed) } else { try sheet(typed) }
    }

    private static func invitation(_ typed: String) throws {
        let read: Invitation
        do throws(Invitation.Problem) { read = try Invitation(text: typed) } catch { return }
        try hold(normal(typed) == read.text, "an invitation was taken that is written differently")
        try hold(Invitation.isAddress(read.address), "an invitation was taken without an address")
        try hold((read.kind == .found) == (read.line == nil), "an invitation's line does not fit its kind")
        try hold(read.secret.count == Invitation.secretBytes, "an invitation's secret has another length")
        let again: Invitation
        do throws(Invitation.Problem) { again = try Invitation(text: read.text) } catch {
            throw Violation("an invitation that was taken is refused when it is written again")
        }
        try hold(again.text == read.text && again.keys.id == read.keys.id, "an invitation reads differently again")
    }

    private static func sheet(_ typed: String) throws {
        let read: RecoverySheet
        do throws(RecoverySheet.Mistyped) { read = try RecoverySheet(typed: typed) } catch {
            if let group = error.group { try hold(1...13 ~= group, "a group that no sheet has is wrong") }
            return
        }
        try hold(normal(typed) == read.groups.joined(), "a sheet was taken that is written differently")
    }

    private static func normal(_ typed: String) -> String {
        String(
            typed.filter { !$0.isWhitespace && $0 != "-" }.uppercased().map { character in
                switch character {
                case "O": "0"
                case "I", "L": "1"
                default: character
                }
            })
    }
}
