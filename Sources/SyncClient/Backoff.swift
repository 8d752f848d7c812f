/// How long to wait before trying again: exponential, with full jitter, so that workstations that lost a server
/// together do not come back together.
///
/// Source: Marc Brooker, *Exponential Backoff And Jitter* (AWS Architecture Blog, 2015).
struct Backoff {
    private(set) var attempts = 0
    static let firstSeconds: Double = 0.5
    static let longestSeconds: Double = 60

    /// The next wait, in seconds; `random` is in 0..<1. Never quite zero: a server that refuses at once is not hammered.
    mutating func next(random: Double) -> Double {
        let ceiling = min(Self.longestSeconds, Self.firstSeconds * Double(1 << min(attempts, 10)))
        attempts += 1
        return max(0.05, ceiling * random)
    }

    mutating func reset() { attempts = 0 }
}
