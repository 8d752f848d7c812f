/// A hybrid logical clock reading: 48 bits of Unix milliseconds above 16 bits of counter.
///
/// Readings compare as their 64-bit values: first by time, then by counter. The counter tells apart
/// events of one millisecond and carries into the milliseconds when it overflows, so that adding one
/// always gives the next reading.
///
/// Range: the years 1970 to 10889. Source: Kulkarni, Demirbas et al., *Logical Physical Clocks and
/// Consistent Snapshots in Globally Distributed Databases* (2014).
public struct HybridTimestamp: Hashable, Comparable, Sendable {
    public var rawValue: UInt64

    @inlinable public init(rawValue: UInt64) { self.rawValue = rawValue }

    /// The first reading of a millisecond. Values outside 0 … 2⁴⁸−1 are clamped to that range, since
    /// they come from wall clocks, which may say anything.
    @inlinable public init(milliseconds: Int64, counter: UInt16 = 0) {
        let clamped = UInt64(max(0, min(milliseconds, Self.maximumMilliseconds)))
        rawValue = clamped << 16 | UInt64(counter)
    }

    @inlinable public var milliseconds: Int64 { Int64(rawValue >> 16) }
    @inlinable public var counter: UInt16 { UInt16(truncatingIfNeeded: rawValue) }

    public static let zero = HybridTimestamp(rawValue: 0)
    public static let maximumMilliseconds: Int64 = 1 << 48 - 1

    @inlinable public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

extension HybridTimestamp {
    /// The beginning of the year 2200. A write with this time or a later one comes from a clock that nobody follows: it is
    /// kept, and takes no part in merging.
    public static let implausible = HybridTimestamp(milliseconds: 7_258_118_400_000)
}
