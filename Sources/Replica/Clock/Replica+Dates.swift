import SQLite

extension Replica {
    /// What the computer says of the time now.
    public func clockReading() -> ClockReading {
        ClockReading(wall: environment.wallMilliseconds(), boot: environment.boot())
    }

    /// What is known of the time, for whoever reads a snapshot.
    public func dateClock(_ snapshot: borrowing Snapshot) throws -> DateClock {
        try DateClockTable(connection: snapshot.connection).read()
    }

    /// The same, on its own.
    public func dateClock() throws -> DateClock {
        try mappingErrors { try readers.read { try DateClockTable(connection: $0).read() } }
    }

    /// A person says which of two clocks is right that differ by more than ten minutes: the server's or the computer's.
    /// Dates follow it from now on; what is written already stays as it is. False where there is nothing to decide.
    @discardableResult
    public func decideClock(serverIsRight: Bool) throws -> Bool {
        try session { session in
            guard session.clock.decide(serverIsRight: serverIsRight) else { return false }
            return true
        }
    }
}
