/// The latest reading that a server accepts.
///
/// It is the greater of *now + 60 s* and *the highest accepted reading + 1 s*. The second part is for a
/// server whose own clock was once ahead: without it, every replica that received those readings would
/// be locked out until real time had caught up.
public struct ClockBound: Hashable, Sendable {
    /// How far ahead of the server a stamp may be, in milliseconds.
    public var toleranceMilliseconds: Int64
    /// How far above the highest accepted reading a stamp may always be, in milliseconds.
    public static let stepMilliseconds: Int64 = 1_000

    public init(toleranceMilliseconds: Int64 = 60_000) { self.toleranceMilliseconds = toleranceMilliseconds }

    public func latestAccepted(nowMilliseconds: Int64, highestAccepted: HybridTimestamp) -> HybridTimestamp {
        let (ahead, overflow) = nowMilliseconds.addingReportingOverflow(toleranceMilliseconds)
        let byNow = HybridTimestamp(
            milliseconds: overflow ? (toleranceMilliseconds < 0 ? .min : .max) : ahead, counter: .max)
        let byHighest = HybridTimestamp(
            milliseconds: highestAccepted.milliseconds + Self.stepMilliseconds, counter: .max)
        return max(byNow, byHighest)
    }
}
