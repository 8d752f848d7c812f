import Support

/// An ``Output`` that keeps what is written, for tests of programs.
package final class CapturedOutput: Sendable {
    private struct State {
        var output: [UInt8] = []
        var error: [UInt8] = []
    }

    private let state: Lock<State>
    /// Hand this to `Program.run(_:output:)`.
    package let output: Output

    package init(isTerminal: Bool = false, isErrorTerminal: Bool = false, widthColumns: Int? = nil) {
        let state = Lock(State())
        self.state = state
        output = Output(
            isTerminal: isTerminal, isErrorTerminal: isErrorTerminal, usesColour: isTerminal,
            widthColumns: widthColumns,
            standardOutput: OutputSink { bytes in .success(state.withLock { $0.output += bytes }) },
            standardError: OutputSink { bytes in .success(state.withLock { $0.error += bytes }) })
    }

    /// What has been flushed to standard output so far.
    package var standardOutput: String {
        state.withLock { String(decoding: $0.output, as: UTF8.self) }
    }

    /// What has been written to standard error so far.
    package var standardError: String {
        state.withLock { String(decoding: $0.error, as: UTF8.self) }
    }
}
