// Declarations, with their texts in the language of whoever runs the program.

extension Program {
    /// The same program with the texts of another language. What has none stays as it was declared.
    func spoken(_ texts: @escaping ProgramWords.Texts) -> Program {
        var program = self
        program.words = ProgramWords(texts)
        program.summary = texts("help") ?? summary
        program.globalOptions = globalOptions.map { $0.spoken(["help."], program.words) }
        program.commands = commands.map { $0.spoken(program.words) }
        for standard in Self.standardCommands(of: name, program.words) {
            guard let index = commands.firstIndex(where: { $0.path == standard.path }) else { continue }
            program.commands[index] = standard
        }
        return program
    }
}

extension Command {
    /// Of a command, its options and its arguments the text under `help.` and its words; of what several commands share,
    /// under `help.` alone: `help.case new`, `help.case new.details`, `help.case new.--age`, `help.--by`, `help.NUMBER`.
    fileprivate func spoken(_ words: ProgramWords) -> Command {
        var command = self
        let own = "help." + path.joined(separator: " ")
        command.summary = words.texts(own) ?? summary
        command.details = words.texts(own + ".details") ?? details
        command.options = options.map { $0.spoken([own + ".", "help."], words) }
        command.arguments = arguments.map { argument in
            var argument = argument
            argument.shownName = words.texts("placeholder." + argument.name) ?? argument.name
            argument.summary =
                words.texts(own + "." + argument.name) ?? words.texts("help." + argument.name) ?? argument.summary
            return argument
        }
        return command
    }
}

extension Option {
    fileprivate func spoken(_ prefixes: [String], _ words: ProgramWords) -> Option {
        var option = self
        option.summary = prefixes.lazy.compactMap { words.texts($0 + "--" + name) }.first ?? summary
        if let topic {
            for choice in option.shownChoices { option.calls[choice] = words.texts("choice.\(topic).\(choice)") }
        }
        if case .choice = kind {
            option.placeholder = option.shownChoices.joined(separator: "|")
        } else {
            option.placeholder = words.texts("placeholder." + placeholder) ?? placeholder
        }
        return option
    }
}

extension Program {
    /// What lacks a text: declared with none, and none found under its keys. For tests.
    package func textsMissing(_ texts: @escaping ProgramWords.Texts) -> [String] {
        let spoken = spoken(texts)
        var missing: [String] = []
        for command in spoken.commands {
            let own = command.path.joined(separator: " ")
            if command.summary.isEmpty { missing.append(own) }
            missing += command.options.filter(\.summary.isEmpty).map { "\(own) --\($0.name)" }
            missing += command.arguments.filter(\.summary.isEmpty).map { "\(own) \($0.name)" }
        }
        return missing + spoken.globalOptions.filter(\.summary.isEmpty).map { "--" + $0.name }
    }
}
