import Merge

/// A few items of CBOR, put together in memory of a fixed size: the heads of changes, which are written by the million.
@safe
struct ItemComposer {
    /// Enough for a change of the feed without its siblings and its content: three heads of 9 bytes more than it needs.
    static let capacity = 128
    private let memory: UnsafeMutableRawBufferPointer
    private(set) var count = 0

    @unsafe init(_ memory: UnsafeMutableRawBufferPointer) { unsafe self.memory = memory }

    mutating func head(_ major: UInt8, _ argument: UInt64) {
        let type = major << 5
        if argument < 24 {
            append(type | UInt8(truncatingIfNeeded: argument))
        } else if argument <= 0xFF {
            append(type | 24)
            append(UInt8(truncatingIfNeeded: argument))
        } else if argument <= 0xFFFF {
            append(type | 25)
            append(UInt16(truncatingIfNeeded: argument))
        } else if argument <= 0xFFFF_FFFF {
            append(type | 26)
            append(UInt32(truncatingIfNeeded: argument))
        } else {
            append(type | 27)
            append(argument)
        }
    }

    mutating func unsigned(_ value: UInt64) { head(0, value) }
    mutating func array(_ count: Int) { head(4, UInt64(count)) }
    mutating func null() { append(UInt8(0xF6)) }

    mutating func record(_ id: RecordID) {
        head(2, 16)
        append(id.high)
        append(id.low)
    }

    /// The six items of a header, without their array's head: others follow them.
    mutating func headerItems(_ value: ChangeHeader) {
        unsigned(UInt64(value.kind.rawValue))
        unsigned(UInt64(value.collection))
        record(value.record)
        if let parent = value.parent { record(parent) } else { null() }
        unsigned(value.fields.rawValue)
        unsigned(UInt64(value.epoch))
    }

    /// The number's bytes, the highest first.
    private mutating func append(_ number: some FixedWidthInteger) {
        let size = number.bitWidth / 8
        precondition(count + size <= (unsafe memory.count))
        unsafe memory.storeBytes(of: number.bigEndian, toByteOffset: count, as: type(of: number).self)
        count += size
    }
}
