import Foundation
import Support
import Testing

@Suite struct ClockAndRandomnessTests {
    @Test("the system clock is the time of day, and the monotonic one does not go back")
    func systemClocks() {
        let before = Int64(Date().timeIntervalSince1970 * 1000)
        let now = WallClock.system.nowMilliseconds()
        #expect(abs(now - before) < 60_000)
        let start = MonotonicClock.system.nowNanoseconds()
        #expect(MonotonicClock.system.elapsed(sinceNanoseconds: start) >= .zero)
    }

    @Test("a settable clock moves only when told")
    func settableClock() {
        let settable = SettableWallClock(atMilliseconds: 5)
        let clock = settable.clock
        #expect(clock.nowMilliseconds() == 5)
        settable.advance(byMilliseconds: 10)
        #expect(clock.nowMilliseconds() == 15)
        settable.set(toMilliseconds: 1)
        #expect(clock.nowMilliseconds() == 1)
    }

    @Test("a seed gives the published SplitMix64 sequence")
    func seeded() {
        var random = RandomSource.seeded(1_234_567)
        #expect(random.next() == 6_457_827_717_110_365_317)
        #expect(random.next() == 3_203_168_211_198_807_973)
        #expect(RandomSource.seeded(7).bytes(count: 11) == RandomSource.seeded(7).bytes(count: 11))
        #expect(RandomSource.seeded(7).bytes(count: 11).count == 11)
        #expect(RandomSource.system.bytes(count: 32) != RandomSource.system.bytes(count: 32))
    }
}
