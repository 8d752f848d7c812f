/// Writes one line per event: time, level, event name, then `key=value` pairs.
///
///     2026-11-21T07:44:01.123Z info request method=push status=200 duration=1.204ms
///
/// The line can hold no content: event names and keys are literals, values are ``LogValue``s. Thread safe; lines
/// never mix, since each is one `write(2)` made under a lock. An event below the minimum level costs about 30 ns,
/// and its fields are not evaluated.
public final class Logger: Sendable {
    /// What the logger names and its values pair: literals on the left, content-free values on the right.
    public typealias Fields = KeyValuePairs<StaticString, LogValue>

    private struct State {
        var minimumLevel: LogLevel
        let sink: @Sendable (_ line: [UInt8]) -> Void
    }

    private let state: Lock<State>
    private let clock: WallClock

    /// Makes a logger.
    /// - Parameters:
    ///   - minimumLevel: events less important than this are dropped.
    ///   - clock: where the timestamps come from.
    ///   - sink: receives each line as UTF-8 with its line feed, one call at a time; it must not log itself.
    public init(
        minimumLevel: LogLevel = .info, clock: WallClock = .system,
        sink: @escaping @Sendable (_ line: [UInt8]) -> Void = Logger.standardError
    ) {
        state = Lock(State(minimumLevel: minimumLevel, sink: sink))
        self.clock = clock
    }

    /// The sink that writes to standard error. A line that cannot be written is lost: there is nowhere to say so.
    public static let standardError: @Sendable (_ line: [UInt8]) -> Void = { line in
        do throws(DescriptorFailure) {
            try DescriptorOutput.write(line, to: 2)
        } catch {
            // Standard error is closed or full. Stopping the program for its log would be worse than the loss.
        }
    }

    /// The least important level that is written. May be changed at any time.
    public var minimumLevel: LogLevel {
        get { state.withLock { $0.minimumLevel } }
        set { state.withLock { $0.minimumLevel = newValue } }
    }

    public func error(_ event: StaticString, _ fields: @autoclosure () -> Fields = [:]) {
        log(.error, event, fields())
    }

    public func warning(_ event: StaticString, _ fields: @autoclosure () -> Fields = [:]) {
        log(.warning, event, fields())
    }

    public func info(_ event: StaticString, _ fields: @autoclosure () -> Fields = [:]) {
        log(.info, event, fields())
    }

    public func debug(_ event: StaticString, _ fields: @autoclosure () -> Fields = [:]) {
        log(.debug, event, fields())
    }

    /// Writes one event; the time is taken when this is called.
    public func log(_ level: LogLevel, _ event: StaticString, _ fields: @autoclosure () -> Fields = [:]) {
        guard level >= minimumLevel else { return }
        let line = Self.line(milliseconds: clock.nowMilliseconds(), level: level, event: event, fields: fields())
        state.withLock { $0.sink(line) }
    }

    private static func line(milliseconds: Int64, level: LogLevel, event: StaticString, fields: Fields) -> [UInt8] {
        var text = UTCTime.rfc3339(milliseconds: milliseconds)
        text += " " + level.word + " " + LogValue.quotedIfNeeded(event.description)
        for (key, value) in fields {
            text += " " + LogValue.quotedIfNeeded(key.description) + "=" + value.text
        }
        text += "\n"
        return Array(text.utf8)
    }
}
