/// The stored form: per entry 8 bytes time, 8 bytes replica (both big-endian), and the mask in groups of seven
/// bits, lowest first, the high bit set on all but the last (LEB128). A row written once costs 17 to 26 bytes.
extension StampVector {
    public func encoded() -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(entries.count * 18)
        for entry in entries { Self.append(entry, to: &bytes) }
        return bytes
    }

    /// Appends one entry's stored form; a fresh row has exactly one.
    @inlinable public static func append(_ entry: Entry, to bytes: inout [UInt8]) {
        appendBigEndian(entry.stamp.time.rawValue, to: &bytes)
        appendBigEndian(entry.stamp.replica.rawValue, to: &bytes)
        var rest = entry.fields.rawValue
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    /// Reads the stored form; nil if it is none, which means a damaged file.
    public init?(encoded bytes: Span<UInt8>) {
        var entries: [Entry] = []
        var offset = 0
        while offset < bytes.count {
            guard let entry = Self.readEntry(bytes, &offset) else { return nil }
            if let last = entries.last, last.stamp <= entry.stamp { return nil }
            entries.append(entry)
        }
        self.init(sorted: entries)
    }

    private init(sorted: [Entry]) {
        self.init()
        for entry in sorted { appendSorted(entry) }
    }

    private static func readEntry(_ bytes: Span<UInt8>, _ offset: inout Int) -> Entry? {
        guard bytes.count - offset >= 17 else { return nil }
        let time = readBigEndian(bytes, offset)
        let replica = readBigEndian(bytes, offset + 8)
        offset += 16
        var mask: UInt64 = 0
        var shift: UInt64 = 0
        while offset < bytes.count {
            let byte = bytes[offset]
            offset += 1
            if shift == 63, byte > 1 { return nil }
            mask |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 {
                // A group of zeros at the end: the same mask in a longer form, which nobody writes.
                if byte == 0, shift > 0 { return nil }
                let stamp = Stamp(time: .init(rawValue: time), replica: .init(rawValue: replica))
                return mask == 0 ? nil : Entry(stamp: stamp, fields: .init(rawValue: mask))
            }
            shift += 7
            if shift > 63 { return nil }
        }
        return nil
    }
}

@usableFromInline func appendBigEndian(_ value: UInt64, to bytes: inout [UInt8]) {
    unsafe withUnsafeBytes(of: value.bigEndian) { unsafe bytes.append(contentsOf: $0) }
}

func readBigEndian(_ bytes: Span<UInt8>, _ offset: Int) -> UInt64 {
    var value: UInt64 = 0
    for index in 0..<8 { value = value << 8 | UInt64(bytes[offset + index]) }
    return value
}
