/// What the computer says of the time, at one moment.
public struct ClockReading: Hashable, Sendable {
    /// How long the computer has run since it was started, sleep included: nobody sets that clock.
    public struct Boot: Hashable, Sendable {
        /// Another one after each start.
        public var id: UInt64
        public var milliseconds: Int64

        public init(id: UInt64, milliseconds: Int64) {
            self.id = id
            self.milliseconds = milliseconds
        }
    }

    /// Milliseconds since 1970 by the wall clock, which people and services set; within ±2⁵³, so that differences never
    /// overflow.
    public let wall: Int64
    /// Nil where the computer does not tell.
    public let boot: Boot?

    public init(wall: Int64, boot: Boot? = nil) {
        self.wall = max(-Self.most, min(wall, Self.most))
        self.boot = boot
    }

    private static let most: Int64 = 1 << 53

    /// How much time has passed since an earlier reading by the clock that nobody sets; nil after another start.
    func elapsed(since earlier: ClockReading) -> Int64? {
        guard let boot, let before = earlier.boot, boot.id == before.id, boot.milliseconds >= before.milliseconds else {
            return nil
        }
        return boot.milliseconds - before.milliseconds
    }
}
