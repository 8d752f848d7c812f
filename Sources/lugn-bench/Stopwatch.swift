import Support

/// Adds up the time of what it is given, and of nothing in between.
struct Stopwatch {
    private(set) var nanoseconds: Int64 = 0

    mutating func time<Result>(_ body: () throws -> Result) rethrows -> Result {
        let start = MonotonicClock.system.nowNanoseconds()
        defer { nanoseconds += MonotonicClock.system.nowNanoseconds() - start }
        return try body()
    }

    mutating func time<Result>(_ body: () async throws -> Result) async rethrows -> Result {
        let start = MonotonicClock.system.nowNanoseconds()
        defer { nanoseconds += MonotonicClock.system.nowNanoseconds() - start }
        return try await body()
    }

    var seconds: Double { Double(nanoseconds) / 1e9 }

    func rate(_ count: Int) -> Double { seconds > 0 ? Double(count) / seconds : 0 }
}
