#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#endif

/// The time of day, as a value that can be replaced: tests and replays set the time, programs use `.system`.
///
/// Milliseconds since 1970-01-01T00:00:00Z, without leap seconds. The system time may jump backwards;
/// measure durations with ``MonotonicClock``.
public struct WallClock: Sendable {
    /// The present time in milliseconds since 1970-01-01T00:00:00Z.
    public var nowMilliseconds: @Sendable () -> Int64

    public init(nowMilliseconds: @escaping @Sendable () -> Int64) {
        self.nowMilliseconds = nowMilliseconds
    }

    /// The clock of the operating system. Cost of one reading: about 30 ns.
    public static let system = WallClock {
        var time = timespec()
        let result = unsafe clock_gettime(CLOCK_REALTIME, &time)
        precondition(result == 0, "clock_gettime(CLOCK_REALTIME) failed")
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }

    /// A clock that stands still.
    public static func fixed(atMilliseconds milliseconds: Int64) -> WallClock {
        WallClock { milliseconds }
    }
}
