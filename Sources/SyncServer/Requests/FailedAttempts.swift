import Support

/// Logs attempts that were refused, without anything of whoever made them; few lines a minute, however many there are.
final class FailedAttempts: Sendable {
    private struct State {
        var began: Int64 = 0
        var count = 0
    }
    private static let linesPerMinute = 20
    private static let minuteNanoseconds: Int64 = 60_000_000_000
    private let state = Lock(State())
    private let clock: MonotonicClock

    init(clock: MonotonicClock = .system) { self.clock = clock }

    func note(_ reason: StaticString, _ route: StaticString, _ logger: Logger) {
        let now = clock.nowNanoseconds()
        let (isLogged, passedOver) = state.withLock { state -> (Bool, Int) in
            var passedOver = 0
            if now - state.began >= Self.minuteNanoseconds {
                passedOver = max(0, state.count - Self.linesPerMinute)
                state = State(began: now)
            }
            state.count += 1
            return (state.count <= Self.linesPerMinute, passedOver)
        }
        if passedOver > 0 { logger.warning("attempts-refused", ["more": .int(passedOver)]) }
        if isLogged { logger.warning("attempt-refused", ["route": .word(route), "reason": .word(reason)]) }
    }
}
