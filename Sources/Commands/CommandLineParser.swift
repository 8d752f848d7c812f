/// Turns the words of a command line into a request.
///
/// Options may stand anywhere; a word extends the command's path for as long as some command continues with it,
/// and is an argument from then on. `--` makes arguments of all that follows.
struct CommandLineParser {
    let program: Program

    private var path: [String] = []
    private var positionals: [String] = []
    private var pathIsComplete = false
    private var values = ParsedValues()
    private var givenOptions: [Option] = []

    init(program: Program) {
        self.program = program
    }

    consuming func parse(_ arguments: [String]) throws(CommandFailure) -> CommandRequest {
        if arguments.first == "help" { return try helpRequest(Array(arguments.dropFirst())) }
        // An error before --help on the line must not keep the help from someone who needs it just then.
        let words = arguments.prefix { $0 != "--" }
        let wantsHelp = words.contains("--help") || words.contains("-h")
        do throws(CommandFailure) {
            try read(arguments)
        } catch {
            if !wantsHelp { throw error }
        }
        if wantsHelp { return .help(path: path) }
        if values.flags.contains(Option.version.name) { return .version }
        let command = try chosenCommand()
        try checkOptionsBelong(to: command)
        try assignArguments(of: command)
        try checkNothingIsMissing(of: command)
        return .run(command, values)
    }

    private func helpRequest(_ words: [String]) throws(CommandFailure) -> CommandRequest {
        guard !program.commands(under: words).isEmpty else {
            throw unknownCommand(words.joined(separator: " "), after: [])
        }
        return .help(path: words)
    }

    private mutating func read(_ arguments: [String]) throws(CommandFailure) {
        var remaining = arguments[...]
        while let word = remaining.popFirst() {
            if word == "--" {
                pathIsComplete = true
                positionals += remaining
                return
            } else if word == "-h" {
                values.flags.insert(Option.help.name)
            } else if word.hasPrefix("-") && word != "-" {
                try readOption(word, &remaining)
            } else if !pathIsComplete && program.nextWords(after: path, all: true).contains(word) {
                path.append(word)
            } else {
                pathIsComplete = true
                positionals.append(word)
            }
        }
    }

    private mutating func readOption(_ word: String, _ remaining: inout ArraySlice<String>) throws(CommandFailure) {
        let (written, attached) = Self.parts(word)
        let option = try option(written: written)
        givenOptions.append(option)
        if !option.takesValue {
            guard attached == nil else { throw wrong("noValue", ["option": written]) }
            values.flags.insert(option.name)
        } else if let attached {
            try values.store(attached, for: option, program.words, help: helpHint)
        } else if let value = remaining.first, !value.hasPrefix("--") {
            remaining.removeFirst()
            try values.store(value, for: option, program.words, help: helpHint)
        } else {
            throw wrong("needsValue", ["option": written, "placeholder": option.placeholder])
        }
    }

    /// `--name=value`, `-n value`, `-nvalue` or `-n=value`: the option, and the value in the same word.
    private static func parts(_ word: String) -> (written: String, value: String?) {
        let isShort = !word.hasPrefix("--") && word.count > 2 && word.dropFirst().first?.isLetter == true
        let written = isShort ? word.prefix(2) : word.prefix { $0 != "=" }
        let rest = word[written.endIndex...]
        if rest.isEmpty { return (String(written), nil) }
        return (String(written), String(rest.first == "=" ? rest.dropFirst() : rest))
    }

    private func option(written: String) throws(CommandFailure) -> Option {
        let known = program.allGlobalOptions + (program.command(at: path)?.options ?? [])
        if let option = known.first(where: { $0.isWritten(written) }) { return option }
        throw unknownOption(written, known)
    }

