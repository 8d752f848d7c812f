import Support

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#endif

/// Runs many seeds, several at a time, each on a thread of its own.
public struct Campaign: Sendable {
    public var seeds: ClosedRange<UInt64>
    public var faults: Faults = .usual
    public var steps: Int?
    /// How many runs at once.
    public var jobs = 1
    /// A PostgreSQL server for the servers' stores; see ``Simulation``.
    public var database: String?

    public init(seeds: ClosedRange<UInt64>) { self.seeds = seeds }

    /// What became of all runs.
    public struct Result: Sendable {
        public var runs = 0
        public var requests = 0
        public var writes = 0
        /// In order of seed.
        public var failures: [Outcome] = []
    }

    /// Runs all seeds; `onFailure` is called as soon as one breaks an invariant, from any thread.
    public func run(onFailure: @escaping @Sendable (Outcome) -> Void = { _ in }) async throws -> Result {
        let next = Lock(seeds.lowerBound)
        let total = Lock(Result())
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<max(1, jobs) {
                group.addTask {
                    while let seed = take(next) {
                        let outcome = try Simulation(
                            Script(seed: seed, faults: faults, steps: steps), database: database
                        ).run()
                        total.withLock { result in
                            result.runs += 1
                            result.requests += outcome.requests
                            result.writes += outcome.writes
                            if outcome.violation != nil { result.failures.append(outcome) }
                        }
                        if outcome.violation != nil { onFailure(outcome) }
                    }
                }
            }
            try await group.waitForAll()
        }
        return total.withLock { result in
            result.failures.sort { $0.script.seed < $1.script.seed }
            return result
        }
    }

    private func take(_ next: Lock<UInt64>) -> UInt64? {
        next.withLock { next in
            guard next <= seeds.upperBound else { return nil }
            defer { next += 1 }
            return next
        }
    }
}
