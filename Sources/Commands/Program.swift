/// A command-line program: its commands and the options all of them share.
///
/// `--help` and `--version` are added to every program; `-h` is `--help`.
public struct Program: Sendable {
    let name: String
    let version: String
    let summary: String
    let globalOptions: [Option]
    let commands: [Command]

    /// Declares a program. A contradictory declaration stops the program: it is a mistake in our own code.
    /// - Parameters:
    ///   - globalOptions: accepted before and after the command's words.
    ///   - commands: in the order in which help lists them.
    public init(
        name: String, version: String, summary: String, globalOptions: [Option] = [], commands: [Command]
    ) {
        self.name = name
        self.version = version
        self.summary = summary
        self.globalOptions = globalOptions
        self.commands = commands
        checkDeclaration()
    }

    /// Runs the process's command line and ends the process with the exit code.
    public func main() async -> Never {
        let code = await run(Array(CommandLine.arguments.dropFirst()), output: .system)
        endProcess(code.rawValue)
    }

    /// Runs one command line; errors are told on `output`'s standard error.
    ///
    /// Standard output is flushed before this returns. A reader that went away (`lugn list | head`) is no failure;
    /// output that could not be written for another reason is.
    /// - Parameter arguments: without the program's own name.
    public func run(_ arguments: [String], output: Output) async -> ExitCode {
        var code = ExitCode.done
        do {
            try await execute(CommandLineParser(program: self).parse(arguments), output: output)
        } catch {
            let failure = CommandFailure(describing: error)
            output.note(failure.line(programName: name))
            code = failure.exitCode
        }
        if var failure = output.finish() {
            if code == .done {
                failure.safe = "What the command did is done; only its output is incomplete"
                code = failure.exitCode
            }
            output.note(failure.line(programName: name))
        }
        return code
    }

    private func execute(_ request: CommandRequest, output: Output) async throws {
        switch request {
        case .version: output.print("\(name) \(version)")
        case .help(let path): output.write(HelpRenderer(program: self).text(path: path))
        case .run(let command, let values):
            try await command.body(CommandContext(program: self, command: command, values: values, output: output))
        }
    }
}
