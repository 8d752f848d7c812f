public import Casework
public import Commands
public import Replica
public import SyncClient
public import Workstation

// Which exit code each of the layers' errors has. Their messages say what happened, what is safe and what to do.

extension SyncError: CommandFailureConvertible {
    public var commandFailure: CommandFailure {
        switch code {
        case .unreachable, .unavailable, .timedOut, .damaged, .tooLargeOnTheWay: CommandFailure(.unreachable, message)
        case .refused, .unknownInvitation, .invitationExpired, .invitationUsed, .wrongKey, .wrongLine, .insecure:
            CommandFailure(.refused, message)
        default: CommandFailure(.failed, message)
        }
    }
}

extension ReplicaError: CommandFailureConvertible {
    public var commandFailure: CommandFailure {
        switch code {
        case .otherLine, .wrongKey: CommandFailure(.refused, message)
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

extension WorkstationError: CommandFailureConvertible {
    public var commandFailure: CommandFailure { CommandFailure(.failed, message) }
}
