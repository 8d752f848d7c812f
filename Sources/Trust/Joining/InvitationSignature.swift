import Sealing
import SyncProtocol

/// A lead's signature under an invitation: over `"lugn invited 2" ‖ 00 ‖ line ‖ invitation ‖ expires`, in milliseconds, 8 bytes
/// big-endian. It says to the other leads who invited, and until when.
public enum InvitationSignature {
    static let bytes = SigningKey.signatureBytes

    static func sign(_ invitation: InvitationID, expires: Int64, line: LineID, by key: SigningKey) -> [UInt8] {
        key.sign(message(invitation, expires, line))
    }

    fileprivate static func message(_ invitation: InvitationID, _ expires: Int64, _ line: LineID) -> [UInt8] {
        var bytes = Array("lugn invited 2".utf8) + [0] + line.bytes + invitation.bytes
        for shift in stride(from: 56, through: 0, by: -8) { bytes.append(UInt8(truncatingIfNeeded: expires >> shift)) }
        return bytes
    }
}

extension InvitationList.Listed {
    /// Whether a lead of the line, who still is one, made this invitation and said when it expires. Whatever else a server
    /// lists is answered by nobody.
    public func isGenuine(in roster: RosterState) -> Bool {
        guard let author, let signature, roster.isLead(author), let member = roster.member(author) else { return false }
        return SigningKey.isValid(
            signature, of: InvitationSignature.message(id, expires, roster.line), by: member.keys.signing)
    }
}
