/// Writes CBOR (RFC 8949) in its deterministic form: shortest heads, definite lengths.
///
/// Maps are written by their keys in ascending order; the messages do that by the order of their calls, and debug
/// builds check nothing else: the reader refuses what is out of order, and every message is tested against it.
public struct CBORWriter: HeadWriter, Sendable {
    public var bytes: [UInt8]

    public init() { bytes = [] }
    /// Forgets what was written, and keeps the memory.
    public mutating func reset() { bytes.removeAll(keepingCapacity: true) }

    /// Appends short items that are put together on the stack: one look whether there is room, for all of them.
    mutating func compose(_ body: (inout ItemComposer) -> Void) {
        unsafe withUnsafeTemporaryAllocation(byteCount: ItemComposer.capacity, alignment: 8) { memory in
            var items = unsafe ItemComposer(memory)
            body(&items)
            unsafe bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: memory[..<items.count]))
        }
    }

    @inlinable public mutating func append(byte: UInt8) { bytes.append(byte) }

    /// The number's bytes, the highest first.
    @inlinable public mutating func append(_ value: some FixedWidthInteger) {
        unsafe withUnsafeBytes(of: value.bigEndian) { unsafe bytes.append(contentsOf: $0) }
    }

    @inlinable public mutating func unsigned(_ value: UInt64) { head(0, value) }
    @inlinable public mutating func integer(_ value: Int64) {
        value >= 0 ? head(0, UInt64(value)) : head(1, UInt64(bitPattern: ~value))
    }
    @inlinable public mutating func array(_ count: Int) { head(4, UInt64(count)) }
    @inlinable public mutating func map(_ count: Int) { head(5, UInt64(count)) }
    @inlinable public mutating func null() { bytes.append(0xF6) }
    @inlinable public mutating func boolean(_ value: Bool) { bytes.append(value ? 0xF5 : 0xF4) }

    @inlinable public mutating func data(_ value: [UInt8]) {
        head(2, UInt64(value.count))
        bytes.append(contentsOf: value)
    }

    @inlinable public mutating func data(_ value: ArraySlice<UInt8>) {
        head(2, UInt64(value.count))
        bytes.append(contentsOf: value)
    }

    /// Returns how many bytes the text has.
    @inlinable @discardableResult public mutating func text(_ value: String) -> Int {
        if let count = unsafe value.utf8.withContiguousStorageIfAvailable({ unsafe text($0) }) { return count }
        var copy = value
        return copy.withUTF8 { unsafe text($0) }
    }

    @unsafe @inlinable mutating func text(_ utf8: UnsafeBufferPointer<UInt8>) -> Int {
        head(3, UInt64(utf8.count))
        unsafe bytes.append(contentsOf: utf8)
        return utf8.count
    }

    /// The shortest of the three float formats that keeps the value; every NaN is the quiet half-precision one.
    public mutating func real(_ value: Double) {
        if value.isNaN {
            bytes.append(contentsOf: [0xF9, 0x7E, 0x00])
            return
        }
        let single = Float(value)
        guard Double(single) == value else {
            bytes.append(0xFB)
            return append(value.bitPattern)
        }
        if let half = Self.halfPrecision(single) {
            bytes.append(0xF9)
            append(half)
        } else {
            bytes.append(0xFA)
            append(single.bitPattern)
        }
    }

    /// The IEEE 754 half that equals the single exactly; nil if none does. By hand, since Float16 is not
    /// available on every platform.
    static func halfPrecision(_ value: Float) -> UInt16? {
        let bits = value.bitPattern
        let sign = UInt16(bits >> 16) & 0x8000
        let exponent = Int((bits >> 23) & 0xFF) - 127
        let fraction = bits & 0x7F_FFFF
        if exponent == 128 { return sign | 0x7C00 }
        if bits & 0x7FFF_FFFF == 0 { return sign }
        if exponent >= -14, exponent <= 15 {
            guard fraction & 0x1FFF == 0 else { return nil }
            return sign | UInt16(exponent + 15) << 10 | UInt16(fraction >> 13)
        }
        if exponent >= -24, exponent < -14 {
            let whole = fraction | 0x80_0000
            let shift = UInt32(-exponent - 1)
            guard whole & (1 << shift - 1) == 0 else { return nil }
            return sign | UInt16(whole >> shift)
        }
        return nil
    }
}
