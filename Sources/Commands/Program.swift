/// A command-line program: its commands and the options all of them share.
///
/// `--help` and `--version` are added to every program; `-h` is `--help`.
public struct Program: Sendable {
    let name: String
    let version: String
    var summary: String
    var globalOptions: [Option]
    var commands: [Command]
    /// In the language of whoever runs it.
    var words = ProgramWords()
    private let texts: @Sendable (_ arguments: [String]) -> ProgramWords.Texts

    /// Declares a program. A contradictory declaration stops the program: it is a mistake in our own code.
    /// - Parameters:
    ///   - globalOptions: accepted before and after the command's words.
    ///   - commands: in the order in which help lists them. Where there are several, `completion` and `manual` are added.
    ///   - texts: chooses the language by the command line, or the environment, and returns the texts in it: those that
    ///     ``ProgramWords/english`` has, under `program.`; those of commands, options and arguments under `help.`; and
    ///     those of failures with a key. What it has no text for is said as it was declared.
    public init(
        name: String, version: String, summary: String, globalOptions: [Option] = [], commands: [Command],
        texts: @escaping @Sendable (_ arguments: [String]) -> ProgramWords.Texts = { _ in { _ in nil } }
    ) {
        self.name = name
        self.version = version
        self.summary = summary
        self.globalOptions = globalOptions
        let isSingle = commands.contains { $0.path.isEmpty }
        self.commands = commands + (isSingle ? [] : Self.standardCommands(of: name, words))
        self.texts = texts
        checkDeclaration()
    }

    /// Runs the process's command line and ends the process with the exit code.
    ///
    /// - Parameter text: reads an argument that is not UTF-8, as an older terminal may give it; it may throw.
    public func main(
        reading text: ([UInt8]) throws -> String = { _ in
            throw CommandFailure.wrongUsage("an argument is not in UTF-8", action: "Set the terminal to UTF-8")
        }
    ) async -> Never {
        do {
            let arguments = try Self.arguments().map { bytes in
                try String(validating: bytes, as: UTF8.self) ?? text(bytes)
            }
            endProcess(await run(arguments, output: .system).rawValue)
        } catch {
            let failure = CommandFailure(describing: error).spoken(spoken(texts([])).words)
            Output.system.note(failure.line(programName: name))
            endProcess(failure.exitCode.rawValue)
        }
    }

    /// The process's arguments as they were given, without its own name. `CommandLine.arguments` replaces what is no UTF-8.
    private static func arguments() -> [[UInt8]] {
        (1..<max(1, Int(CommandLine.argc))).compactMap { index in
            guard let start = unsafe CommandLine.unsafeArgv[index] else { return nil }
            var bytes: [UInt8] = []
            while unsafe start[bytes.count] != 0 { bytes.append(UInt8(bitPattern: unsafe start[bytes.count])) }
            return bytes
        }
    }

    /// Runs one command line; errors are told on `output`'s standard error.
    ///
    /// Standard output is flushed before this returns. A reader that went away (`lugn list | head`) is no failure;
    /// output that could not be written for another reason is.
    /// - Parameter arguments: without the program's own name.
    public func run(_ arguments: [String], output: Output) async -> ExitCode {
        await spoken(texts(arguments)).runSpoken(arguments, output: output)
    }

    private func runSpoken(_ arguments: [String], output: Output) async -> ExitCode {
        var code = ExitCode.done
        do {
            try await execute(CommandLineParser(program: self).parse(arguments), output: output)
        } catch {
            let failure = CommandFailure(describing: error).spoken(words)
            output.note(failure.line(programName: name))
            code = failure.exitCode
        }
        if var failure = output.finish()?.spoken(words) {
            if code == .done {
                failure.safe = words("outputFailed.done")
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
