import Merge
import TestSupport
import Testing

@Suite("Hybrid logical clock (I8)")
struct ClockTests {
    @Test("readings strictly increase, whatever the wall clock does")
    func monotonic() throws {
        var random = SplitMix64(seed: 1)
        var clock = HybridLogicalClock()
        var last = HybridTimestamp.zero
        for _ in 0..<100_000 {
            let wall = Int64(bitPattern: random.next()) >> Int64(random.next() % 40)
            if random.next() % 5 == 0 {
                clock.receive(HybridTimestamp(rawValue: random.next() >> (16 + random.next() % 40)))
            }
            let reading = try clock.tick(wallMilliseconds: min(wall, 1 << 40))
            #expect(reading > last)
            #expect(reading.milliseconds >= min(max(0, wall), 1 << 40))
            last = reading
        }
    }

    @Test("a backward wall clock advances the counter, and the counter carries into the milliseconds")
    func backwards() throws {
        var clock = HybridLogicalClock(latest: HybridTimestamp(milliseconds: 1_000, counter: .max - 1))
        #expect(try clock.tick(wallMilliseconds: 5) == HybridTimestamp(milliseconds: 1_000, counter: .max))
        #expect(try clock.tick(wallMilliseconds: 5) == HybridTimestamp(milliseconds: 1_001, counter: 0))
        #expect(try clock.tick(wallMilliseconds: .min) == HybridTimestamp(milliseconds: 1_001, counter: 1))
        #expect(try clock.tick(wallMilliseconds: 2_000) == HybridTimestamp(milliseconds: 2_000, counter: 0))
    }

    @Test("received readings are stayed above, and the last reading of all has none after it")
    func receiving() throws {
        var clock = HybridLogicalClock()
        clock.receive(HybridTimestamp(milliseconds: 9_000, counter: 7))
        #expect(try clock.tick(wallMilliseconds: 1) == HybridTimestamp(milliseconds: 9_000, counter: 8))
        clock.receive(HybridTimestamp(milliseconds: 1, counter: 0))
        #expect(try clock.tick(wallMilliseconds: 1) == HybridTimestamp(milliseconds: 9_000, counter: 9))
        var end = HybridLogicalClock(latest: HybridTimestamp(rawValue: .max))
        #expect(throws: ClockExhausted.self) { try end.tick(wallMilliseconds: 1) }
    }

    @Test(
        "the bound is the greater of now and the highest accepted, with their margins",
        arguments: [
            (0, 0, 60_000), (1_000_000, 0, 1_060_000), (0, 5_000_000, 5_001_000), (.max, 0, (1 << 48) - 1),
            (.min, 7, 1_007),
        ] as [(Int64, Int64, Int64)])
    func bound(now: Int64, highest: Int64, expected: Int64) {
        let latest = ClockBound().latestAccepted(
            nowMilliseconds: now, highestAccepted: HybridTimestamp(milliseconds: highest))
        #expect(latest == HybridTimestamp(milliseconds: expected, counter: .max))
    }
}
