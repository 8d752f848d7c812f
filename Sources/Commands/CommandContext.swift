/// What a command's code is given: the values of its command line, and where its output goes.
///
/// Options are named without hyphens, arguments as they are declared. Asking for a name that the command did not
/// declare, or for another type than declared, stops the program: it is a mistake in our own code.
public struct CommandContext: Sendable {
    /// Where data, notes and progress go.
    public let output: Output

    let program: Program
    private let command: Command
    private let values: ParsedValues

    init(program: Program, command: Command, values: ParsedValues, output: Output) {
        self.program = program
        self.command = command
        self.values = values
        self.output = output
    }

    /// The name of the running program, for messages.
    public var programName: String { program.name }

    /// The words of the running command, `conflicts keep`.
    public var commandPath: String { command.path.joined(separator: " ") }

    /// The text of a value or choice option, or of a single argument; nil when it was not given.
    public func value(_ name: String) -> String? {
        check(name, { !$0.isVariadic }) { kind in
            switch kind {
            case .value, .choice: true
            case .flag, .list, .integer: false
            }
        }
        return values.texts[name]
    }

    /// As ``value(_:)``, for what cannot be done without. Never throws for what is declared as required.
    public func require(_ name: String) throws(CommandFailure) -> String {
        if let text = value(name) { return text }
        let isOption = options.contains { $0.name == name }
        let help = ([program.name] + command.path + ["--help"]).joined(separator: " ")
        throw .wrongUsage(
            program.words("missing", ["what": (isOption ? "--" : "") + name]),
            action: program.words("see", ["words": help]))
    }

    /// Whether a flag was given.
    public func flag(_ name: String) -> Bool {
        check(name) { if case .flag = $0 { true } else { false } }
        return values.flags.contains(name)
    }

    /// The values of a list option, or of a variadic argument, in the order given; empty when there are none.
    public func list(_ name: String) -> [String] {
        check(name, \.isVariadic) { if case .list = $0 { true } else { false } }
        return values.lists[name] ?? []
    }

    /// The words of a variadic argument joined with single spaces; nil when there are none.
    public func text(_ name: String) -> String? {
        let words = list(name)
        return words.isEmpty ? nil : words.joined(separator: " ")
    }

    /// The number of an integer option, within its range; nil when it was not given.
    public func integer(_ name: String) -> Int? {
        check(name) { if case .integer = $0 { true } else { false } }
        return values.integers[name]
    }

    private var options: [Option] {
        program.allGlobalOptions + command.options
    }

    private func check(
        _ name: String, _ acceptsArgument: (Argument) -> Bool = { _ in false }, _ acceptsOption: (Option.Kind) -> Bool
    ) {
        let isOption = options.contains { $0.name == name && acceptsOption($0.kind) }
        let isArgument = command.arguments.contains { $0.name == name && acceptsArgument($0) }
        precondition(isOption || isArgument, "'\(commandPath)' declares no such '\(name)'")
    }
}
