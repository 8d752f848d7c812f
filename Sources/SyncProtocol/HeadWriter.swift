/// Something that heads of CBOR items are written to: a growing array, or memory of a fixed size.
public protocol HeadWriter {
    mutating func append(byte: UInt8)
    /// The number's bytes, the highest first.
    mutating func append(_ value: some FixedWidthInteger)
}

extension HeadWriter {
    /// An item's major type and argument, in the shortest form (RFC 8949, 4.2.1). Most arguments are small.
    @inline(__always) @inlinable public mutating func head(_ major: UInt8, _ argument: UInt64) {
        if argument < 24 {
            append(byte: major << 5 | UInt8(truncatingIfNeeded: argument))
        } else {
            longHead(major << 5, argument)
        }
    }

    @inline(never) @inlinable mutating func longHead(_ type: UInt8, _ argument: UInt64) {
        if argument <= 0xFF {
            append(byte: type | 24)
            append(byte: UInt8(truncatingIfNeeded: argument))
        } else if argument <= 0xFFFF {
            append(byte: type | 25)
            append(UInt16(truncatingIfNeeded: argument))
        } else if argument <= 0xFFFF_FFFF {
            append(byte: type | 26)
            append(UInt32(truncatingIfNeeded: argument))
        } else {
            append(byte: type | 27)
            append(argument)
        }
    }
}
