/// A clock that moves only when told to: for tests and simulations. Thread safe.
public final class SettableWallClock: Sendable {
    private let milliseconds: Lock<Int64>

    /// Starts at `milliseconds` since 1970-01-01T00:00:00Z.
    public init(atMilliseconds milliseconds: Int64) {
        self.milliseconds = Lock(milliseconds)
    }

    /// The clock to hand to the code under test; it follows later changes.
    public var clock: WallClock {
        WallClock { self.milliseconds.withLock { $0 } }
    }

    /// Sets the time, forwards or backwards.
    public func set(toMilliseconds milliseconds: Int64) {
        self.milliseconds.withLock { $0 = milliseconds }
    }

    /// Moves the time; a negative number moves it backwards.
    public func advance(byMilliseconds change: Int64) {
        milliseconds.withLock { $0 += change }
    }
}
