/// Counts what of some bytes is UTF-8 beyond ASCII, and what is not (RFC 3629, section 4).
struct UTF8Counter: Sendable {
    private(set) var goodSequences = 0
    private(set) var badBytes = 0
    /// Bytes that the sequence under way still needs, and the range that the next must be in.
    private var missing = 0
    private var range: ClosedRange<UInt8> = 0x80...0xBF

    mutating func feed(_ byte: UInt8) {
        if missing > 0 {
            guard range.contains(byte) else {
                missing = 0
                range = 0x80...0xBF
                badBytes += 1
                feed(byte)
                return
            }
            missing -= 1
            range = 0x80...0xBF
            if missing == 0 { goodSequences += 1 }
            return
        }
        switch byte {
        case ..<0x80: break
        case 0xC2...0xDF: missing = 1
        case 0xE0: (missing, range) = (2, 0xA0...0xBF)
        case 0xED: (missing, range) = (2, 0x80...0x9F)
        case 0xE1...0xEF: missing = 2
        case 0xF0: (missing, range) = (3, 0x90...0xBF)
        case 0xF4: (missing, range) = (3, 0x80...0x8F)
        case 0xF1...0xF3: missing = 3
        default: badBytes += 1
        }
    }
}
