import JSON
import Testing

@testable import Commands

@Suite("Command lines")
struct CommandLineTests {
    /// What a sample program said and did.
    private func run(_ arguments: String...) async -> (code: ExitCode, out: String, err: String) {
        let captured = CapturedOutput()
        let program = Program(
            name: "sample", version: "1", summary: "A sample.",
            globalOptions: [.value("data", "DIR", "Where."), .flag("json", "As JSON.")],
            commands: [
                Command(
                    "case new", summary: "New.",
                    options: [
                        .choice("caller", ["external", "relative"], "Who."),
                        .list("concern", "C", choices: ["a", "b"], "What."),
                        .integer("count", "N", in: 1...9, "How many."),
                    ],
                    example: "sample case new"
                ) { context in
                    context.output.print(
                        "\(context.value("data") ?? "-") \(context.value("caller") ?? "-") \(context.list("concern")) \(context.integer("count") ?? 0) \(context.flag("json"))"
                    )
                },
                Command(
                    "note", summary: "Note.", arguments: [.required("N", "Which."), .variadic("TEXT", "What.")],
                    example: "sample note 1 x"
                ) {
                    context in
                    context.output.print("\(try context.require("N")): \(context.text("TEXT") ?? "")")
                },
                Command("fail", summary: "Fails.", example: "sample fail") { _ in
                    throw CommandFailure(.refused, "it went wrong", safe: "All is safe", action: "Try again")
                },
            ])
        let code = await program.run(arguments.map { $0 }, output: captured.output)
        return (code, captured.standardOutput, captured.standardError)
    }

    @Test("options may stand anywhere, in every form")
    func options() async {
        let first = await run(
            "--data", "d", "case", "new", "--caller=relative", "--concern", "a,b", "--count", "3", "--json")
        #expect(first.out == "d relative [\"a\", \"b\"] 3 true\n")
        let second = await run("case", "new", "--data=x", "--concern", "a", "--concern", "b")
        #expect(second.out == "x - [\"a\", \"b\"] 0 false\n")
        let third = await run("note", "1", "--", "--not-an-option", "two")
        #expect(third.out == "1: --not-an-option two\n")
    }

    @Test(
        "wrong usage ends with 2 and one line that names what is wrong",
        arguments: [
            (["case", "new", "--caler", "x"], "--caller"), (["case", "new", "--caller", "nobody"], "external"),
            (["case", "new", "--count", "10"], "9"), (["note"], "N"), (["nonsense"], "nonsense"),
            (["case", "new", "extra"], "too many arguments"),
        ])
    func wrongUsage(arguments: [String], word: String) async {
        let captured = arguments
        let result = await {
            switch captured.count {
            case 1: await run(captured[0])
            case 2: await run(captured[0], captured[1])
            case 3: await run(captured[0], captured[1], captured[2])
            default: await run(captured[0], captured[1], captured[2], captured[3])
            }
        }()
        #expect(result.code == .wrongUsage)
        #expect(result.out.isEmpty)
        #expect(result.err.split(separator: "\n").count == 1)
        #expect(result.err.contains(word))
    }

    @Test("a failure is one line: what happened, what is safe, what to do")
    func failure() async {
        let result = await run("fail")
        #expect(result.code == .refused)
        #expect(result.err == "sample: it went wrong. All is safe. Try again\n")
    }

    @Test("help and version go to standard output")
    func help() async {
        #expect(await run("--version").out == "sample 1\n")
        let help = await run("case", "new", "--help")
        #expect(help.code == .done)
        #expect(help.out.contains("sample case new") && help.out.contains("--caller"))
    }

    @Test("JSON comes back as it was written, and nothing malformed is taken")
    func json() throws {
        let document: JSONValue = ["a": [1, nil, true, "å \"\u{1}\n\u{2028}"], "b": ["c": -5]]
        #expect(try JSONValue(parsing: document.text) == document)
        #expect(try JSONValue(parsing: document.indentedText) == document)
        let deep = String(repeating: "[", count: 10_000)
        for bad in [
            "", "{", "[1,]", "{\"a\":1,}", "01", "\"\u{1}\"", "\"\\x\"", "nul", "1 2", deep, "{\"a\" 1}", "\"\\ud800\"",
        ] {
            #expect(throws: JSONParseError.self) { try JSONValue(parsing: bad) }
        }
    }
}
