import Support

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#endif

/// Adds up the time of what it is given, and of nothing in between.
struct Stopwatch {
    private(set) var nanoseconds: Int64 = 0

    /// Of the wall, or of the processor: settled once, by the command line.
    private static let clock = CommandLine.arguments.contains("--processor-time") ? processor : .system

    /// The time that all threads of this process have computed. What other processes do is not in it, nor is waiting.
    private static let processor = MonotonicClock {
        var time = timespec()
        let result = unsafe clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        precondition(result == 0, "clock_gettime(CLOCK_PROCESS_CPUTIME_ID) failed")
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }

    mutating func time<Result>(_ body: () throws -> Result) rethrows -> Result {
        let start = Self.clock.nowNanoseconds()
        defer { nanoseconds += Self.clock.nowNanoseconds() - start }
        return try body()
    }

    mutating func time<Result>(_ body: () async throws -> Result) async rethrows -> Result {
        let start = Self.clock.nowNanoseconds()
        defer { nanoseconds += Self.clock.nowNanoseconds() - start }
        return try await body()
    }

    var seconds: Double { Double(nanoseconds) / 1e9 }

    func rate(_ count: Int) -> Double { seconds > 0 ? Double(count) / seconds : 0 }
}
