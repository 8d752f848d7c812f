/// Writes the help texts of a program, 100 columns wide at most.
struct HelpRenderer {
    let program: Program
    private var words: ProgramWords { program.words }

    init(program: Program) { self.program = program }

    /// The help for the program (empty path), a group of commands, or a command.
    func text(path: [String]) -> String {
        if let command = program.commands.first(where: { $0.path == path }) { return commandText(command) }
        return groupText(path)
    }

    private func groupText(_ path: [String]) -> String {
        let name = ([program.name] + path).joined(separator: " ")
        var sections: [String] = []
        if path.isEmpty { sections.append(TextWrapping.paragraphs("\(program.name): \(program.summary)")) }
        sections.append("\(words("usage")) \(name) \(words("command")) [\(words("options"))]\n")
        let entries = program.commands(under: path).filter { !$0.isHidden }.map { command in
            let short = ([program.name] + command.path.dropLast()).joined(separator: " ")
            return (
                command.path.joined(separator: " "),
                command.summary + (command.isDefault ? " " + words("alsoAs", ["short": short]) : "")
            )
        }
        sections.append(words("commands") + "\n" + TextWrapping.definitions(entries))
        sections.append(globalOptionsText)
        sections.append(words("more", ["words": name]) + "\n")
        return sections.joined(separator: "\n")
    }

    private func commandText(_ command: Command) -> String {
        let name = ([program.name] + command.path).joined(separator: " ")
        var sections = [TextWrapping.paragraphs("\(name): \(command.summary)"), usage(name, command)]
        if !command.details.isEmpty { sections.append(TextWrapping.paragraphs(command.details)) }
        if command.isDefault {
            let short = ([program.name] + command.path.dropLast()).joined(separator: " ")
            sections.append(words("default", ["short": short]) + "\n")
        }
        if !command.arguments.isEmpty {
            let entries = command.arguments.map {
                ($0.term, $0.summary + ($0.isRequired ? "" : " " + words("optional")))
            }
            sections.append(words("arguments") + "\n" + TextWrapping.definitions(entries))
        }
        if !command.options.isEmpty {
            let entries = command.options.map { ($0.listedTerm, $0.details(words)) }
            sections.append(words("commandOptions") + "\n" + TextWrapping.definitions(entries))
        }
        sections.append(globalOptionsText)
        // Not wrapped: examples are for copying.
        let examples = command.example.split(separator: "\n").map { "  " + $0 + "\n" }
        sections.append(words(examples.count == 1 ? "example" : "examples") + "\n" + examples.joined())
        return sections.joined(separator: "\n")
    }

    private func usage(_ name: String, _ command: Command) -> String {
        let options = command.options.map { $0.isRequired ? $0.term : "[\($0.term)]" }
        return TextWrapping.hanging(words("usage") + " " + name, options + command.arguments.map(\.usage))
    }

    private var globalOptionsText: String {
        let entries = program.allGlobalOptions.map { ($0.listedTerm, $0.details(words)) }
        return words("globalOptions") + "\n" + TextWrapping.definitions(entries)
    }
}

extension Program {
    /// All help texts: of the program, of each group of commands, of each command.
    ///
    /// - Returns: the words after which `--help` shows the text (empty for the program itself), and the text.
    public func helpTexts() -> [(path: String, text: String)] {
        var paths: [[String]] = [[]]
        for command in commands where !command.isHidden {
            for count in 1..<max(2, command.path.count + 1) {
                let path = Array(command.path.prefix(count))
                if !paths.contains(path) { paths.append(path) }
            }
        }
        return paths.map { ($0.joined(separator: " "), HelpRenderer(program: self).text(path: $0)) }
    }
}
