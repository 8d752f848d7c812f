/// One thing a program can do: its words, what it takes, its help, and the code that does it.
public struct Command: Sendable {
    /// The code of a command. It runs on the caller's actor; what it throws becomes an exit code and one line.
    public typealias Body = @Sendable (CommandContext) async throws -> Void

    /// The words that choose the command, `["conflicts", "keep"]`; empty for a program's only command.
    let path: [String]
    var summary: String
    var details: String
    let isDefault: Bool
    /// Whether help, completion and manual leave it out: for scripts only.
    let isHidden: Bool
    var options: [Option]
    var arguments: [Argument]
    let example: String
    let body: Body

    /// Declares a command.
    /// - Parameters:
    ///   - path: the words that choose it, separated by single spaces; empty for a program with one command.
    ///   - summary: one sentence for lists of commands; empty where the program's texts have it.
    ///   - details: what it does, for its own help; paragraphs are separated by an empty line.
    ///   - isDefault: whether it is meant when its last word is left out: `lugn conflicts` = `lugn conflicts list`.
    ///   - isHidden: whether help and manual leave it out: for scripts only.
    ///   - example: one or more whole command lines, each beginning with the program's name.
    public init(
        _ path: String, summary: String = "", details: String = "", isDefault: Bool = false, isHidden: Bool = false,
        options: [Option] = [], arguments: [Argument] = [], example: String, body: @escaping Body
    ) {
        self.path = path.split(separator: " ").map(String.init)
        self.summary = summary
        self.details = details
        self.isDefault = isDefault
        self.isHidden = isHidden
        self.options = options
        self.arguments = arguments
        self.example = example
        self.body = body
    }
}
