import LocalPage
import Replica
import SyncClient
import Trust

// What goes wrong between this computer, its line and the server.

extension Problem {
    init(_ error: SyncError) {
        let names: [(SyncError.Code, String)] = [
            (.notAnInvitation, "not-an-invitation"), (.unknownInvitation, "unknown-invitation"),
            (.invitationExpired, "invitation-expired"), (.invitationUsed, "invitation-used"),
            (.joinEnded, "join-ended"),
            (.tampered, "tampered"), (.notLead, "not-lead-desk"), (.removed, "removed"), (.insecure, "insecure"),
            (.otherVersion, "other-version"), (.wrongLine, "wrong-line"), (.unusable, "unusable"),
            (.refused, "server-refused"), (.rosterUndecided, "roster-undecided"), (.badAnswer, "not-a-server"),
            (.unknownDevice, "unknown-device"), (.joinAnswered, "join-answered"),
            (.nothingUnsent, "nothing-unsent"),
        ]
        if let name = names.first(where: { $0.0 == error.code })?.1 {
            self.init(error.isTransient ? 503 : 409, name, error.message)
        } else {
            self.init(503, error.isTransient ? "no-network" : "unknown", error.message)
        }
    }

    init(_ error: ReplicaError) {
        let names: [(ReplicaError.Code, String)] = [
            (.alreadyJoined, "already-joined"), (.otherLine, "other-line"), (.notJoined, "not-joined"),
            (.notAdmitted, "tampered"), (.wrongRoster, "wrong-roster"), (.waitsForKey, "waits-for-key"),
            (.removed, "removed"), (.damagedKeys, "damaged-keys"),
        ]
        if error.code == .diskFull {
            self.init(507, "disk-full", error.message)
        } else if let name = names.first(where: { $0.0 == error.code })?.1 {
            self.init(409, name, error.message)
        } else {
            self.init(500, "data", error.message)
        }
    }

    init(_ error: RosterError) {
        let name =
            switch error.code {
            case .lastLead: "last-lead"
            case .removesItself: "removes-itself"
            case .unknownDevice: "unknown-desk"
            case .notAllowed, .unknownAuthor: "not-lead-desk"
            case .invitationUsed, .knownDevice: "already-done"
            default: "wrong-roster"
            }
        self.init(409, name, "the line's roster does not allow it (\(error.code.rawValue)); nothing was changed")
    }
}
