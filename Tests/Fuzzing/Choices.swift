/// Turns a fuzzer's bytes into choices, front to back. Bytes that have run out are zeros, so that every input means
/// something, and a byte more or less changes only what comes behind it.
struct Choices {
    private let bytes: [UInt8]
    private var offset = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var isAtEnd: Bool { offset >= bytes.count }

    mutating func byte() -> UInt8 {
        guard offset < bytes.count else { return 0 }
        defer { offset += 1 }
        return bytes[offset]
    }

    /// One of 0 ..< limit; at most 256 of them.
    mutating func below(_ limit: Int) -> Int { Int(byte()) % limit }

    /// True with a chance of one in `count`, if the bytes were random.
    mutating func oneIn(_ count: Int) -> Bool { below(count) == count - 1 }

    /// A number whose size is chosen too: small ones, the ends of the usual ranges, and their neighbours.
    mutating func number() -> UInt64 {
        let shape = byte()
        switch shape % 8 {
        case 0, 1: return UInt64(byte())
        case 2: return 1 << UInt64(byte() % 64)
        case 3: return 1 << UInt64(byte() % 64) - 1
        case 4: return UInt64.max - UInt64(byte())
        case 5: return UInt64(byte()) << 8 | UInt64(byte())
        default: return word()
        }
    }

    mutating func word() -> UInt64 { (0..<8).reduce(0) { word, _ in word << 8 | UInt64(byte()) } }

    /// At most `count` bytes, fewer at the end.
    mutating func take(_ count: Int) -> [UInt8] {
        let end = min(bytes.count, offset + count)
        defer { offset = max(offset, end) }
        return offset < end ? Array(bytes[offset..<end]) : []
    }

    mutating func rest() -> [UInt8] { take(bytes.count) }
}
