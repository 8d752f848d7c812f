import Glibc
import JSON
import Support
import Testing

@testable import Commands

@Suite struct OutputTests {
    private func failing(_ errorNumber: Int32, _ errors: Lock<String>) -> Output {
        Output(
            isTerminal: false, isErrorTerminal: false, usesColour: false, widthColumns: nil,
            standardOutput: OutputSink { _ in .failure(DescriptorFailure(errorNumber: errorNumber)) },
            standardError: OutputSink { bytes in
                .success(errors.withLock { $0 += String(decoding: bytes, as: UTF8.self) })
            })
    }

    private func printing(_ body: @escaping Command.Body) -> Program {
        Program(
            name: "p", version: "1", summary: "P.", commands: [Command("", summary: "P.", example: "p", body: body)])
    }

    @Test("a reader that goes away ends the program quietly")
    func brokenPipe() async {
        let errors = Lock("")
        let program = printing { context in
            context.output.print("data")
            context.output.flush()
            #expect(context.output.isReaderGone)
            context.output.print("more")
        }
        #expect(await program.run([], output: failing(EPIPE, errors)) == .done)
        #expect(errors.withLock { $0 }.isEmpty)
    }

    @Test("output that cannot be written for another reason is a failure")
    func fullDisk() async {
        let errors = Lock("")
        let code = await printing { $0.output.print("data") }.run([], output: failing(ENOSPC, errors))
        #expect(code == .failed)
        #expect(errors.withLock { $0 }.hasPrefix("p: standard output could not be written (error \(ENOSPC))."))
    }

    @Test("a real pipe whose reader is closed gives EPIPE and no signal")
    func realPipe() {
        TerminationSignals.ignoreBrokenPipes()
        var ends: [Int32] = [0, 0]
        #expect(unsafe pipe(&ends) == 0)
        close(ends[0])
        defer { close(ends[1]) }
        #expect(throws: DescriptorFailure(errorNumber: EPIPE)) { try DescriptorOutput.write([1], to: ends[1]) }
    }

    @Test(
        "what others wrote cannot steer a terminal: not as a line, a note, a cell or JSON",
        arguments: ["\u{1B}[2Jx", "\u{9B}2Jx", "x\r482 915-1", "\u{202E}x", "\u{7}x", "\u{1B}]0;x\u{7}", "\u{8}x"],
        [true, false])
    func steering(text: String, isTerminal: Bool) throws {
        let captured = CapturedOutput(isTerminal: isTerminal, isErrorTerminal: true)
        let output = captured.output
        output.print(text)
        output.print(output.styled(text, .bold))
        output.note(text)
        var table = Table("A")
        table.addRow([text])
        output.write(table)
        output.write(["text": .string(text)])
        output.flush()
        let styles = ["\u{1B}[1m", "\u{1B}[0m", "\n"]
        var rest = captured.standardOutput + captured.standardError
        for style in styles { rest = rest.replacing(style, with: "") }
        let controls = rest.unicodeScalars.filter { scalar in
            scalar.properties.generalCategory == .control || ("\u{202A}"..."\u{202E}").contains(scalar)
        }
        #expect(controls.isEmpty)
        let last = try #require(captured.standardOutput.split(separator: "{").last)
        #expect(try JSONValue(parsing: "{" + last)["text"]?.string == text)
    }

    @Test("all that is missing is told at once")
    func missing() async {
        let command = Command(
            "move", summary: "M.",
            options: [.value("to", "DAY", "To.", required: true), .value("why", "TEXT", "Why.", required: true)],
            arguments: [.required("ID", "Which.")], example: "p move"
        ) { _ in }
        let captured = CapturedOutput()
        let program = Program(name: "p", version: "1", summary: "P.", commands: [command])
        #expect(await program.run(["move"], output: captured.output) == .wrongUsage)
        #expect(captured.standardError.hasPrefix("p: ID, --to DAY and --why TEXT are missing. See p move --help"))
    }

    @Test("data is flushed before a note, so that both keep their order on one terminal")
    func order() {
        let captured = CapturedOutput()
        captured.output.print("data")
        #expect(captured.standardOutput.isEmpty)
        captured.output.note("note")
        #expect(captured.standardOutput == "data\n")
        #expect(captured.standardError == "note\n")
    }

    @Test("styles are only for a terminal")
    func styles() {
        #expect(CapturedOutput().output.styled("x", .red) == "x")
        #expect(CapturedOutput(isTerminal: true).output.styled("x", .red) == "\u{1B}[31mx\u{1B}[0m")
    }

    @Test("JSON is one line for programs and indented for people")
    func json() {
        let pipe = CapturedOutput()
        pipe.output.write(["a": [1, 2], "b": [:]] as JSONValue)
        pipe.output.flush()
        #expect(pipe.standardOutput == "{\"a\":[1,2],\"b\":{}}\n")
        let terminal = CapturedOutput(isTerminal: true)
        terminal.output.write(["a": [1, 2], "b": [:]] as JSONValue)
        #expect(terminal.standardOutput == "{\n  \"a\": [\n    1,\n    2\n  ],\n  \"b\": {}\n}\n")
    }

    @Test("progress is drawn at most ten times a second, erased before notes, and absent without a terminal")
    func progress() {
        let now = Lock<Int64>(0)
        let clock = MonotonicClock { now.withLock { $0 } }
        let terminal = CapturedOutput(isErrorTerminal: true)
        let progress = Progress(terminal.output, clock: clock)
        progress.update("1")
        now.withLock { $0 = 99_999_999 }
        progress.update("2")
        now.withLock { $0 = 100_000_000 }
        progress.update("3")
        terminal.output.note("note")
        progress.finish()
        #expect(terminal.standardError == "\r\u{1B}[K1\r\u{1B}[K3\r\u{1B}[Knote\n")

        let file = CapturedOutput()
        Progress(file.output, clock: clock).update("1")
        #expect(file.standardError.isEmpty)
    }
}
