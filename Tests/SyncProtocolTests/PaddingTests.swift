import Testing

@testable import Sealing

@Suite("Padding")
struct PaddingTests {
    /// Padmé as the paper writes it (Nikitin et al., "Reducing metadata leakage from encrypted files and communication with
    /// PURBs", algorithm 1), with floating-point logarithms as there.
    func padme(_ length: Int) -> Int {
        var exponent = 0
        while 1 << (exponent + 1) <= length { exponent += 1 }
        var size = 0
        while 1 << size <= exponent { size += 1 }
        let low = (1 << (exponent - size)) - 1
        return (length + low) / (low + 1) * (low + 1)
    }

    @Test("lengths are Padmé's, of the values and the mark, and at least 64")
    func lengths() {
        #expect(Padding.paddedCount(0) == 0)
        for count in 1...70_000 { #expect(Padding.paddedCount(count) == max(64, padme(count + 1))) }
        // From the paper's figures: what is just above a power of two grows by an eighth at most.
        #expect(
            padme(9) == 10 && padme(65) == 72 && padme(129) == 144 && padme(1_025) == 1_088 && padme(1 << 20) == 1 << 20
        )
        #expect(padme((1 << 20) + 1) == (1 << 20) + (1 << 15))
    }

    @Test("adds at most 12 % to what is long, and leaves few lengths")
    func overhead() {
        for count in 64...200_000 {
            let overhead = Double(Padding.paddedCount(count) - count - 1) / Double(count + 1)
            #expect(overhead <= 0.12, "\(count) bytes")
        }
        #expect(Set((0...524_288).map(Padding.paddedCount)).count < 260)
        // Longer values are never shorter when they are filled up.
        var last = 0
        for count in 0...100_000 {
            #expect(Padding.paddedCount(count) >= last)
            last = Padding.paddedCount(count)
        }
    }

    @Test("opens what was filled up so, and no other filling")
    func opening() {
        #expect(Padding.end(of: [] as [UInt8]) == 0)
        for count in [1, 2, 62, 63, 64, 65, 71, 72, 500, 1_024] {
            // Values that end like a filling, too.
            for last in [0, 0x80, 1] as [UInt8] {
                let plain = [UInt8](repeating: 5, count: count - 1) + [last]
                var filled = plain + [0x80]
                filled += [UInt8](repeating: 0, count: Padding.paddedCount(count) - filled.count)
                #expect(Padding.end(of: filled) == count)
                #expect(Padding.end(of: filled + [0]) == nil, "one zero more")
                #expect(Padding.end(of: filled.dropLast()) == nil, "one byte less")
                var other = filled
                other[count] = 0x81
                #expect(Padding.end(of: other) == nil, "another mark")
                if filled.count > count + 1 {
                    other = filled
                    other[filled.count - 1] = 1
                    #expect(Padding.end(of: other) == nil, "no zeros")
                }
            }
        }
        for count in [1, 16, 63, 64, 65, 100] {
            #expect(Padding.end(of: [UInt8](repeating: 0, count: count)) == nil, "no mark")
        }
        // The mark at the very front stands for no values, which are not filled up.
        #expect(Padding.end(of: [0x80] + [UInt8](repeating: 0, count: 63)) == nil)
        #expect(Padding.end(of: [1, 0x80]) == nil)
    }
}
