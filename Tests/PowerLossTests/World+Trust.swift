import ChangeLog
import Sealing
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
            let invitation = try Invitation(text: scene.invitation ?? "")
            let person = LeadsPerson(lead: lead, invitation: invitation.keys.id)
            let client = SyncClient(
                replica: try desk(.second).replica, transport: wire, sleep: { _ in try await person.act() })
            try await client.join(invitation: invitation.text, name: "second") { progress in
                if case .digits(let digits) = progress { person.hears(digits) }
            }
            scene.ledger.joined.insert(.second)
        }
    }
}

/// Whoever sits at the lead's workstation: does the next thing while the new one waits.
private final class LeadsPerson: Sendable {
    private let lead: Lead
    private let invitation: InvitationID
    private let heard = Lock<String?>(nil)
    private let acts = Lock(0)

    init(lead: Lead, invitation: InvitationID) {
        self.lead = lead
        self.invitation = invitation
    }

    func hears(_ digits: String) { heard.withLock { $0 = digits } }

    func act() async throws {
        let count = acts.withLock {
            $0 += 1
            return $0
        }
        guard count < 10 else { throw SyncError(.noProgress, "the admission gets nowhere") }
        if let digits = heard.withLock({ $0 }) {
            _ = try await lead.admit(invitation, digits: digits)
        } else {
            _ = try await lead.applicants()
        }
    }
}
