import ChangeLog
import Sealing
import SimulatedLead
import Support
import SyncClient
import Trust

extension World {
    /// The operator's invitation, in the founder's hands from the beginning.
    private static let founding = Invitation(
        kind: .found, secret: SecretBytes(copying: [UInt8](repeating: 7, count: Invitation.secretBytes)), line: nil,
        pin: nil, address: Wire.address)

    /// The first workstation founds the line, or goes on with what it began.
    func found() async throws {
        try await attempt {
            guard let log else { return }
            let (now, invitation) = (clock.withLock { $0 }, Self.founding)
            try await log.perform(
                .inviteFounder(
                    signingKey: invitation.keys.signing.publicKey, name: "Test", expires: now + 3_600_000), by: nil,
                request: [UInt8](repeating: 1, count: 16), now: now)
            let client = try desk(.first).client
            if try await client.resumeFounding(invitation: invitation.text) == nil {
                try await client.found(try client.prepareFounding(invitation: invitation.text, name: "first"))
            }
            scene.ledger.isLineConfirmed = true
            scene.ledger.joined.insert(.first)
        }
    }

    /// The first workstation invites the second one and lets it in, or both go on with what they began.
    func join() async throws {
        try await attempt {
            let lead = Lead(try desk(.first).client)
            if scene.invitation == nil { scene.invitation = try await lead.invite().text }
            try await WholeAdmission.run(
                try desk(.second).replica, name: "second", invitation: scene.invitation ?? "", by: lead, over: wire)
            scene.ledger.joined.insert(.second)
        }
    }
}
