/// How a program ends, told to the caller as the process's exit status.
public enum ExitCode: Int32, Sendable {
    /// What was asked for is done.
    case done = 0
    /// It could not be done.
    case failed = 1
    /// The command line cannot be understood; nothing was tried.
    case wrongUsage = 2
    /// The server cannot be reached; the work itself is safe on this machine.
    case unreachable = 3
    /// The other side understood and said no.
    case refused = 4
}
