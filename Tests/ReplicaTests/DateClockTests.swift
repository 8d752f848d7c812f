import Testing

@testable import Replica

/// Which time dates follow, over values alone. Each story of what went wrong with a clock is a test.
@Suite("Which time dates follow")
struct DateClockTests {
    private static let minute: Int64 = 60_000
    private static let hour: Int64 = 3_600_000
    private static let day: Int64 = 86_400_000
    private static let year: Int64 = 365 * day
    /// Some morning in 2026.
    private static let now: Int64 = 1_795_000_000_000

    private func reading(_ wall: Int64, boot: UInt64 = 1, running: Int64 = 1_000_000) -> ClockReading {
        ClockReading(wall: wall, boot: .init(id: boot, milliseconds: running))
    }

    private func date(_ clock: DateClock, _ reading: ClockReading) -> Int64 { clock.date(at: reading).milliseconds }

    private func expectDecision(_ clock: inout DateClock, serverIsRight: Bool, counts: Bool) {
        let hasDecided = clock.decide(serverIsRight: serverIsRight)
        #expect(hasDecided == counts)
    }

    @Test(
        "the server's clock is followed within ten minutes, and not beyond",
        arguments: [0, 1, -1, 10, -10, 11, -11, 70])
    func bound(_ minutes: Int64) {
        var clock = DateClock()
        let difference = minutes * Self.minute
        clock.hear(Self.now + difference, at: reading(Self.now))
        let isFollowed = abs(minutes) <= 10
        let later = reading(Self.now + Self.hour, running: 1_000_000 + Self.hour)
        #expect(date(clock, later) == Self.now + Self.hour + (isFollowed ? difference : 0))
        #expect(clock.question == (isFollowed ? nil : difference))
    }

    @Test("a server that says it is 2058 moves no date; a person may say that it is right")
    func serverAhead() {
        var clock = DateClock()
        clock.hear(Self.now + 32 * Self.year, at: reading(Self.now))
        #expect(date(clock, reading(Self.now)) == Self.now)
        #expect(clock.question == 32 * Self.year)
        #expect(clock.timeForErasing(at: reading(Self.now)) == .failure(.differs(32 * Self.year)))
        expectDecision(&clock, serverIsRight: false, counts: true)
        #expect(clock.question == nil && date(clock, reading(Self.now)) == Self.now)
        // The same again needs nobody; another difference does.
        clock.hear(Self.now + 32 * Self.year + Self.hour, at: reading(Self.now + Self.hour))
        #expect(clock.question == nil)
        clock.hear(Self.now + 3 * Self.hour, at: reading(Self.now + Self.hour))
        #expect(clock.question == 2 * Self.hour)
    }

    @Test("a desk that started in 2001 and is mended offline does not date calls 2052")
    func startedLongAgo() {
        let past = Self.now - 25 * Self.year
        var clock = DateClock()
        clock.hear(Self.now, at: reading(past))
        #expect(clock.question == 25 * Self.year && date(clock, reading(past)) == past)
        expectDecision(&clock, serverIsRight: true, counts: true)
        #expect(date(clock, reading(past + Self.hour, running: 1_000_000 + Self.hour)) == Self.now + Self.hour)
        // Mended while it runs: the clock jumped, and what was added to it no longer counts.
        let mended = clock.date(at: reading(Self.now + Self.hour, running: 1_000_000 + Self.hour))
        #expect(mended == .init(milliseconds: Self.now + Self.hour, standing: .jumped))
        // Mended between two starts, where a jump cannot be seen.
        #expect(date(clock, reading(Self.now + Self.hour, boot: 2, running: 5)) == Self.now + Self.hour)
        // Not mended: started in 2001 again. It is later than what was confirmed, and by as much as it runs already.
        let again = clock.date(at: reading(past + Self.day, boot: 3, running: Self.hour))
        #expect(again.milliseconds == Self.now + Self.hour)
        #expect(again.standing == .behind(25 * Self.year + Self.hour - Self.day))
    }

