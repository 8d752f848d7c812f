import JSON
import Merge
import Support
import SyncProtocol
import Testing

@testable import SyncServer

/// What an operator's screen draws: each minute of a day, and nothing where nothing is known.
@Suite struct DayHistoryTests {
    private let clock = SettableWallClock(atMilliseconds: 1_700_000_000_000)

    @Test(
        "before the server was started nothing is known; minutes without anything are zeros, those without a look unknown"
    )
    func unknown() {
        let ring = MinuteRing(0, clock: clock.clock)
        ring.note { $0 += 3 }
        clock.advance(byMilliseconds: 120_000)
        ring.note { $0 += 4 }
        let minutes = ring.minutes()
        #expect(
            minutes.count == 1_440 && minutes.suffix(3) == [3, 0, 4] && minutes.dropLast(3).allSatisfy { $0 == nil })
        // A day later only that day is there.
        clock.advance(byMilliseconds: 86_400_000)
        #expect(ring.minutes().allSatisfy { $0 == 0 })
        // A clock that is put back loses nothing.
        clock.advance(byMilliseconds: -600_000)
        ring.note { $0 += 5 }
        #expect(ring.minutes().last == 5)
    }

    @Test("lines are apart, and how the store grows is told after an hour")
    func lines() throws {
        let history = DayHistory(clock: clock.clock)
        let (one, other) = (LineID([UInt8](repeating: 1, count: 16))!, LineID([UInt8](repeating: 2, count: 16))!)
        history.note(one) { $0.commits += 2 }
        history.note { $0.storeBytes = 1_000 }
        clock.advance(byMilliseconds: 59 * 60_000)
        history.note { $0.storeBytes = 1_500 }
        #expect(history.growth() == nil)
        clock.advance(byMilliseconds: 60_000)
        history.note { $0.storeBytes = 1_600 }
        let growth = try #require(history.growth())
        #expect(growth.bytes == 600 && growth.minutes == 60)
        #expect(history.commits(lastMinutes: 1_440, of: [one, other]) == 2)
        #expect(history.commits(lastMinutes: 60, of: [one]) == 2 && history.commits(lastMinutes: 59, of: [one]) == 0)
        history.note(one) { $0.commits += 1 }
        #expect(history.commits(lastMinutes: 1, of: [one]) == 1)
        clock.advance(byMilliseconds: 60_000)
        #expect(history.commits(lastMinutes: 1, of: [one]) == 1, "a minute that has just ended")
        clock.advance(byMilliseconds: 60_000)
        #expect(history.commits(lastMinutes: 1, of: [one]) == 0)
        let document = history.document(of: one)
        #expect(document["commits"]?.array?.count == 1_440 && document["lag"]?.array?.last == .null)
    }

    @Test("conflicts are counted again only after something came, and not more often than it costs")
    func conflicts() {
        let looks = ConflictLooks()
        let line = LineID([UInt8](repeating: 1, count: 16))!
        func isDue(_ head: UInt64, _ now: Int64) -> Bool { looks.isDue(id: line, head: head, now: now) }
        #expect(isDue(1, 0))
        looks.note(ConflictLook(at: 0, records: 0, oldest: nil, head: 1, cost: .milliseconds(2_000)), of: line)
        #expect(!isDue(1, 1_000_000) && !isDue(2, 199_999) && isDue(2, 200_000))
    }
}
