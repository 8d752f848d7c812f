/// The wall clock of one simulated computer: right, ahead, behind, too fast, or standing still.
final class SimulatedClock: @unchecked Sendable {
    // @unchecked: confined to its simulation's thread.
    private let timeline: Timeline
    /// Milliseconds that are added to the true time.
    private var offset: Int64 = 0
    /// How much it gains, in millionths.
    private var drift: Int64 = 0
    private var start: Int64
    private var frozen: Int64?

    init(_ timeline: Timeline) {
        self.timeline = timeline
        start = timeline.now
    }

    var now: Int64 { frozen ?? running }

    private var running: Int64 { timeline.now + offset + (timeline.now - start) * drift / 1_000_000 }

    /// How far it is ahead of the true time, in milliseconds.
    var error: Int64 { now - timeline.now }

    func apply(_ fault: ClockFault) {
        switch fault {
        case .jump(let milliseconds): offset += milliseconds
        case .drift(let millionths):
            offset = running - timeline.now
            start = timeline.now
            drift = millionths
        case .stop: frozen = now
        case .repair: (offset, drift, frozen) = (0, 0, nil)
        }
    }
}
