public import Casework
public import Commands
public import Replica
public import SyncClient

// Which exit code each of the layers' errors has. Their messages say what happened, what is safe and what to do.

extension SyncError: CommandFailureConvertible {
    public var commandFailure: CommandFailure {
        switch code {
        case .unreachable, .unavailable: CommandFailure(.unreachable, message)
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
        case .personalData: CommandFailure(.refused, message)
        default: CommandFailure(.failed, message)
        }
    }
}
