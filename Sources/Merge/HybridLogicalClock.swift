/// A clock whose readings strictly increase, stay near wall time, and never run behind what was received.
///
/// It holds no wall clock: every call is given the wall time, in milliseconds since 1970, so that the
/// same calls give the same readings. Save ``latest`` in the transaction that uses a reading.
///
/// A wall clock that goes backwards does not: readings then advance by the counter until the wall clock
/// has caught up. Cost: a few nanoseconds.
public struct HybridLogicalClock: Hashable, Sendable {
    /// The greatest reading given or received so far.
    public private(set) var latest: HybridTimestamp

    public init(latest: HybridTimestamp = .zero) { self.latest = latest }

    /// The reading for a local event: above every reading before, and at least the wall time.
    public mutating func tick(wallMilliseconds: Int64) throws(ClockExhausted) -> HybridTimestamp {
        let wall = HybridTimestamp(milliseconds: wallMilliseconds)
        guard latest.rawValue < .max else { throw ClockExhausted() }
        latest = max(wall, HybridTimestamp(rawValue: latest.rawValue + 1))
        return latest
    }

    /// Takes note of a reading of another clock: the next local reading is above it.
    ///
    /// The caller has checked it against ``ClockBound`` first: one accepted reading from the far future
    /// would drag every clock that hears of it along.
    public mutating func receive(_ remote: HybridTimestamp) {
        latest = max(latest, remote)
    }
}

/// No reading is left above the latest one: it is the last of the year 10889.
public struct ClockExhausted: Error, CustomStringConvertible {
    public init() {}
    public var description: String { "the hybrid logical clock stands at its end; no later stamp exists" }
}
