/// What a program of this package says by itself, about its help and about wrong command lines, in one language.
///
/// English stands here. A program that speaks other languages has its own texts under the same keys, with `program.` before
/// them, and the texts of its commands: see ``Program/init(name:version:summary:globalOptions:commands:texts:)``.
public struct ProgramWords: Sendable {
    /// The text of a key in the language of whoever runs the program; nil where there is none.
    public typealias Texts = @Sendable (_ key: String) -> String?

    let texts: Texts

    init(_ texts: @escaping Texts = { _ in nil }) { self.texts = texts }

    /// The text of a key, with each `{name}` filled in.
    func callAsFunction(_ key: String, _ values: [String: String] = [:]) -> String {
        var text = texts("program." + key) ?? Self.english[key] ?? key
        for (name, value) in values { text.replace("{\(name)}", with: value) }
        return text
    }

    /// `A, B and C`.
    func list(_ parts: [String]) -> String {
        guard let last = parts.last, parts.count > 1 else { return parts.first ?? "" }
        return parts.dropLast().joined(separator: ", ") + " " + self("and") + " " + last
    }

    /// Keys and English texts: what a program that speaks another language has to have.
    public static let english: [String: String] = [
        "and": "and",
        "usage": "Usage:", "command": "COMMAND", "options": "OPTIONS", "commands": "Commands:",
        "arguments": "Arguments:", "commandOptions": "Options:", "globalOptions": "Options of every command:",
        "example": "Example:", "examples": "Examples:", "optional": "Optional.", "required": "Required.",
        "more": "More about a command: {words} COMMAND --help", "alsoAs": "Also as '{short}'.",
        "default": "This is what '{short}' alone does.",
        "anyOf": "Any of: {choices}.", "several": "Separate several with commas, or repeat the option.",
        "atLeast": "At least {number}.", "range": "{from} to {to}.",
        "help": "Show this help.", "version": "Show the version.",
        "see": "See {words}",
        "noValue": "{option} takes no value", "needsValue": "{option} needs a value ({placeholder})",
        "belongsToCommand": "{option} belongs to a command: write it after the command's name",
        "unknownOption": "unknown option {option}",
        "unknownOptionMeant": "unknown option {option}; did you mean {nearest}?",
        "noCommand": "no command given", "needsOneOf": "'{words}' needs one of: {next}",
        "unknownCommand": "unknown command '{words}'",
        "unknownCommandMeant": "unknown command '{words}'; did you mean '{nearest}'?",
        "tooMany": "too many arguments: {given} given, {expected} expected", "none": "none",
        "missing": "{what} is missing", "missingSeveral": "{what} are missing",
        "emptyValue": "{option} has an empty value", "twice": "{option} is given twice",
        "cannotBe": "{option} cannot be '{text}'; it is one of: {choices}",
        "cannotBeMeant": "{option} cannot be '{text}'; did you mean '{nearest}'?",
        "integer": "{option} must be an integer", "integerFrom": "{option} must be an integer from {from}",
        "integerTo": "{option} must be an integer to {to}",
        "integerRange": "{option} must be an integer from {from} to {to}",
        "outputFailed": "standard output could not be written (error {error})",
        "outputFailed.do": "Check the disk or the program reading the output",
        "outputFailed.done": "What the command did is done; only its output is incomplete",
        "unexpected": "unexpected failure ({type})", "interrupted": "interrupted",
        "name": "NAME", "synopsis": "SYNOPSIS", "description": "DESCRIPTION", "commandsTitle": "COMMANDS",
        "globalOptionsTitle": "OPTIONS OF EVERY COMMAND", "exitStatus": "EXIT STATUS",
        "exit.0": "What was asked for is done.", "exit.1": "It could not be done.",
        "exit.2": "The command line cannot be understood; nothing was tried.",
        "exit.3": "The server cannot be reached; the work itself is safe.",
        "exit.4": "Refused: not allowed, or not to be done.",
        "completion.summary": "Print what makes a shell complete commands, options and words by the Tab key.",
        "completion.details":
            "For bash: {program} completion bash >~/.local/share/bash-completion/completions/{program}. For zsh: into a file _{program} of a folder that fpath names. For fish: ~/.config/fish/completions/{program}.fish.",
        "completion.SHELL": "bash, zsh or fish.",
        "completion.unknown": "SHELL is one of: bash, zsh, fish",
        "manual.summary": "Print the manual page.",
        "manual.details": "It holds all that --help says, in the form that man reads.",
    ]
}
