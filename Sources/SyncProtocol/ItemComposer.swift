import Merge

/// A few items of CBOR, put together in memory of a fixed size: the heads of changes, which are written by the million.
@safe
struct ItemComposer: HeadWriter {
    /// Enough for the bounded items of a change of the feed.
    static let capacity = 128
    private let memory: UnsafeMutableRawBufferPointer
    private(set) var count = 0

    @unsafe init(_ memory: UnsafeMutableRawBufferPointer) { unsafe self.memory = memory }

    @inline(__always) mutating func unsigned(_ value: UInt64) { head(0, value) }
    mutating func array(_ count: Int) { head(4, UInt64(count)) }
    mutating func null() { append(byte: 0xF6) }

    mutating func record(_ id: RecordID) {
        head(2, 16)
        append(id.high)
        append(id.low)
    }

    /// The six items of a header whose length is bounded, without their array's head: others follow them.
    mutating func fixedItems(_ value: ChangeHeader) {
        unsigned(UInt64(value.kind.rawValue))
        unsigned(UInt64(value.collection))
        record(value.record)
        if let parent = value.parent { record(parent) } else { null() }
        unsigned(value.fields.rawValue)
        unsigned(UInt64(value.epoch))
    }

    @inline(__always) mutating func append(byte: UInt8) {
        precondition(count < (unsafe memory.count))
        unsafe memory[count] = byte
        count += 1
    }

    @inline(__always) mutating func append(_ number: some FixedWidthInteger) {
        let size = number.bitWidth / 8
        precondition(count + size <= (unsafe memory.count))
        unsafe memory.storeBytes(of: number.bigEndian, toByteOffset: count, as: type(of: number).self)
        count += size
    }
}
