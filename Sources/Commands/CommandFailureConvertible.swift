/// An error of a lower layer that a program knows how to tell its user.
///
/// Programs conform the layers' errors to this, so that the layers need not know about exit codes.
public protocol CommandFailureConvertible: Error {
    var commandFailure: CommandFailure { get }
}

extension CommandFailure {
    /// What to tell about any error.
    ///
    /// An error that is neither convertible nor `CustomStringConvertible` is told by its type's name only: its
    /// reflected values might hold content.
    public init(describing error: any Error) {
        switch error {
        case let error as any CommandFailureConvertible:
            self = error.commandFailure
        case is CancellationError:
            self.init(.failed, key: "program.interrupted")
        case let error as any CustomStringConvertible:
            self.init(.failed, error.description)
        default:
            self.init(.failed, key: "program.unexpected", ["type": "\(type(of: error))"])
        }
    }
}
