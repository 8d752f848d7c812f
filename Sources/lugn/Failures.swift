public import Casework
public import Commands
public import Replica
public import SyncClient
public import Trust
public import Workstation

// Which exit code each of the layers' errors has. Their messages say what happened, what is safe and what to do.

extension SyncError: CommandFailureConvertible {
    public var commandFailure: CommandFailure {
        switch code {
        case .unreachable, .unavailable, .timedOut, .damaged, .tooLargeOnTheWay: CommandFailure(.unreachable, message)
        case .refused, .unknownInvitation, .invitationExpired, .invitationUsed, .wrongLine, .insecure, .unknownDevice,
            .removed,
            .notLead, .joinEnded, .tampered, .rosterUndecided:
            CommandFailure(.refused, message)
        case .notAnInvitation: CommandFailure(.wrongUsage, message)
        default: CommandFailure(.failed, message)
        }
    }
}

extension ReplicaError: CommandFailureConvertible {
    public var commandFailure: CommandFailure {
        switch code {
        case .otherLine, .alreadyJoined, .notAdmitted, .removed, .wrongRoster: CommandFailure(.refused, message)
        default: CommandFailure(.failed, message)
        }
    }
}

extension CaseworkError: CommandFailureConvertible {
    public var commandFailure: CommandFailure {
        switch code {
        case .badValue: CommandFailure(.wrongUsage, message)
        case .personalData: CommandFailure(.refused, message, action: marksAction)
        case .shredded, .notVerified, .tooManyAttempts: CommandFailure(.refused, message)
        default: CommandFailure(.failed, message)
        }
    }
}

extension CaseworkError {
    /// How to mark all that was found, to be copied.
    private var marksAction: String {
        let prefix = textName.map { $0 + ":" } ?? ""
        let marks = findings.prefix(3).map { "--not-personal-data \(prefix)\($0)" }.joined(separator: " ")
        return "To mark it: \(marks)"
    }
}

extension GuardWarning {
    /// What was saved, and what to do if it ought not to have been.
    var sentence: String {
        let prefix = textName.map { $0 + ":" } ?? ""
        let places = findings.prefix(6).map { "\(prefix)\($0) (\($0.characters.count) characters)" }
        let more = findings.count > places.count ? " and \(findings.count - places.count) more" : ""
        return
            "It was saved, but looks like personal data: \(places.joined(separator: ", "))\(more). If it points to somebody, erase it (lugn case erase-note) and write it anew. Only you know what tells who it is."
    }
}

extension RosterError: CommandFailureConvertible {
    public var commandFailure: CommandFailure {
        let sentence =
            switch code {
            case .lastLead: "the line would have no lead left: make another workstation a lead first"
            case .removesItself: "nobody takes their own workstation out of the line: another lead does"
            case .unknownDevice: "there is no such workstation in the line any more"
            case .invitationUsed: "the invitation has let somebody in before"
            case .notAllowed, .unknownAuthor: "only a lead of the line may do that"
            default: "the line's roster does not allow it (\(code.rawValue))"
            }
        return CommandFailure(.refused, sentence, safe: "Nothing was changed")
    }
}

extension WorkstationError: CommandFailureConvertible {
    public var commandFailure: CommandFailure { CommandFailure(.failed, message) }
}
