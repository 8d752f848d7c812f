import SyncProtocol

/// Which time the dates of casework follow: what the server was last known to say, as far as it can be believed, and else the
/// computer's own clock.
///
/// The order of writes is another matter (``ReplicaState/tick(wallMilliseconds:)``): it follows the server's bound, and a
/// wrong time there costs nothing that a person cannot see. A wrong date stays in a case for ever, and by it cases are erased.
/// So:
/// 1. The server's time is *confirmed* where it is within ten minutes of the computer's wall clock, or where a person has
///    said that the server is right. It is kept with both clocks of the computer as they stood then.
/// 2. What lies between the two is added to the wall clock, until that jumps: until it has gone on otherwise since then than
///    the clock that nobody sets. After another start of the computer a jump cannot be seen, and only differences of ten
///    minutes are carried on.
/// 3. No date lies before what was confirmed, with what has passed since. A wall clock that says so is wrong.
/// 4. A difference of more than ten minutes is a question to a person. Sending goes on meanwhile.
///
/// Nothing here is taken from times that this desk gave itself. Pure: a value, and what it says of a moment.
public struct DateClock: Hashable, Sendable {
    /// The server's word, and how the computer's clocks stood when it came.
    public struct Measurement: Hashable, Sendable {
        public var server: Int64
        public var at: ClockReading
        public var difference: Int64 { server - at.wall }
    }

    /// What a person has said of a difference. It holds for as long as that is about the same.
    public enum Decision: Hashable, Sendable {
        case server(difference: Int64)
        case computer(difference: Int64)
    }

    /// The latest word of the server, right or wrong.
    public internal(set) var told: Measurement?
    public internal(set) var confirmed: Measurement?
    public internal(set) var decision: Decision?
    /// The time of the latest write of the log that this desk has read or sent.
    public internal(set) var logTime: Int64?

    /// How far the server and the computer may differ without anybody being asked, in milliseconds.
    public static let tolerance: Int64 = 600_000
    /// How far the computer's two clocks may part without one having jumped.
    static let jump: Int64 = 60_000
    private static let day: Int64 = 86_400_000

    public init() {}

    // MARK: What is heard

    mutating func hear(_ server: Int64, at reading: ClockReading) {
        let measurement = Measurement(server: server, at: reading)
        told = measurement
        if abs(measurement.difference) <= Self.tolerance {
            confirmed = measurement
            decision = nil
        } else if case .server(let difference) = decision, abs(measurement.difference - difference) <= Self.tolerance {
            confirmed = measurement
        }
    }

    mutating func hear(logTime milliseconds: Int64) { logTime = milliseconds }

    /// A person says which clock is right. Returns false where there is nothing to decide.
    mutating func decide(serverIsRight: Bool) -> Bool {
        guard let told, abs(told.difference) > Self.tolerance else { return false }
        decision = serverIsRight ? .server(difference: told.difference) : .computer(difference: told.difference)
        if serverIsRight { confirmed = told }
        return true
    }

    // MARK: What it says

    /// What a date is worth.
    public enum Standing: Hashable, Sendable {
        /// By the server's time.
        case confirmed
        /// By the computer's clock alone: no server has been heard.
        case unconfirmed
        /// By the computer's clock alone: it was set since the server was heard.
        case jumped
        /// The computer's clock lies so many milliseconds before what was confirmed: by what is known.
        case behind(Int64)
    }

    public struct Date: Hashable, Sendable {
        public var milliseconds: Int64
        public var standing: Standing
    }

    public func date(at reading: ClockReading) -> Date {
        guard let confirmed else { return Date(milliseconds: reading.wall, standing: .unconfirmed) }
        let elapsed = reading.elapsed(since: confirmed.at)
        let hasJumped = elapsed.map { abs(reading.wall - confirmed.at.wall - $0) > Self.jump } ?? false
        // Of another start of the computer nobody knows whether its clock was set.
        let isCarriedOn = !hasJumped && (elapsed != nil || abs(confirmed.difference) <= Self.tolerance)
        let (sum, hasOverflown) = reading.wall.addingReportingOverflow(isCarriedOn ? confirmed.difference : 0)
        let date = hasOverflown ? reading.wall : sum
        let least = confirmed.server + (elapsed ?? reading.boot?.milliseconds ?? 0)
        if date < least - Self.jump { return Date(milliseconds: least, standing: .behind(least - date)) }
        return Date(milliseconds: date, standing: isCarriedOn ? .confirmed : .jumped)
    }

    /// The difference that a person should decide about, in milliseconds to add to the computer's clock; nil for none.
    public var question: Int64? {
        guard let told, abs(told.difference) > Self.tolerance else { return nil }
        switch decision {
        case .server(let difference), .computer(let difference):
            return abs(told.difference - difference) <= Self.tolerance ? nil : told.difference
        case nil: return told.difference
        }
    }

    // MARK: For what nothing brings back

    /// Why nothing may be erased by date now.
    public enum Doubt: Hashable, Sendable {
        /// No server was heard within a day.
        case unheard
        /// Server and computer differ by a day or more.
        case differs(Int64)
        /// The log's latest write lies after the server's time, or more than a month before it.
        case log(latest: Int64, server: Int64)
    }

    /// The time by which something may be erased for good: the earlier of the server's and the computer's, if both are sure.
    public func timeForErasing(at reading: ClockReading) -> Result<Int64, Doubt> {
        guard let told else { return .failure(.unheard) }
        let elapsed = reading.elapsed(since: told.at) ?? reading.wall - told.at.wall
        guard (-Self.day...Self.day).contains(elapsed) else {
            // A clock that was set to and fro shows as a difference, if the other clock tells.
            return .failure(.unheard)
        }
        let server = told.server + max(0, elapsed)
        let difference = server - reading.wall
        guard abs(difference) < Self.day else { return .failure(.differs(difference)) }
        guard let logTime, logTime < server + Self.day, logTime > server - Self.longestSilence else {
            return .failure(.log(latest: logTime ?? 0, server: server))
        }
        return .success(min(server, reading.wall))
    }

    /// A line in which nothing at all was written for longer is one whose server may be a year ahead.
    private static let longestSilence: Int64 = 31 * day
}

extension DateClock.Doubt: Error {}
