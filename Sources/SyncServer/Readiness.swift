public import Support

/// Whether the store can be written, for `/readyz`: asked by machines, often, and without a token.
///
/// An answer never waits for the disk. It is what the last probe found, and a probe runs at most once a second, on a
/// thread of its own, for as long as somebody has asked within the last ten minutes: so an answer is about a second old, or
/// the first one in a while.
public final class Readiness: Sendable {
    /// What keeps a store from being written, in words for an operator.
    public struct Failure: Error, Sendable {
        public var reason: String
        public init(_ reason: String) { self.reason = reason }
    }

    private struct State {
        var isWatching = false
        var failure: String?
        var lastAsked: Int64
        /// When the probe began that has not come back.
        var probing: Int64?
    }

    private let probe: @Sendable () throws(Failure) -> Void
    private let clock: MonotonicClock
    private let pause: @Sendable () -> Void
    private let state: Lock<State>

    private static let watchNanoseconds: Int64 = 600_000_000_000
    /// A disk that takes longer than this is no disk to work with.
    private static let patienceNanoseconds: Int64 = 5_000_000_000

    /// So long no disk takes.
    private static let hangingNanoseconds: Int64 = 300_000_000_000

    /// Probes once, so that the first answer is true.
    ///
    /// - Parameters:
    ///   - probe: writes something to where the store is, durably.
    ///   - pause: how the thread spends the time between two probes.
    public init(
        clock: MonotonicClock = .system, pause: @escaping @Sendable () -> Void = { SystemThread.sleep(seconds: 1) },
        probe: @escaping @Sendable () throws(Failure) -> Void
    ) {
        self.probe = probe
        self.clock = clock
        self.pause = pause
        state = Lock(State(lastAsked: clock.nowNanoseconds()))
        probeOnce()
    }

    /// Why the store cannot be written; nil when it can. Cost: a lock, never the disk.
    public func failure() -> String? {
        let (failure, begins) = state.withLock { state -> (String?, Bool) in
            let now = clock.nowNanoseconds()
            state.lastAsked = now
            let begins = !state.isWatching
            state.isWatching = true
            if let since = state.probing, now - since > Self.patienceNanoseconds {
                return ("the disk does not answer", begins)
            }
            return (state.failure, begins)
        }
        if begins { watch() }
        return failure
    }

    /// Whether the disk answers at all, full or not. A write that has hung for five minutes may be the program's fault, and is
    /// the only thing for which a supervisor should start it again. Cost: a lock.
    public var answers: Bool {
        _ = failure()
        return state.withLock { state in
            guard let since = state.probing else { return true }
            return clock.nowNanoseconds() - since < Self.hangingNanoseconds
        }
    }

    private func watch() {
        let thread = SystemThread { [self] in
            repeat {
                probeOnce()
                pause()
            } while state.withLock { state in
                let goesOn = clock.nowNanoseconds() - state.lastAsked < Self.watchNanoseconds
                state.isWatching = goesOn
                return goesOn
            }
        }
        guard let thread else {
            return state.withLock { state in
                state.isWatching = false
                state.failure = "the system has no thread left"
            }
        }
        thread.detach()
    }

    private func probeOnce() {
        state.withLock { $0.probing = clock.nowNanoseconds() }
        var found: String?
        do throws(Failure) { try probe() } catch { found = error.reason }
        state.withLock { state in
            state.probing = nil
            state.failure = found
        }
    }
}
