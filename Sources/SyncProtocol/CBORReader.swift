/// Reads deterministic CBOR (RFC 8949 §4.2) from bytes that nobody has vouched for.
///
/// It never crashes, never reads outside the bytes, and hands out byte strings as slices of the message instead of
/// copies, so that no length in the input can make it allocate. Every count is checked against the bytes that are
/// left before anything is reserved for it.
public struct CBORReader: Sendable {
    public let bytes: [UInt8]
    public private(set) var offset: Int
    public let end: Int

    /// How deep items may nest where a message is skipped over.
    public static let maximumDepth = 16

    @inlinable public init(_ bytes: [UInt8]) { self.init(bytes, 0, bytes.count) }

    /// Reads a slice of a message, by copying it; ``nested(limit:)`` does without.
    @inlinable public init(_ slice: ArraySlice<UInt8>) { self.init(Array(slice), 0, slice.count) }

    /// Reads a part of a buffer in place; offsets count from the buffer's start.
    public init(_ bytes: [UInt8], in range: Range<Int>) {
        precondition(range.lowerBound >= 0 && range.upperBound <= bytes.count)
        self.init(bytes, range.lowerBound, range.upperBound)
    }

    @usableFromInline init(_ bytes: [UInt8], _ offset: Int, _ end: Int) {
        self.bytes = bytes
        self.offset = offset
        self.end = end
    }

    public var isAtEnd: Bool { offset == end }

    /// A reader of a byte string's content, in place.
    public mutating func nested(limit: Int) throws(ProtocolError) -> CBORReader {
        let count = try length(major: 2, limit: limit)
        let inner = CBORReader(bytes, offset, offset + count)
        offset += count
        return inner
    }

    public func finish() throws(ProtocolError) {
        if offset != end { throw ProtocolError(.trailing, offset: offset) }
    }

    // MARK: Items

    /// The initial byte and argument of an item, checked to be the shortest form.
    public mutating func head() throws(ProtocolError) -> (major: UInt8, argument: UInt64) {
        guard offset < end else { throw ProtocolError(.truncated, offset: offset) }
        let first = bytes[offset]
        let start = offset
        offset += 1
        let low = first & 0x1F
        if low < 24 { return (first >> 5, UInt64(low)) }
        guard low <= 27 else { throw ProtocolError(.notDeterministic, offset: start) }
        let count = 1 << Int(low - 24)
        guard end - offset >= count else { throw ProtocolError(.truncated, offset: start) }
        let value = number(byteCount: count)
        offset += count
        if first >> 5 != 7 {
            let smallest: UInt64 = low == 24 ? 24 : 1 << (UInt64(count) * 4)
            if value < smallest { throw ProtocolError(.notDeterministic, offset: start) }
        }
        return (first >> 5, value)
    }

