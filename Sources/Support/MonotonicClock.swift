#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#endif

/// A clock that never goes backwards: for durations, deadlines and rates.
///
/// Its zero is arbitrary (usually the start of the machine): a reading means something only next to
/// another reading of the same clock in the same process.
public struct MonotonicClock: Sendable {
    /// Nanoseconds since the clock's arbitrary zero.
    public var nowNanoseconds: @Sendable () -> Int64

    public init(nowNanoseconds: @escaping @Sendable () -> Int64) {
        self.nowNanoseconds = nowNanoseconds
    }

    /// The operating system's `CLOCK_MONOTONIC`. Cost of one reading: about 30 ns.
    public static let system = MonotonicClock {
        var time = timespec()
        let result = unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        precondition(result == 0, "clock_gettime(CLOCK_MONOTONIC) failed")
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }

    /// The time passed since an earlier reading of this clock.
    public func elapsed(sinceNanoseconds start: Int64) -> Duration {
        .nanoseconds(nowNanoseconds() - start)
    }
}
