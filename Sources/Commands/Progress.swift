public import Support

/// One changing line on standard error for the person who waits; nothing at all when that is not a terminal.
///
/// Redrawn at most ten times a second, so an update costs next to nothing in a tight loop.
public final class Progress: Sendable {
    private static let intervalNanoseconds: Int64 = 100_000_000

    private let output: Output
    private let clock: MonotonicClock
    private let lastDrawn = Lock<Int64?>(nil)

    public init(_ output: Output, clock: MonotonicClock = .system) {
        self.output = output
        self.clock = clock
    }

    /// Replaces the line, unless it was replaced less than a tenth of a second ago.
    public func update(_ text: @autoclosure () -> String) {
        guard output.isErrorTerminal else { return }
        let now = clock.nowNanoseconds()
        let isDue = lastDrawn.withLock { last in
            if let last, now - last < Self.intervalNanoseconds { return false }
            last = now
            return true
        }
        guard isDue else { return }
        // A line as wide as the terminal would wrap, and then not be erased.
        output.showProgress(TerminalText.cut(TerminalText.oneLine(text()), toColumns: (output.widthColumns ?? 80) - 1))
    }

    /// Erases the line.
    public func finish() {
        output.showProgress("")
    }
}
