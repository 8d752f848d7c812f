import Sealing
public import SyncProtocol

/// A new workstation's agreement to be let into one line by one invitation: its signature over
/// `"lugn consent 2" ‖ 00 ‖ line ‖ invitation ‖ both public keys`.
public enum Consent {
    public static func sign(line: LineID, invitation: InvitationID, keys: DeviceKeys) -> [UInt8] {
        keys.signing.sign(message(line, invitation, keys.publicKeys))
    }

    static func isGiven(_ admission: RosterAct.Admission, line: LineID) -> Bool {
        SigningKey.isValid(
            admission.consent, of: message(line, admission.invitation, admission.member.keys),
            by: admission.member.keys.signing)
    }

    private static func message(_ line: LineID, _ invitation: InvitationID, _ keys: PublicKeys) -> [UInt8] {
        Array("lugn consent 2".utf8) + [0] + line.bytes + invitation.bytes + keys.signing + keys.box
    }
}
