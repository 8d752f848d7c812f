// The commands that every program has which has commands at all.

extension Program {
    /// Completion and the manual.
    static func standardCommands(of name: String, _ words: ProgramWords) -> [Command] {
        [
            Command(
                "completion", summary: words("completion.summary"),
                details: words("completion.details", ["program": name]),
                arguments: [.required("SHELL", words("completion.SHELL"), choices: CompletionScripts.shells)],
                example: CompletionScripts.shells.map { "\(name) completion \($0)" }.joined(separator: "\n")
            ) { context in
                let shell = try context.require("SHELL")
                guard let script = CompletionScripts.script(for: shell, program: name) else {
                    throw CommandFailure.wrongUsage(context.program.words("completion.unknown"))
                }
                context.output.write(script)
            },
            Command(
                "completion words", summary: "-", isHidden: true, arguments: [.variadic("WORD", "-", required: false)],
                example: "\(name) completion words -- \(name)"
            ) { context in
                let answer = Completion(program: context.program).answer(to: context.list("WORD"))
                for line in answer.lines { context.output.write(line + "\n") }
            },
            Command(
                "manual", summary: words("manual.summary"), details: words("manual.details"),
                example: "\(name) manual | man -l -"
            ) { context in
                context.output.write(ManualPage(program: context.program).text())
            },
        ]
    }
}
