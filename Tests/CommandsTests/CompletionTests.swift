import Support
import Testing

@testable import Commands

@Suite("Completion by the shell")
struct CompletionTests {
    private func words(_ line: [String]) -> [String] {
        Completion(program: SampleProgram().program).answer(to: line).candidates.map(\.word)
    }

    @Test(
        "what may stand next is offered, and nothing else",
        arguments: [
            ([""], ["case", "conflicts", "fail", "completion", "manual"]),
            (["c"], ["case", "conflicts", "completion"]),
            (["case", ""], ["new", "note"]),
            (["case", "new", "--c"], ["--caller", "--concern"]),
            (["case", "new", "--caller", "r"], ["relative"]),
            (["case", "new", "-c", "r"], ["relative"]),
            (["case", "new", "--caller=r"], ["--caller=relative"]),
            // As bash takes it apart.
            (["case", "new", "--caller", "=", "r"], ["--caller=relative"]),
            (["case", "new", "--concern", "general,"], ["general,religious", "general,political"]),
            // What was given is not offered again, but a list is.
            (["case", "new", "--caller", "relative", "--concern", "general", "--c"], ["--concern"]),
            (["--json", "conflicts", ""], ["list", "keep"]),
            (["case", "note", "4f", ""], []),
            (["case", "note", "4f", "--", "--"], []),
            (["completion", "f"], ["fish"]),
            (["nothing", ""], []),
        ])
    func offers(line: [String], expected: [String]) {
        #expect(words(line) == expected)
    }

    @Test("where a path may stand, the shell is told to offer paths")
    func paths() {
        let completion = Completion(program: SampleProgram().program)
        #expect(completion.answer(to: ["case", "new", "--data", ""]).lines == [":folders"])
        #expect(completion.answer(to: ["--data=x", "conflicts", "--limit", ""]).lines == [])
    }

    @Test("each shell has a script that asks the program; another shell is told which there are")
    func scripts() async {
        let program = SampleProgram().program
        for shell in CompletionScripts.shells {
            let captured = CapturedOutput()
            #expect(await program.run(["completion", shell], output: captured.output) == .done)
            #expect(captured.standardOutput.contains("completion words -- "))
            #expect(captured.standardOutput.contains(" sample"))
        }
        let captured = CapturedOutput()
        #expect(await program.run(["completion", "csh"], output: captured.output) == .wrongUsage)
        #expect(captured.standardError.contains("bash, zsh, fish"))
    }
}

@Suite("The manual page")
struct ManualPageTests {
    private let page = ManualPage(program: SampleProgram().program).text()

    @Test("it has every command, option and example, and the exit codes")
    func complete() {
        for part in [
            #".TH "SAMPLE" 1"#, ".SS sample case new", #".B \-c, \-\-caller external|relative|involved"#,
            "sample case note 4f Called again", "Any of: general, religious, political.", ".SH EXIT STATUS",
            "A second paragraph.",
        ] {
            #expect(page.contains(part), "\(part)")
        }
        // What is for scripts only is in neither.
        #expect(!page.contains("completion words"))
    }

    @Test("no text is taken for a request or an escape of roff")
    func escapes() {
        let program = Program(
            name: "odd", version: "1", summary: "Zéro \\n 'quoted' ~ ^",
            commands: [
                Command("a", summary: ".TH is no request here", details: ".SH nor\n'here", example: "odd a --x \"y\"") {
                    _ in
                },
                Command("b", summary: "-", example: "odd b") { _ in },
            ])
        let page = ManualPage(program: program).text()
        #expect(page.contains(#"Z\[u00E9]ro \en \(aqquoted\(aq \(ti \(ha"#))
        #expect(page.contains(#"\&.TH is no request here"#))
        #expect(page.contains(#"\&.SH nor"#) && page.contains("\n\\(aqhere"))
        #expect(page.contains(#"odd a \-\-x \(dqy\(dq"#))
        let isASCII = page.utf8.allSatisfy { $0 < 128 }
        #expect(isASCII)
    }
}

@Suite("Programs in another language")
struct SpokenProgramTests {
    private func program() -> Program {
        let texts = [
            "help": "Håller ärenden.", "help.add": "Lägger till.", "help.add.--by": "Av vem.", "help.WORD": "Ordet.",
            "placeholder.WORD": "ORD", "placeholder.CODE": "KOD", "program.missing": "{what} saknas",
            "program.see": "Se {words}", "program.usage": "Så här:", "failure.full": "disken är full ({count})",
            "failure.full.safe": "Inget ändrades",
        ]
        return Program(
            name: "odd", version: "1", summary: "Keeps cases.",
            commands: [
                Command(
                    "add", summary: "Adds.", options: [.value("by", "CODE", "By whom.").short("b")],
                    arguments: [.required("WORD", "The word.")], example: "odd add x"
                ) { context in
                    if context.value("by") != nil { context.output.print(context.value("by") ?? "") }
                    throw CommandFailure(.failed, key: "failure.full", ["count": "7"])
                },
                Command("other", summary: "Other.", example: "odd other") { _ in },
            ],
            texts: { arguments in { arguments.contains("sv") ? texts[$0] : nil } })
    }

    private func run(_ arguments: [String]) async -> CapturedOutput {
        let captured = CapturedOutput()
        _ = await program().run(arguments, output: captured.output)
        return captured
    }

    @Test("help, wrong usage and failures are said in the language chosen, and what has no text as it was declared")
    func texts() async {
        let help = await run(["add", "sv", "--help"])
        for part in [
            "Så här: odd add [--by KOD] ORD", "Lägger till.", "Av vem.", "Ordet.", "-b, --by KOD", "Options of every",
        ] {
            #expect(help.standardOutput.contains(part), "\(part)")
        }
        #expect(await run(["add", "sv", "--by"]).standardError.contains("Se odd add --help"))
        #expect(await run(["add", "sv"]).standardError == "odd: disken är full (7). Inget ändrades\n")
        #expect(await run(["add", "x"]).standardError == "odd: failure.full\n")
    }

    @Test(
        "an option's letter takes its value beside it or behind it",
        arguments: [["-b", "S1"], ["-bS1"], ["-b=S1"], ["--by=S1"]])
    func letters(option: [String]) async {
        #expect(await run(["add", "x"] + option).standardOutput == "S1\n")
    }
}
