import Support

/// What happened in each of the last 1,440 minutes: a day, for an operator's screen. Flat in memory.
final class MinuteHistory: Sendable {
    struct Minute: Sendable, Hashable {
        var commits: UInt32 = 0
        var requests: UInt32 = 0
        /// The largest number of commits that a workstation had not fetched.
        var lag: UInt64 = 0
    }
    private struct State {
        var minutes = [Minute](repeating: Minute(), count: MinuteHistory.length)
        /// Since 1970, of the latest slot.
        var latest: Int64 = 0
    }
    static let length = 1_440
    private let state = Lock(State())
    private let clock: WallClock

    init(clock: WallClock) { self.clock = clock }

    func note(commits: Int = 0, requests: Int = 0, lag: UInt64 = 0) {
        let now = clock.nowMilliseconds() / 60_000
        state.withLock { state in
            Self.advance(&state, to: now)
            let slot = Int(state.latest % Int64(Self.length))
            state.minutes[slot].commits &+= UInt32(clamping: commits)
            state.minutes[slot].requests &+= UInt32(clamping: requests)
            state.minutes[slot].lag = max(state.minutes[slot].lag, lag)
        }
    }

    /// The oldest first, the present minute last.
    func minutes() -> [Minute] {
        let now = clock.nowMilliseconds() / 60_000
        return state.withLock { state in
            Self.advance(&state, to: now)
            let next = Int((state.latest + 1) % Int64(Self.length))
            return Array(state.minutes[next...] + state.minutes[..<next])
        }
    }

    /// Commits that were taken within so many minutes.
    func commits(lastMinutes count: Int) -> Int { minutes().suffix(count).reduce(0) { $0 + Int($1.commits) } }

    /// A clock that is put back goes on in the latest slot.
    private static func advance(_ state: inout State, to minute: Int64) {
        guard minute > state.latest else { return }
        for skipped in max(state.latest + 1, minute - Int64(length) + 1)...minute {
            state.minutes[Int(skipped % Int64(length))] = Minute()
        }
        state.latest = minute
    }
}
