public import JSON
import Support

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#endif

/// Where a command's results go: data to standard output, everything else to standard error.
///
/// Standard output is buffered (by line when it is a terminal) and flushed before anything is written to standard
/// error, so the two keep their order. When the reader of standard output goes away, what follows is dropped quietly
/// and ``isReaderGone`` becomes true; other write errors are kept and make the program fail at its end. Thread safe.
public final class Output: Sendable {
    private struct State {
        var buffer: [UInt8] = []
        var failure: DescriptorFailure?
        var progressLine = ""
    }

    private static let bufferLimitBytes = 32 * 1024

    /// Whether standard output is a terminal.
    public let isTerminal: Bool
    /// Whether standard error is a terminal.
    public let isErrorTerminal: Bool
    /// Whether text may be styled: standard output is a terminal, and NO_COLOR is unset (https://no-color.org).
    public let usesColour: Bool
    /// The columns of the terminal; nil when standard output is not one.
    public let widthColumns: Int?

    private let state = Lock(State())
    private let standardOutput: OutputSink
    private let standardError: OutputSink

    package init(
        isTerminal: Bool, isErrorTerminal: Bool, usesColour: Bool, widthColumns: Int?,
        standardOutput: OutputSink, standardError: OutputSink
    ) {
        self.isTerminal = isTerminal
        self.isErrorTerminal = isErrorTerminal
        self.usesColour = usesColour && isTerminal
        self.widthColumns = isTerminal ? widthColumns : nil
        self.standardOutput = standardOutput
        self.standardError = standardError
    }

    /// The process's own standard streams. Getting it ignores SIGPIPE for the process, so that a reader that goes
    /// away is an error code here and not the end of the process in the middle of its work.
    public static let system: Output = {
        TerminationSignals.ignoreBrokenPipes()
        let mayColour = Environment.value("NO_COLOR") == nil && Environment.value("TERM") != "dumb"
        return Output(
            isTerminal: isatty(1) == 1, isErrorTerminal: isatty(2) == 1, usesColour: mayColour,
            widthColumns: terminalWidthColumns(),
            standardOutput: .descriptor(1), standardError: .descriptor(2))
    }()

    /// True once the reader of standard output has gone away; a command that runs on and on should then end.
    public var isReaderGone: Bool {
        state.withLock { $0.failure?.errorNumber == EPIPE }
    }

    /// Writes a line of data to standard output. What others wrote may stand in it, and cannot steer the terminal.
    public func print(_ line: String = "") {
        write(TextStyle.keepingStyle(line, TerminalText.lines) + "\n")
    }

    /// Writes text to standard output as it is: of a program, or made safe before.
    public func write(_ text: String) {
        state.withLock { state in
            state.buffer += Array(text.utf8)
            if isTerminal || state.buffer.count >= Self.bufferLimitBytes { flush(&state) }
        }
    }

    /// Writes a table to standard output; on a terminal, its last column is cut at the terminal's width.
    public func write(_ table: Table) {
        for line in table.lines(widthColumns: widthColumns) { print(line) }
    }

    /// Writes one JSON document and a line feed: one line for programs, indented for people at a terminal.
    public func write(_ json: JSONValue) {
        write(TerminalText.escapedForJSON(isTerminal ? json.indentedText : json.text) + "\n")
    }

    /// Writes a line for people to standard error. What others wrote may stand in it, and cannot steer the terminal.
    public func note(_ line: String) {
        let line = TerminalText.lines(line)
        state.withLock { state in
            flush(&state)
            let erasure = state.progressLine.isEmpty ? "" : "\r\u{1B}[K"
            state.progressLine = ""
            writeError(erasure + line + "\n")
        }
    }

    /// The text in a style, or the text alone when colours are not wanted.
    public func styled(_ text: String, _ style: TextStyle) -> String {
        usesColour ? style.opening + text + TextStyle.closing : text
    }

    /// Hands buffered data to standard output now; for commands that print and then wait.
    public func flush() {
        state.withLock { flush(&$0) }
    }

    /// Shows a line that the next one replaces; an empty one erases it. Only for a terminal on standard error.
    func showProgress(_ line: String) {
        guard isErrorTerminal else { return }
        state.withLock { state in
            guard state.progressLine != line else { return }
            flush(&state)
            state.progressLine = line
            writeError("\r\u{1B}[K" + line)
        }
    }

    /// Flushes, erases progress, and tells what kept data from being written; a reader that went away is no failure.
    func finish() -> CommandFailure? {
        showProgress("")
        return state.withLock { state in
            flush(&state)
            guard let failure = state.failure, failure.errorNumber != EPIPE else { return nil }
            return CommandFailure(
                .failed, key: "program.outputFailed", ["error": "\(failure.errorNumber)"])
        }
    }

    private func flush(_ state: inout State) {
        guard !state.buffer.isEmpty else { return }
        let bytes = state.buffer
        state.buffer.removeAll(keepingCapacity: true)
        guard state.failure == nil else { return }
        if isTerminal && !state.progressLine.isEmpty {
            writeError("\r\u{1B}[K")
            state.progressLine = ""
        }
        do throws(DescriptorFailure) {
            try standardOutput.write(bytes).get()
        } catch {
            state.failure = error
        }
    }

    private func writeError(_ text: String) {
        do throws(DescriptorFailure) {
            try standardError.write(Array(text.utf8)).get()
        } catch {
            // Nobody is left to tell; the exit code still says how the command ended.
        }
    }

    private static func terminalWidthColumns() -> Int? {
        var size = winsize()
        guard unsafe ioctl(1, UInt(TIOCGWINSZ), &size) == 0, size.ws_col >= 20 else { return nil }
        return Int(size.ws_col)
    }
}
