import Casework
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#endif

/// How the guard's time grows. Measured in the thread's own processor time, which other work does not lengthen.
@Suite(.serialized)
struct PersonalDataTimeTests {
    /// Texts that make every kind of search begin as often as can be.
    static let hostile = [
        "1", "0", "1 ", "0 ", "07 ", "4111-", "@", " @aa", "a@b.", "abcdefgh", "a.b/", ":a", "1:", "٠٧٠ ", "a\u{301}",
        "se12 ", "insta: @aa ", "konto 8327 ", "( at", "10.", "０", "\u{200B}", "+", "tel 1 ", "http://x.com/",
        "Anna ", "noll ", "sista fyra ", "insta konto a_1.", "pass lma regnr ", "a punkt ", "at a dot ",
        "är medlem i NMR ",
        "Storgatan 1 ", "123 45 ",
    ]

    @Test("time grows with the length of the text and no faster, whatever it is made of", arguments: hostile)
    func linearTime(unit: String) {
        let watch = PersonalDataGuard()
        func bestSeconds(bytes: Int) -> Double {
            let text = String(repeating: unit, count: bytes / unit.utf8.count)
            return (0..<3).map { _ in Self.processorSeconds { _ = watch.findings(in: text) } }.min() ?? 0
        }
        // Eight times the text; quadratic time would be 64 times as much.
        #expect(bestSeconds(bytes: 4 << 10) < bestSeconds(bytes: 512) * 24 + 0.01)
    }

    @Test("a note as long as notes can be is read at once; prints its time")
    func speed() {
        let sentences = (LabelledSentences.blameless + LabelledSentences.dirty).map(\.text).joined(separator: "\n")
        let lines = String(repeating: sentences + "\n", count: Casework.noteBytes / (sentences.utf8.count + 1))
        let watch = PersonalDataGuard()
        let best = (0..<3).map { _ in Self.processorSeconds { _ = watch.findings(in: lines) } }.min() ?? 0
        print("personal data guard: \(lines.utf8.count) bytes in \(best * 1_000) ms")
        #expect(best < 2)
    }

    private static func processorSeconds(_ work: () -> Void) -> Double {
        let start = processorSeconds()
        work()
        return processorSeconds() - start
    }

    private static func processorSeconds() -> Double {
        var time = timespec()
        unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
