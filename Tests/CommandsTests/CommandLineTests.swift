import Commands
import Testing

@Suite struct CommandLineTests {
    struct Accepted: Sendable, CustomTestStringConvertible {
        let line: [String]
        let seen: Seen
        var testDescription: String { line.joined(separator: " ") }

        init(_ line: [String], _ seen: Seen) {
            self.line = line
            self.seen = seen
        }
    }

    struct Rejected: Sendable, CustomTestStringConvertible {
        let line: [String]
        let message: String
        var testDescription: String { line.joined(separator: " ") }

        init(_ line: String, _ message: String) {
            self.line = line.split(separator: " ").map(String.init)
            self.message = message
        }
    }

    @Test(
        "a correct command line gives the command its values",
        arguments: [
            Accepted(["case", "new", "--caller", "relative"], Seen(command: "case new", caller: "relative")),
            Accepted(
                ["--json", "--data", "x", "case", "--json", "new", "--caller=external"],
                Seen(command: "case new", data: "x", json: true, caller: "external")),
            Accepted(
                ["case", "new", "--concern=general,religious", "4f", "--caller", "involved", "--concern", "political"],
                Seen(
                    command: "case new", caller: "involved", concern: ["general", "religious", "political"],
                    identifier: "4f")),
            Accepted(
                ["case", "new", "--caller", "external", "--minutes", "600", "--data="],
                Seen(command: "case new", data: "", caller: "external", minutes: 600)),
            Accepted(["conflicts"], Seen(command: "conflicts list")),
            Accepted(["conflicts", "--limit", "7", "--json"], Seen(command: "conflicts list", json: true, minutes: 7)),
            Accepted(["conflicts", "--limit", "7", "list"], Seen(command: "conflicts list", minutes: 7)),
            Accepted(["conflicts", "keep", "list"], Seen(command: "conflicts keep", identifier: "list")),
            Accepted(["conflicts", "keep", "-"], Seen(command: "conflicts keep", identifier: "-")),
            Accepted(
                ["case", "note", "4f", "Ringde", "igen", "--data", "d=e", "--", "--json", "-h"],
                Seen(command: "case note", data: "d=e", identifier: "4f", text: "Ringde igen --json -h")),
        ])
    func accepts(_ accepted: Accepted) async {
        let sample = SampleProgram()
        let captured = CapturedOutput()
        let code = await sample.program.run(accepted.line, output: captured.output)
        #expect(code == .done)
        #expect(captured.standardError.isEmpty)
        #expect(sample.seen == accepted.seen)
    }

