public import Casework
public import Commands
public import Replica
import Support
public import SyncClient
public import Trust
public import Workstation

// Which exit code each of the layers' errors has. Their messages say what happened, what is safe and what to do.

extension SyncError: CommandFailureConvertible {
    public var commandFailure: CommandFailure {
        switch code {
        case .unreachable, .unavailable, .timedOut, .damaged, .tooLargeOnTheWay:
            CommandFailure(.unreachable, told: told)
        case .refused, .unknownInvitation, .invitationExpired, .invitationUsed, .wrongLine, .insecure, .unknownDevice,
            .tooOld, .noRoom, .removed, .notLead, .joinEnded, .tampered, .rosterUndecided:
            CommandFailure(.refused, told: told)
        case .notAnInvitation: CommandFailure(.wrongUsage, told: told)
        default: CommandFailure(.failed, told: told)
        }
    }

    /// What it means to a counsellor, and the detail as it is told in English.
    var told: Message {
        let codes: [Code: String] = [
            .unreachable: "unreachable",
            .timedOut: "timedOut",
            .tooLargeOnTheWay: "tooLargeOnTheWay",
            .unavailable: "unavailable",
            .insecure: "insecure",
            .refused: "refused",
            .unknownInvitation: "unknownInvitation",
            .invitationExpired: "invitationExpired",
            .invitationUsed: "invitationUsed",
            .wrongLine: "wrongLine",
            .unusable: "unusable",
            .otherVersion: "otherVersion",
            .badAnswer: "badAnswer",
            .damaged: "damaged",
            .alreadyWatching: "alreadyWatching",
            .noProgress: "noProgress",
            .tooOld: "tooOld",
            .noRoom: "noRoom",
        ]
        return .words(
            "sync.error." + (codes[code] ?? "other"), ["message": "\(message)", "minimum": "\(minimumVersion ?? "?")"])
    }
}

extension ReplicaError: CommandFailureConvertible {
    public var commandFailure: CommandFailure {
        let codes: [Code: String] = [
            .foreignFile: "foreignFile",
            .newerVersion: "newerVersion",
            .damaged: "damaged",
            .inaccessible: "inaccessible",
            .diskFull: "diskFull",
            .busy: "busy",
            .recordErased: "recordErased",
            .limit: "limit",
            .replaced: "replaced",
            .notJoined: "notJoined",
            .otherLine: "otherLine",
        ]
        let told = Message.words("data.error." + (codes[code] ?? "other"), ["message": "\(message)"])
        switch code {
        case .otherLine, .alreadyJoined, .notAdmitted, .removed, .wrongRoster:
            return CommandFailure(.refused, told: told)
        default: return CommandFailure(.failed, told: told)
        }
    }
}

extension CaseworkError: CommandFailureConvertible {
    public var commandFailure: CommandFailure {
        switch code {
        case .badValue: CommandFailure(.wrongUsage, told: told)
        case .personalData:
            CommandFailure(.refused, told: .words("failure.personalData", ["told": told, "marks": marks]))
        case .shredded, .notVerified, .tooManyAttempts: CommandFailure(.refused, told: told)
        default: CommandFailure(.failed, told: told)
        }
    }

    /// How to mark all that was found, to be copied.
    private var marks: Message {
        let prefix = textName.map { $0 + ":" } ?? ""
        return "\(findings.prefix(3).map { "--not-personal-data \(prefix)\($0)" }.joined(separator: " "))"
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
    public var commandFailure: CommandFailure {
        code == .publishedMeanwhile
            ? CommandFailure(.failed, key: "failure.publishedElsewhere") : CommandFailure(.failed, message)
    }
}
