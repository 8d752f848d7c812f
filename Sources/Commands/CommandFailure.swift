/// Why a command did not do what was asked, in three parts a person can use: what happened, what is safe, what to do.
///
/// Printed as one line on standard error: `lugn: WHAT. SAFE. DO`. None of the parts may hold content (note text,
/// tokens, addresses).
public struct CommandFailure: Error, Sendable, Equatable {
    public var exitCode: ExitCode
    /// What happened.
    public var message: String
    /// What is safe all the same; empty when there is nothing to say.
    public var safe: String
    /// What to do now; empty when there is nothing to do.
    public var action: String

    public init(_ message: String, safe: String = "", action: String = "") {
        self.init(.failed, message, safe: safe, action: action)
    }

    public init(_ exitCode: ExitCode, _ message: String, safe: String = "", action: String = "") {
        self.exitCode = exitCode
        self.message = message
        self.safe = safe
        self.action = action
    }

    /// A command line that cannot be understood (exit code 2).
    public static func wrongUsage(_ message: String, action: String = "") -> CommandFailure {
        CommandFailure(.wrongUsage, message, action: action)
    }

    /// The one line for standard error, without its line feed; characters that would break or fake a line are replaced.
    public func line(programName: String) -> String {
        var sentences = [message, safe, action].map { TerminalText.oneLine($0) }.filter { !$0.isEmpty }
        // The last part often ends in a command to copy, so it gets no full stop of ours.
        for index in sentences.indices.dropLast() where !".!?".contains(sentences[index].last ?? ".") {
            sentences[index] += "."
        }
        return programName + ": " + sentences.joined(separator: " ")
    }
}

extension CommandFailure: CommandFailureConvertible {
    public var commandFailure: CommandFailure { self }
}