    @Test(
        "a wrong command line ends with exit code 2 and one line that helps",
        arguments: [
            Rejected("", "no command given. See sample --help"),
            Rejected("case", "'case' needs one of: new, note. See sample case --help"),
            Rejected("caes new", "unknown command 'caes'; did you mean 'case'? See sample --help"),
            Rejected("conflicts kep", "unknown command 'conflicts kep'; did you mean 'conflicts keep'?"),
            Rejected("xyzzy", "unknown command 'xyzzy'. See sample --help"),
            Rejected("help caze", "unknown command 'caze'; did you mean 'case'?"),
            Rejected("case new --caler relative", "unknown option --caler; did you mean --caller?"),
            Rejected("--jsno conflicts", "unknown option --jsno; did you mean --json?"),
            Rejected("case new -x", "unknown option -x. See sample case new --help"),
            Rejected("--caller relative case new", "--caller belongs to a command: write it after the command's name"),
            Rejected("conflicts --limit 3 keep 4f", "unknown option --limit. See sample conflicts keep --help"),
            Rejected("case new", "--caller external|relative|involved is missing. See sample case new --help"),
            Rejected("case new --caller", "--caller needs a value (external|relative|involved)"),
            Rejected("case new --caller --json", "--caller needs a value"),
            Rejected("case new --caller relativ", "--caller cannot be 'relativ'; did you mean 'relative'?"),
            Rejected(
                "case new --caller zzz", "--caller cannot be 'zzz'; it is one of: external, relative, involved"),
            Rejected("case new --caller relative --caller external", "--caller is given twice"),
            Rejected("case new --caller relative --concern general,,religious", "--concern has an empty value"),
            Rejected("case new --caller relative --concern generl", "--concern cannot be 'generl'; did you mean"),
            Rejected("case new --caller relative --minutes 0", "--minutes must be an integer from 1 to 600"),
            Rejected("case new --caller relative --minutes 601", "--minutes must be an integer from 1 to 600"),
            Rejected("case new --caller relative --minutes +5", "--minutes must be an integer from 1 to 600"),
            Rejected("case new --caller relative --minutes 5.0", "--minutes must be an integer from 1 to 600"),
            Rejected("conflicts --limit -5", "--limit must be an integer from 1"),
            Rejected("case new --caller relative --json=yes", "--json takes no value"),
            Rejected("conflicts keep", "ID is missing. See sample conflicts keep --help"),
            Rejected("case note 4f", "TEXT is missing"),
            Rejected("conflicts keep 4f 5a", "too many arguments: 2 given, 1 expected"),
        ])
    func rejects(_ rejected: Rejected) async {
        let sample = SampleProgram()
        let captured = CapturedOutput()
        let code = await sample.program.run(rejected.line, output: captured.output)
        #expect(code == .wrongUsage)
        #expect(sample.seen == nil)
        #expect(captured.standardOutput.isEmpty)
        #expect(captured.standardError.hasPrefix("sample: " + rejected.message), "\(captured.standardError)")
        #expect(captured.standardError.split(separator: "\n", omittingEmptySubsequences: false).count == 2)
    }

    @Test("help and version go to standard output with exit code 0, even beside errors")
    func helpAndVersion() async {
        let texts = Dictionary(uniqueKeysWithValues: SampleProgram().program.helpTexts().map { ($0.path, $0.text) })
        let cases: [([String], String?)] = [
            (["--help"], texts[""]), (["-h"], texts[""]), (["help"], texts[""]), (["case", "--help"], texts["case"]),
            (["help", "case", "new"], texts["case new"]), (["case", "new", "--bogus", "--help"], texts["case new"]),
            (["conflicts", "--help"], texts["conflicts"]), (["--version"], "sample 1.2.3\n"),
        ]
        for (line, text) in cases {
            let captured = CapturedOutput()
            #expect(await SampleProgram().program.run(line, output: captured.output) == .done)
            #expect(captured.standardOutput == text, "\(line)")
            #expect(captured.standardError.isEmpty)
        }
    }

    @Test(
        "what a command throws becomes an exit code and one line",
        arguments: [
            (
                "failure", ExitCode.unreachable,
                "sample: the server cannot be reached. Your work is saved here. Run sample sync\n"
            ),
            ("convertible", .refused, "sample: the server said no\n"),
            ("described", .failed, "sample: the disk is full\n"),
            ("opaque", .failed, "sample: unexpected failure (OpaqueError)\n"),
        ])
    func failures(_ how: String, _ code: ExitCode, _ line: String) async {
        let captured = CapturedOutput()
        #expect(await SampleProgram().program.run(["fail", "--how", how], output: captured.output) == code)
        #expect(captured.standardError == line)
        #expect(captured.standardOutput == "before\n")
    }

    @Test("a program with a single command needs no command word")
    func singleCommand() async {
        let program = Program(
            name: "one", version: "1", summary: "One.",
            commands: [
                Command("", summary: "Does it.", arguments: [.optional("X", "It.")], example: "one a") { context in
                    context.output.print(context.value("X") ?? "none")
                }
            ])
        let captured = CapturedOutput()
        #expect(await program.run(["a"], output: captured.output) == .done)
        #expect(await program.run([], output: captured.output) == .done)
        #expect(captured.standardOutput == "a\nnone\n")
        #expect(program.helpTexts().map(\.path) == [""])
    }
}
