extension Program {
    /// Stops the program when its declaration contradicts itself.
    func checkDeclaration() {
        precondition(!commands.isEmpty, "\(name) has no commands")
        var paths: Set<[String]> = []
        for command in commands {
            let words = command.path.joined(separator: " ")
            precondition(paths.insert(command.path).inserted, "two commands '\(words)'")
            precondition(command.path.allSatisfy { !$0.hasPrefix("-") && $0 != "help" }, "bad command '\(words)'")
            precondition(!command.isDefault || !command.path.isEmpty, "a default command needs a word")
            checkNames(command, words)
            checkArguments(command.arguments, words)
            for line in command.example.split(separator: "\n") {
                precondition(line == name || line.hasPrefix(name + " "), "an example of '\(words)' is not of \(name)")
            }
            precondition(!command.example.isEmpty, "'\(words)' has no example")
        }
        for (path, defaults) in Dictionary(grouping: commands.filter(\.isDefault), by: { $0.path.dropLast() }) {
            let words = path.joined(separator: " ")
            precondition(defaults.count == 1, "two defaults of '\(words)'")
            precondition(!paths.contains(Array(path)), "'\(words)' is a command and has a default")
        }
    }

    private func checkNames(_ command: Command, _ words: String) {
        var names: Set<String> = []
        let options = (allGlobalOptions + command.options).map(\.name)
        let letters = (allGlobalOptions + command.options).compactMap(\.letter)
        precondition(Set(letters).count == letters.count, "'\(words)' declares a letter twice")
        for name in options + command.arguments.map(\.name) {
            precondition(!name.isEmpty && !name.hasPrefix("-") && !name.contains("="), "bad name '\(name)'")
            precondition(names.insert(name).inserted, "'\(words)' declares '\(name)' twice")
        }
    }

    private func checkArguments(_ arguments: [Argument], _ words: String) {
        for (argument, next) in zip(arguments, arguments.dropFirst()) {
            precondition(!argument.isVariadic, "'\(words)': \(argument.name) must be last")
            precondition(argument.isRequired || !next.isRequired, "'\(words)': \(next.name) follows an optional one")
        }
    }
}

extension Program {
    var allGlobalOptions: [Option] {
        var own: [Option] = [.help, .version]
        for index in own.indices { own[index].summary = words(own[index].name) }
        return globalOptions + own
    }

    /// The command of exactly these words, or the default one of their group.
    func command(at path: [String]) -> Command? {
        commands.first { $0.path == path } ?? commands.first { $0.isDefault && $0.path.dropLast() == path[...] }
    }

    /// All commands whose words begin with `path`.
    func commands(under path: [String]) -> [Command] {
        commands.filter { $0.path.starts(with: path) }
    }

    /// The words that may follow `path`, each once, in declaration order.
    /// - Parameter all: also those of hidden commands.
    func nextWords(after path: [String], all: Bool = false) -> [String] {
        var words: [String] = []
        for command in commands(under: path) where command.path.count > path.count && (all || !command.isHidden) {
            let word = command.path[path.count]
            if !words.contains(word) { words.append(word) }
        }
        return words
    }
}
