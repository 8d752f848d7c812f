/// What can happen to a clock.
public enum ClockFault: Hashable, Sendable {
    case jump(milliseconds: Int64)
    case drift(millionths: Int64)
    case stop
    /// It shows the true time again.
    case repair
}
