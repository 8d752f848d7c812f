public import Support

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
    /// What the program's texts say of it, in the language of whoever runs it; what is safe and what to do stand under the same
    /// key with `.safe` and `.do` behind it. Nil for what is said as it stands.
    public var told: Message?

    public init(_ message: String, safe: String = "", action: String = "") {
        self.init(.failed, message, safe: safe, action: action)
    }

    public init(_ exitCode: ExitCode, _ message: String, safe: String = "", action: String = "") {
        self.exitCode = exitCode
        self.message = message
        self.safe = safe
        self.action = action
    }

    /// What the program's texts say under a key, in the language of whoever runs it.
    public init(_ exitCode: ExitCode, key: String, _ values: [String: Message] = [:]) {
        self.init(exitCode, told: .words(key, values))
    }

    public init(_ exitCode: ExitCode, told: Message) {
        self.init(exitCode, told.said { _ in nil })
        self.told = told
    }

    /// A command line that cannot be understood (exit code 2).
    public static func wrongUsage(_ message: String, action: String = "") -> CommandFailure {
        CommandFailure(.wrongUsage, message, action: action)
    }

    /// The same in words: what the texts do not have stays as it is.
    func spoken(_ words: ProgramWords) -> CommandFailure {
        guard let told else { return self }
        func text(_ key: String) -> String? {
            // What every program says has a text here, in English.
            let own = key.hasPrefix("program.") ? ProgramWords.english[String(key.dropFirst(8))] : nil
            return words.texts(key) ?? own
        }
        var failure = self
        failure.message = told.said(text)
        failure.safe = told.said(behind: ".safe", text) ?? safe
        failure.action = told.said(behind: ".do", text) ?? action
        return failure
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
