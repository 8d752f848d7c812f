/// Writes the help texts of a program, 100 columns wide at most.
struct HelpRenderer {
    let program: Program

    /// The help for the program (empty path), a group of commands, or a command.
    func text(path: [String]) -> String {
        if let command = program.commands.first(where: { $0.path == path }) { return commandText(command) }
        return groupText(path)
    }

    private func groupText(_ path: [String]) -> String {
        let words = ([program.name] + path).joined(separator: " ")
        var sections: [String] = []
        if path.isEmpty { sections.append(TextWrapping.paragraphs("\(program.name): \(program.summary)")) }
        sections.append("Usage: \(words) COMMAND [OPTIONS]\n")
        let entries = program.commands(under: path).map { command in
            let short = ([program.name] + command.path.dropLast()).joined(separator: " ")
            return (
                command.path.joined(separator: " "), command.summary + (command.isDefault ? " Also as '\(short)'." : "")
            )
        }
        sections.append("Commands:\n" + TextWrapping.definitions(entries))
        sections.append(globalOptionsText)
        sections.append("More about a command: \(words) COMMAND --help\n")
        return sections.joined(separator: "\n")
    }

    private func commandText(_ command: Command) -> String {
        let words = ([program.name] + command.path).joined(separator: " ")
        var sections = [TextWrapping.paragraphs("\(words): \(command.summary)"), usage(words, command)]
        if !command.details.isEmpty { sections.append(TextWrapping.paragraphs(command.details)) }
        if command.isDefault {
            let short = ([program.name] + command.path.dropLast()).joined(separator: " ")
            sections.append("This is what '\(short)' alone does.\n")
        }
        if !command.arguments.isEmpty {
            let entries = command.arguments.map { ($0.term, $0.summary + ($0.isRequired ? "" : " Optional.")) }
            sections.append("Arguments:\n" + TextWrapping.definitions(entries))
        }
        if !command.options.isEmpty {
            sections.append("Options:\n" + TextWrapping.definitions(command.options.map { ($0.term, $0.details) }))
        }
        sections.append(globalOptionsText)
        // Not wrapped: examples are for copying.
        let examples = command.example.split(separator: "\n").map { "  " + $0 + "\n" }
        sections.append((examples.count == 1 ? "Example:\n" : "Examples:\n") + examples.joined())
        return sections.joined(separator: "\n")
    }

    private func usage(_ words: String, _ command: Command) -> String {
        let options = command.options.map { $0.isRequired ? $0.term : "[\($0.term)]" }
        return TextWrapping.hanging("Usage: " + words, options + command.arguments.map(\.usage))
    }

    private var globalOptionsText: String {
        let entries = program.allGlobalOptions.map { ($0.term, $0.details) }
        return "Options of every command:\n" + TextWrapping.definitions(entries)
    }
}

extension Program {
    /// All help texts: of the program, of each group of commands, of each command.
    ///
    /// - Returns: the words after which `--help` shows the text (empty for the program itself), and the text.
    public func helpTexts() -> [(path: String, text: String)] {
        var paths: [[String]] = [[]]
        for command in commands {
            for count in 1..<max(2, command.path.count + 1) {
                let path = Array(command.path.prefix(count))
                if !paths.contains(path) { paths.append(path) }
            }
        }
        return paths.map { ($0.joined(separator: " "), HelpRenderer(program: self).text(path: $0)) }
    }
}