    @Test("a desk that fell back to 2019 dates by what it knows")
    func fellBack() {
        var clock = DateClock()
        clock.hear(Self.now, at: reading(Self.now + 5_000))
        let inThePast = Self.now - 7 * Self.year
        let later = clock.date(at: reading(inThePast, running: 1_000_000 + 3 * Self.hour))
        #expect(later.milliseconds == Self.now + 3 * Self.hour)
        #expect(later.standing == .behind(7 * Self.year + 3 * Self.hour))
        let restarted = clock.date(at: reading(inThePast, boot: 2, running: 2 * Self.minute))
        #expect(restarted.milliseconds == Self.now + 2 * Self.minute)
    }

    @Test("a desk ten years ahead, or one whose server is, erases nothing by date")
    func tenYearsAhead() {
        var clock = DateClock()
        clock.hear(logTime: Self.now - Self.hour)
        clock.hear(Self.now, at: reading(Self.now + 10 * Self.year))
        #expect(
            clock.timeForErasing(at: reading(Self.now + 10 * Self.year)) == .failure(.differs(-10 * Self.year)))
        // Set ahead after the server was heard.
        clock.hear(Self.now, at: reading(Self.now))
        let ahead = reading(Self.now + 10 * Self.year, running: 1_000_000 + Self.hour)
        #expect(clock.timeForErasing(at: ahead) == .failure(.differs(Self.hour - 10 * Self.year)))
        // Both alike ahead: the log tells.
        let future = Self.now + 10 * Self.year
        clock.hear(future, at: reading(future))
        #expect(
            clock.timeForErasing(at: reading(future))
                == .failure(.log(latest: Self.now - Self.hour, server: future)))
    }

    @Test("erasing needs a server of the last day, in step with the log; the earlier clock counts")
    func erasing() {
        var clock = DateClock()
        #expect(clock.timeForErasing(at: reading(Self.now)) == .failure(.unheard))
        clock.hear(Self.now - Self.minute, at: reading(Self.now))
        #expect(
            clock.timeForErasing(at: reading(Self.now)) == .failure(.log(latest: 0, server: Self.now - Self.minute)))
        clock.hear(logTime: Self.now - Self.day)
        #expect(clock.timeForErasing(at: reading(Self.now)) == .success(Self.now - Self.minute))
        clock.hear(Self.now + 5 * Self.hour, at: reading(Self.now))
        #expect(clock.timeForErasing(at: reading(Self.now)) == .success(Self.now))
        let tomorrow = Self.now + Self.day + Self.hour
        #expect(
            clock.timeForErasing(at: reading(tomorrow, running: 1_000_000 + Self.day + Self.hour))
                == .failure(.unheard))
        // After another start only the wall clock tells how long ago it was.
        #expect(clock.timeForErasing(at: reading(tomorrow, boot: 2)) == .failure(.unheard))
        #expect(clock.timeForErasing(at: ClockReading(wall: Self.now + Self.hour)) == .success(Self.now + Self.hour))
        // The log is ahead of the server.
        clock.hear(logTime: Self.now + 3 * Self.day)
        guard case .failure(.log) = clock.timeForErasing(at: reading(Self.now)) else {
            Issue.record("the log lies ahead of the server")
            return
        }
    }

    @Test("a clock that is a little behind what was confirmed is only that; nothing overflows")
    func edges() {
        var clock = DateClock()
        clock.hear(Self.now, at: reading(Self.now))
        #expect(clock.date(at: reading(Self.now - 30_000)).standing == .confirmed)
        expectDecision(&clock, serverIsRight: true, counts: false)
        for wall in [Int64.min, .max, 0] {
            _ = clock.date(at: reading(wall))
            _ = clock.timeForErasing(at: reading(wall))
            var other = DateClock()
            other.hear(Self.now, at: reading(wall))
            _ = other.date(at: reading(wall))
            _ = other.question
        }
    }
}
