public import HTTPClient
public import Replica
import Support
public import SyncClient
import Trust

/// An admission as people go through it, with both of them in one process: the new workstation asks, shows its digits, and
/// whoever sits at the lead's types them.
public final class WholeAdmission: Sendable {
    private let lead: Lead
    private let invitation: InvitationID
    private let shown = Lock<String?>(nil)
    private let turns = Lock(0)

    private init(_ lead: Lead, _ invitation: InvitationID) {
        self.lead = lead
        self.invitation = invitation
    }

    /// Lets a replica in; goes on where an earlier try was interrupted.
    public static func run(
        _ replica: Replica, name: String, invitation text: String, by lead: Lead, over transport: any HTTPTransport
    ) async throws {
        let admission = WholeAdmission(lead, try SyncClient.invitation(text).keys.id)
        // The new workstation's waiting is the lead's turn.
        let client = SyncClient(
            replica: replica, transport: transport, sleep: { _ in try await admission.takeTurn() })
        try await client.join(invitation: text, name: name) { progress in
            if case .digits(let digits) = progress { admission.shown.withLock { $0 = digits } }
        }
    }

    private func takeTurn() async throws {
        let count = turns.withLock { turns in
            turns += 1
            return turns
        }
        guard count < 10 else { throw SyncError(.noProgress, "the admission gets nowhere; nothing was changed") }
        guard let digits = shown.withLock({ $0 }) else {
            _ = try await lead.applicants()
            return
        }
        _ = try await lead.admit(invitation, digits: digits)
    }
}
