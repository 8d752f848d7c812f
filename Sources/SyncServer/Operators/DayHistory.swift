import JSON
import Support
import SyncProtocol

/// What happened in each minute of the last day, of the server and of each line. In memory only: it begins with the server.
final class DayHistory: Sendable {
    struct Minute: Sendable {
        var requests: UInt32 = 0
        /// Of requests' and answers' bodies.
        var bytes: UInt64 = 0
        /// The store's size; nil where nobody has looked.
        var storeBytes: Int64?
    }
    struct LineMinute: Sendable {
        var commits: UInt32 = 0
        /// The largest number of commits that a workstation had not fetched; nil where nobody has looked.
        var lag: UInt32?
        /// Records with fields in which several writes stand; nil where nobody has looked.
        var conflicts: UInt32?
    }

    private let server: MinuteRing<Minute>
    private let lines = Lock<[LineID: MinuteRing<LineMinute>]>([:])
    private let clock: WallClock

    init(clock: WallClock) {
        self.clock = clock
        server = MinuteRing(Minute(), clock: clock)
    }

    func note(_ change: (inout Minute) -> Void) { server.note(change) }

    func note(_ line: LineID, _ change: (inout LineMinute) -> Void) { ring(line).note(change) }

    private func ring(_ line: LineID) -> MinuteRing<LineMinute> {
        lines.withLock { lines in
            if let known = lines[line] { return known }
            let made = MinuteRing(LineMinute(), clock: clock)
            lines[line] = made
            return made
        }
    }

    /// Commits that were taken within so many minutes and the one that has begun, in these lines: at a minute's first second the last
    /// one still counts.
    func commits(lastMinutes count: Int, of lines: [LineID]) -> Int {
        lines.reduce(0) { sum, line in
            sum + ring(line).minutes().suffix(count + 1).reduce(0) { $0 + Int($1?.commits ?? 0) }
        }
    }

    /// By how much the store has grown within the day, or since the server has been watching; nil if that is less than an hour.
    func growth() -> (bytes: Int64, minutes: Int)? {
        let minutes = server.minutes()
        guard let first = minutes.firstIndex(where: { $0?.storeBytes != nil }),
            let last = minutes.lastIndex(where: { $0?.storeBytes != nil }), last - first >= 60,
            let before = minutes[first]?.storeBytes, let now = minutes[last]?.storeBytes
        else { return nil }
        return (now - before, last - first)
    }

    // MARK: As JSON

    func document() -> [JSONMember] {
        let minutes = server.minutes()
        return [
            JSONMember("requests", Self.series(minutes) { Int64($0.requests) }),
            JSONMember("bytes", Self.series(minutes) { Int64(clamping: $0.bytes) }),
            JSONMember("storeBytes", Self.series(minutes) { $0.storeBytes }),
        ]
    }

    func document(of line: LineID) -> JSONValue {
        let minutes = ring(line).minutes()
        return [
            "line": .string(line.description), "commits": Self.series(minutes) { Int64($0.commits) },
            "lag": Self.series(minutes) { $0.lag.map { Int64($0) } },
            "conflicts": Self.series(minutes) { $0.conflicts.map { Int64($0) } },
        ]
    }

    private static func series<Minute>(_ minutes: [Minute?], _ value: (Minute) -> Int64?) -> JSONValue {
        .array(minutes.map { minute in minute.flatMap(value).map { JSONValue($0) } ?? nil })
    }
}