    /// The big-endian number of 1, 2, 4 or 8 bytes at ``offset``, which lie before ``end``.
    private func number(byteCount: Int) -> UInt64 {
        unsafe bytes.withUnsafeBytes { bytes in
            precondition(offset + byteCount <= bytes.count)
            func load<Number: FixedWidthInteger>(_: Number.Type) -> UInt64 {
                unsafe UInt64(Number(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: Number.self)))
            }
            switch byteCount {
            case 1: return load(UInt8.self)
            case 2: return load(UInt16.self)
            case 4: return load(UInt32.self)
            default: return load(UInt64.self)
            }
        }
    }

    /// The next item's initial byte, without taking it.
    public func peek() throws(ProtocolError) -> UInt8 {
        guard offset < end else { throw ProtocolError(.truncated, offset: offset) }
        return bytes[offset]
    }

    private mutating func argument(major expected: UInt8) throws(ProtocolError) -> UInt64 {
        let start = offset
        let (major, argument) = try head()
        guard major == expected else { throw ProtocolError(.wrongType, offset: start) }
        return argument
    }

    public mutating func unsigned() throws(ProtocolError) -> UInt64 { try argument(major: 0) }

    public mutating func unsigned(below limit: UInt64) throws(ProtocolError) -> UInt64 {
        let start = offset
        let value = try unsigned()
        guard value < limit else { throw ProtocolError(.invalidValue, offset: start) }
        return value
    }

    public mutating func integer() throws(ProtocolError) -> Int64 {
        let start = offset
        let (major, argument) = try head()
        guard major <= 1 else { throw ProtocolError(.wrongType, offset: start) }
        guard argument <= UInt64(Int64.max) else { throw ProtocolError(.invalidValue, offset: start) }
        return major == 0 ? Int64(argument) : ~Int64(argument)
    }

    public mutating func boolean() throws(ProtocolError) -> Bool {
        let byte = try peek()
        guard byte == 0xF4 || byte == 0xF5 else { throw ProtocolError(.wrongType, offset: offset) }
        offset += 1
        return byte == 0xF5
    }

    /// Takes a null if one comes next.
    public mutating func takeNull() throws(ProtocolError) -> Bool {
        guard try peek() == 0xF6 else { return false }
        offset += 1
        return true
    }

    /// The length of a string, checked against the limit and the bytes that are left; the content comes next.
    private mutating func length(major: UInt8, limit: Int) throws(ProtocolError) -> Int {
        let start = offset
        let value = try argument(major: major)
        guard value <= UInt64(limit) else { throw ProtocolError(.limit, offset: start) }
        guard value <= UInt64(end - offset) else { throw ProtocolError(.truncated, offset: start) }
        return Int(value)
    }

    /// A byte string, as its place in ``bytes``.
    public mutating func dataRange(limit: Int) throws(ProtocolError) -> Range<Int> {
        let count = try length(major: 2, limit: limit)
        defer { offset += count }
        return offset..<offset + count
    }

    public mutating func data(limit: Int) throws(ProtocolError) -> ArraySlice<UInt8> {
        bytes[try dataRange(limit: limit)]
    }

    public mutating func data(exactly count: Int) throws(ProtocolError) -> ArraySlice<UInt8> {
        let start = offset
        let range = try dataRange(limit: count)
        guard range.count == count else { throw ProtocolError(.invalidValue, offset: start) }
        return bytes[range]
    }

    /// A text string's bytes, checked to be UTF-8, as their place in ``bytes``.
    public mutating func textRange(limit: Int) throws(ProtocolError) -> Range<Int> {
        let start = offset
        let count = try length(major: 3, limit: limit)
        let range = offset..<offset + count
        guard isUTF8(range) else { throw ProtocolError(.invalidText, offset: start) }
        offset += count
        return range
    }

    public mutating func text(limit: Int) throws(ProtocolError) -> String {
        String(decoding: bytes[try textRange(limit: limit)], as: UTF8.self)
    }

    private func isUTF8(_ range: Range<Int>) -> Bool {
        isASCII(range) || String(validating: bytes[range], as: UTF8.self) != nil
    }

    /// Eight bytes at a time.
    private func isASCII(_ range: Range<Int>) -> Bool {
        unsafe bytes.withUnsafeBytes { bytes in
            precondition(range.upperBound <= bytes.count)
            var seen: UInt64 = 0
            var place = range.lowerBound
            while place + 8 <= range.upperBound {
                seen |= unsafe bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self)
                place += 8
            }
            while place < range.upperBound {
                seen |= unsafe UInt64(bytes[place])
                place += 1
            }
            return seen & 0x8080_8080_8080_8080 == 0
        }
    }

    /// The count of an array, where each element takes at least `elementBytes`.
    public mutating func array(limit: Int, elementBytes: Int = 1) throws(ProtocolError) -> Int {
        let start = offset
        let count = try argument(major: 4)
        guard count <= UInt64(limit) else { throw ProtocolError(.limit, offset: start) }
        guard count <= UInt64((end - offset) / max(1, elementBytes)) else {
            throw ProtocolError(.truncated, offset: start)
        }
        return Int(count)
    }

    public mutating func array(exactly count: Int) throws(ProtocolError) {
        let start = offset
        guard try array(limit: 1 << 20) == count else { throw ProtocolError(.invalidValue, offset: start) }
    }

    /// A map with unsigned keys: the body reads the value of each key it knows and returns false for the others,
    /// which are skipped, so that later versions can add some.
    public mutating func map(
        limit: Int = 64, _ body: (UInt64, inout CBORReader) throws(ProtocolError) -> Bool
    ) throws(ProtocolError) {
        let start = offset
        let count = try argument(major: 5)
        guard count <= UInt64(limit) else { throw ProtocolError(.limit, offset: start) }
        var last: UInt64?
        for _ in 0..<count {
            let place = offset
            let key = try unsigned()
            if let last, key <= last { throw ProtocolError(.notDeterministic, offset: place) }
            last = key
            if try !body(key, &self) { try skip() }
        }
    }
}
