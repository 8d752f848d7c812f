import Foundation
import Support
import Testing

@Suite struct LoggerTests {
    private func logger(_ lines: Lock<[String]>, _ level: LogLevel = .debug) -> Logger {
        Logger(minimumLevel: level, clock: .fixed(atMilliseconds: 1_795_247_041_007)) { line in
            lines.withLock { $0.append(String(decoding: line, as: UTF8.self)) }
        }
    }

    @Test("an event is one line with time, level, name and pairs in the order given")
    func format() {
        let lines = Lock<[String]>([])
        let log = logger(lines)
        log.info("request", ["method": "push", "status": 200, "ok": true, "bytes": .int(UInt64.max)])
        log.warning("slow", ["took": .duration(.microseconds(12_345)), "actor": .identifier([0x0A, 0xFF])])
        log.error("stopped")
        log.debug("odd words", ["a b": "c\"d\ne", "empty": "", "back": .duration(.milliseconds(-1))])
        #expect(
            lines.withLock { $0 } == [
                "2026-11-21T07:44:01.007Z info request method=push status=200 ok=true bytes=9223372036854775807\n",
                "2026-11-21T07:44:01.007Z warning slow took=12.345ms actor=0aff\n",
                "2026-11-21T07:44:01.007Z error stopped\n",
                "2026-11-21T07:44:01.007Z debug \"odd words\" \"a b\"=\"c\\\"d?e\" empty=\"\" back=-1.000ms\n",
            ])
    }

    @Test("events below the minimum are dropped without evaluating their fields")
    func levels() {
        let lines = Lock<[String]>([])
        let log = logger(lines, .warning)
        let evaluations = Lock(0)
        func fields() -> Logger.Fields {
            evaluations.withLock { $0 += 1 }
            return [:]
        }
        log.info("a", fields())
        log.warning("b", fields())
        log.minimumLevel = .error
        log.warning("c", fields())
        log.error("d", fields())
        log.minimumLevel = .debug
        log.debug("e", fields())
        let events = lines.withLock { $0.map { $0.split(separator: " ")[2].prefix(1) } }
        #expect(events == ["b", "d", "e"])
        #expect(evaluations.withLock { $0 } == 3)
        #expect(LogLevel.allCases.allSatisfy { LogLevel(word: $0.word) == $0 })
        #expect(LogLevel(word: "loud") == nil)
    }

    @Test("an identifier shows at most 16 bytes")
    func identifiers() {
        let lines = Lock<[String]>([])
        logger(lines).info("x", ["key": .identifier([UInt8](repeating: 0xAB, count: 1000))])
        #expect(lines.withLock { $0[0] }.hasSuffix("key=" + String(repeating: "ab", count: 16) + "\n"))
    }

    @Test("lines from many tasks come whole and all of them")
    func threads() async {
        let lines = Lock<[String]>([])
        let log = logger(lines)
        await withTaskGroup { group in
            for _ in 0..<8 {
                group.addTask { for number in 0..<200 { log.info("event", ["number": .int(number)]) } }
            }
        }
        #expect(lines.withLock { $0.count } == 1600)
    }

    @Test("timestamps agree with Foundation across eras, leap days and before 1970")
    func timestamps() {
        let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
        var random = RandomSource.seeded(1)
        var samples: [Int64] = [0, -1, 951_782_400_000, 951_868_799_999, 4_107_542_400_000, 253_402_300_799_999]
        for _ in 0..<500 { samples.append(Int64.random(in: -2_000_000_000_000...250_000_000_000_000, using: &random)) }
        for sample in samples {
            // Whole seconds through Foundation: its fractions pass through floating point.
            let (seconds, rest) = sample.quotientAndRemainder(dividingBy: 1000)
            let whole = rest < 0 ? seconds - 1 : seconds
            let expected = Date(timeIntervalSince1970: Double(whole)).formatted(style).dropLast(4)
            let text = UTCTime.rfc3339(milliseconds: sample)
            #expect(text.dropLast(4) == expected, "\(sample)")
            #expect(Int64(text.dropLast().suffix(3)) == sample - whole * 1000)
        }
        for sample in samples where (-62_167_219_200_000..<253_402_300_800_000).contains(sample) {
            #expect(UTCTime.milliseconds(rfc3339: UTCTime.rfc3339(milliseconds: sample)) == sample)
        }
        #expect(UTCTime.milliseconds(rfc3339: "1970-01-01T00:00:01Z") == 1_000)
        for text in [
            "", "2026-02-29T00:00:00Z", "2026-13-01T00:00:00Z", "2026-01-01T24:00:00Z", "2026-01-01T00:00:00+01:00",
            "2026-01-01 00:00:00Z", "2026-01-01T00:00:60Z", "2026-01-01T0a:00:00Z", "2026-01-01T00:00:00.12Z",
        ] { #expect(UTCTime.milliseconds(rfc3339: text) == nil, "\(text)") }
        #expect(UTCTime.rfc3339(milliseconds: -1) == "1969-12-31T23:59:59.999Z")
        #expect(UTCTime.rfc3339(milliseconds: -62_167_219_200_000) == "0000-01-01T00:00:00.000Z")
    }
}
