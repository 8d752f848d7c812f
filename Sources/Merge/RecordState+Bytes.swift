/// The stored form, beside the record it belongs to.
///
/// Per entry: time (8 bytes), dot (8), fields as a base-128 number, how many writes it replaces as a base-128 number, and
/// per one of these dot (8) and fields. Big-endian; 18 bytes for a record that was written once.
extension RecordState {
    public func encoded() -> [UInt8] {
        // Every write makes one: written into its memory at once. A number takes ten bytes at most.
        let capacity = entries.reduce(0) { $0 + 36 + $1.replaced.count * 18 }
        return unsafe [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
            var writer = unsafe StateWriter(buffer)
            for entry in entries { unsafe writer.append(entry) }
            count = unsafe writer.count
        }
    }

    public static func append(_ entry: Entry, to bytes: inout [UInt8]) {
        appendBigEndian(entry.stamp.time.rawValue, to: &bytes)
        appendBigEndian(entry.stamp.dot.rawValue, to: &bytes)
        appendNumber(entry.fields.rawValue, to: &bytes)
        entry.replaced.append(to: &bytes)
    }

    /// Reads the stored form; nil if it is none, which means a damaged file.
    public init?(encoded bytes: Span<UInt8>) {
        var entries: [Entry] = []
        var offset = 0
        while offset < bytes.count {
            guard let time = StateReader.word(bytes, &offset), let dot = StateReader.word(bytes, &offset),
                let fields = StateReader.number(bytes, &offset), fields != 0,
                let replaced = StateReader.replaced(bytes, &offset)
            else { return nil }
            let stamp = Stamp(time: .init(rawValue: time), dot: .init(rawValue: dot))
            if let last = entries.last, last.stamp <= stamp { return nil }
            entries.append(Entry(stamp: stamp, fields: .init(rawValue: fields), replaced: replaced))
        }
        self.init(sorted: entries)
    }
}

extension ReplacedDots {
    /// How many there are, then each one's dot (8 bytes) and fields: the form that is stored and authenticated.
    public func append(to bytes: inout [UInt8]) {
        appendNumber(UInt64(count), to: &bytes)
        for element in elements {
            appendBigEndian(element.dot.rawValue, to: &bytes)
            appendNumber(element.fields.rawValue, to: &bytes)
        }
    }

    public func encoded() -> [UInt8] {
        var bytes: [UInt8] = []
        append(to: &bytes)
        return bytes
    }

    public init?(encoded bytes: Span<UInt8>) {
        var offset = 0
        guard let replaced = StateReader.replaced(bytes, &offset), offset == bytes.count else { return nil }
        self = replaced
    }
}

/// Writes the stored form into memory that is large enough.
@unsafe private struct StateWriter {
    private let buffer: UnsafeMutableBufferPointer<UInt8>
    private(set) var count = 0

    init(_ buffer: UnsafeMutableBufferPointer<UInt8>) { unsafe self.buffer = buffer }

    mutating func append(_ entry: RecordState.Entry) {
        unsafe word(entry.stamp.time.rawValue)
        unsafe word(entry.stamp.dot.rawValue)
        unsafe number(entry.fields.rawValue)
        unsafe number(UInt64(entry.replaced.count))
        for element in entry.replaced.elements {
            unsafe word(element.dot.rawValue)
            unsafe number(element.fields.rawValue)
        }
    }

    private mutating func word(_ value: UInt64) {
        precondition(unsafe count + 8 <= buffer.count)
        unsafe UnsafeMutableRawBufferPointer(buffer).storeBytes(
            of: value.bigEndian, toByteOffset: count, as: UInt64.self)
        unsafe count += 8
    }

    private mutating func number(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            unsafe byte(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        unsafe byte(UInt8(rest))
    }

    private mutating func byte(_ value: UInt8) {
        precondition(unsafe count < buffer.count)
        unsafe buffer[count] = value
        unsafe count += 1
    }
}

/// Reads parts of the stored form from bytes that may be damaged; nil where they are.
private enum StateReader {
    static func word(_ bytes: Span<UInt8>, _ offset: inout Int) -> UInt64? {
        guard bytes.count - offset >= 8 else { return nil }
        defer { offset += 8 }
        return readBigEndian(bytes, offset)
    }

    /// A base-128 number in its shortest form.
    static func number(_ bytes: Span<UInt8>, _ offset: inout Int) -> UInt64? {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while offset < bytes.count {
            let byte = bytes[offset]
            offset += 1
            if shift == 63, byte > 1 { return nil }
            value |= UInt64(byte & 0x7F) << shift
            // A group of zeros at the end: the same number in a longer form, which nobody writes.
            if byte < 0x80 { return byte == 0 && shift > 0 ? nil : value }
            shift += 7
            if shift > 63 { return nil }
        }
        return nil
    }

    static func replaced(_ bytes: Span<UInt8>, _ offset: inout Int) -> ReplacedDots? {
        guard let count = number(bytes, &offset) else { return nil }
        if count == 0 { return ReplacedDots.none }
        guard count <= UInt64((bytes.count - offset) / 9) else { return nil }
        var elements: [ReplacedDots.Element] = []
        elements.reserveCapacity(Int(count))
        for _ in 0..<count {
            guard let dot = word(bytes, &offset), let fields = number(bytes, &offset) else { return nil }
            elements.append(.init(dot: .init(rawValue: dot), fields: .init(rawValue: fields)))
        }
        return ReplacedDots(sorted: elements)
    }
}

func appendNumber(_ value: UInt64, to bytes: inout [UInt8]) {
    var rest = value
    while rest >= 0x80 {
        bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
        rest >>= 7
    }
    bytes.append(UInt8(rest))
}

@usableFromInline func appendBigEndian(_ value: UInt64, to bytes: inout [UInt8]) {
    unsafe withUnsafeBytes(of: value.bigEndian) { unsafe bytes.append(contentsOf: $0) }
}

func readBigEndian(_ bytes: Span<UInt8>, _ offset: Int) -> UInt64 {
    var value: UInt64 = 0
    for index in 0..<8 { value = value << 8 | UInt64(bytes[offset + index]) }
    return value
}
