import Sealing
public import SyncProtocol

/// That whoever writes recovery's keys into a roster has them, and that a workstation which a recovery lets in wants it. Without these
/// a server's operator could found a line of their own in which the genuine sheet counts, and read what is written after a recovery there.
///
/// Ed25519 signatures: by recovery's keys over `"lugn founding 2" ‖ 00 ‖ member's keys ‖ recovery's keys ‖ commitment`; by the new workstation
/// and by the new recovery's keys over `"lugn recovery 2" ‖ 00 ‖ line ‖ member's keys ‖ recovery's keys ‖ commitment`.
enum RecoveryProof {
    static let bytes = 64

    static func founding(_ member: PublicKeys, _ recovery: PublicKeys, _ commitment: [UInt8]) -> [UInt8] {
        Array("lugn founding 2".utf8) + [0] + member.signing + member.box + recovery.signing + recovery.box + commitment
    }

    static func recovering(
        _ line: LineID, _ member: PublicKeys, _ recovery: PublicKeys, _ commitment: [UInt8]
    ) -> [UInt8] {
        Array("lugn recovery 2".utf8) + [0] + line.bytes + member.signing + member.box + recovery.signing + recovery.box
            + commitment
    }
}

extension RosterAct {
    /// A line's first act.
    public static func founding(
        by keys: DeviceKeys, sealedName: [UInt8], recovery: DeviceKeys, commitment: [UInt8]
    ) -> RosterAct {
        .found(
            member: NewMember(keys: keys.publicKeys, sealedName: sealedName), recovery: recovery.publicKeys,
            commitment: commitment,
            proof: recovery.signing.sign(
                RecoveryProof.founding(keys.publicKeys, recovery.publicKeys, commitment)))
    }

    /// What a recovery does: a workstation becomes a lead, and the sheet after this one is good.
    public static func recovering(
        line: LineID, _ keys: DeviceKeys, sealedName: [UInt8], recovery: DeviceKeys, _ next: NextEpoch
    ) -> RosterAct {
        let message = RecoveryProof.recovering(line, keys.publicKeys, recovery.publicKeys, next.commitment)
        return .recover(
            member: NewMember(keys: keys.publicKeys, sealedName: sealedName), recovery: recovery.publicKeys, next,
            consent: keys.signing.sign(message), proof: recovery.signing.sign(message))
    }
}
