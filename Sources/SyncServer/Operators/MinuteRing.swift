import Support

/// One value for each of the last 1,440 minutes: a day, for an operator's screen. Flat in memory.
final class MinuteRing<Minute: Sendable>: Sendable {
    private struct State {
        var minutes: [Minute?]
        /// Since 1970, of the latest minute.
        var latest: Int64
    }
    private let state: Lock<State>
    private let blank: Minute
    private let clock: WallClock

    /// - Parameter blank: of a minute in which nothing was noted. Of those before the ring was made nothing is known.
    init(_ blank: Minute, clock: WallClock) {
        self.blank = blank
        self.clock = clock
        var minutes = [Minute?](repeating: nil, count: minutesOfDay)
        let now = clock.nowMilliseconds() / 60_000
        minutes[Self.slot(now)] = blank
        state = Lock(State(minutes: minutes, latest: now))
    }

    /// Changes the present minute. A clock that is put back goes on in the latest one.
    func note(_ change: (inout Minute) -> Void) {
        let now = clock.nowMilliseconds() / 60_000
        state.withLock { state in
            advance(&state, to: now)
            var minute = state.minutes[Self.slot(state.latest)] ?? blank
            change(&minute)
            state.minutes[Self.slot(state.latest)] = minute
        }
    }

    /// The oldest first, the present minute last; nil where nothing is known.
    func minutes() -> [Minute?] {
        let now = clock.nowMilliseconds() / 60_000
        return state.withLock { state in
            advance(&state, to: now)
            let next = Self.slot(state.latest + 1)
            return Array(state.minutes[next...] + state.minutes[..<next])
        }
    }

    private func advance(_ state: inout State, to minute: Int64) {
        guard minute > state.latest else { return }
        for skipped in max(state.latest + 1, minute - Int64(minutesOfDay) + 1)...minute {
            state.minutes[Self.slot(skipped)] = blank
        }
        state.latest = minute
    }

    private static func slot(_ minute: Int64) -> Int {
        Int((minute % Int64(minutesOfDay) + Int64(minutesOfDay)) % Int64(minutesOfDay))
    }
}

let minutesOfDay = 1_440