    private func unknownOption(_ written: String, _ known: [Option]) -> CommandFailure {
        let shown = written.isEmpty ? "-" : written
        if program.commands(under: path).contains(where: { $0.options.contains { $0.isWritten(written) } }) {
            return wrong("belongsToCommand", ["option": shown])
        }
        let names = known.map { "--" + $0.name }
        guard let nearest = EditDistance.nearest(to: written, among: names) else {
            return wrong("unknownOption", ["option": shown])
        }
        return wrong("unknownOptionMeant", ["option": shown, "nearest": nearest])
    }

    private func chosenCommand() throws(CommandFailure) -> Command {
        guard let command = program.command(at: path) else {
            if let word = positionals.first { throw unknownCommand(word, after: path) }
            let next = program.nextWords(after: path).joined(separator: ", ")
            throw path.isEmpty
                ? wrong("noCommand") : wrong("needsOneOf", ["words": path.joined(separator: " "), "next": next])
        }
        if command.arguments.isEmpty, let word = positionals.first, !program.nextWords(after: path).isEmpty {
            throw unknownCommand(word, after: path)
        }
        return command
    }

    private func unknownCommand(_ word: String, after path: [String]) -> CommandFailure {
        let prefix = path.map { $0 + " " }.joined()
        let candidates =
            program.nextWords(after: path)
            + (path.isEmpty ? program.commands.filter { !$0.isHidden }.map(\.wordsOnly) : [])
        guard let nearest = EditDistance.nearest(to: word, among: candidates) else {
            return wrong("unknownCommand", ["words": prefix + word])
        }
        return wrong("unknownCommandMeant", ["words": prefix + word, "nearest": prefix + nearest])
    }

    /// An option is read as one of the command known at that point; words after it may have chosen another command.
    private func checkOptionsBelong(to command: Command) throws(CommandFailure) {
        let known = program.allGlobalOptions + command.options
        for option in givenOptions where !known.contains(where: { $0.isSame(as: option) }) {
            throw unknownOption("--" + option.name, known)
        }
    }

    private mutating func assignArguments(of command: Command) throws(CommandFailure) {
        var remaining = positionals[...]
        for argument in command.arguments {
            if argument.isVariadic {
                if !remaining.isEmpty { values.lists[argument.name] = Array(remaining) }
                remaining = []
            } else if var word = remaining.popFirst() {
                if let next = remaining.first, argument.joins?(word, next) == true {
                    word += " " + next
                    remaining.removeFirst()
                }
                values.texts[argument.name] = word
            }
        }
        // The surplus word itself is not repeated: it may be note text whose quotes were forgotten.
        if !remaining.isEmpty {
            let count = command.arguments.count
            throw wrong(
                "tooMany",
                ["given": String(positionals.count), "expected": count == 0 ? program.words("none") : String(count)])
        }
    }

    /// All that is missing is told at once.
    private func checkNothingIsMissing(of command: Command) throws(CommandFailure) {
        let arguments = command.arguments.filter { $0.isRequired && !values.contains($0.name) }.map(\.shownName)
        let options = (program.allGlobalOptions + command.options).filter {
            $0.isRequired && !values.contains($0.name)
        }.map(\.term)
        let missing = arguments + options
        if missing.isEmpty { return }
        throw wrong(missing.count == 1 ? "missing" : "missingSeveral", ["what": program.words.list(missing)])
    }

    private func wrong(_ key: String, _ values: [String: String] = [:]) -> CommandFailure {
        .wrongUsage(program.words(key, values), action: helpHint)
    }

    private var helpHint: String {
        program.words("see", ["words": ([program.name] + path + ["--help"]).joined(separator: " ")])
    }
}

extension Command {
    fileprivate var wordsOnly: String { path.joined(separator: " ") }
}

extension Option {
    fileprivate func isSame(as other: Option) -> Bool {
        guard name == other.name, placeholder == other.placeholder else { return false }
        switch (kind, other.kind) {
        case (.flag, .flag), (.value, .value), (.choice, .choice): return true
        case (.list(let first), .list(let second)): return first == second
        case (.integer(let first), .integer(let second)): return first == second
        default: return false
        }
    }
}
