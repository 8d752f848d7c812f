/// Bytes that are written one after the other into memory of their exact size, which mostly stands on the stack: what is
/// hashed for every row has no array of its own.
@safe
@frozen @usableFromInline
package struct FixedBytes: ~Copyable {
    @usableFromInline let memory: UnsafeMutableRawBufferPointer
    @usableFromInline var count = 0

    @inlinable init(_ memory: UnsafeMutableRawBufferPointer) { unsafe self.memory = unsafe memory }

    /// Has the body write exactly so many bytes, and hashes them.
    @inlinable package static func hash(
        _ byteCount: Int, _ hash: (Span<UInt8>) -> UInt128, _ body: (inout FixedBytes) -> Void
    ) -> UInt128 {
        unsafe withUnsafeTemporaryAllocation(byteCount: byteCount, alignment: 8) { memory in
            var bytes = unsafe FixedBytes(memory)
            body(&bytes)
            precondition(bytes.count == byteCount)
            return unsafe hash(Span(_unsafeElements: memory.assumingMemoryBound(to: UInt8.self)))
        }
    }

    /// The number's bytes, the highest first.
    @inlinable package mutating func append<Number: FixedWidthInteger>(_ number: Number) {
        let size = MemoryLayout<Number>.size
        precondition(count + size <= (unsafe memory.count))
        unsafe memory.storeBytes(of: number.bigEndian, toByteOffset: count, as: Number.self)
        count += size
    }

    @inlinable package mutating func append(_ id: RecordID) {
        append(id.high)
        append(id.low)
    }

    @inlinable package mutating func append(_ bytes: UnsafeRawBufferPointer) {
        let size = bytes.count
        precondition(count + size <= (unsafe memory.count))
        guard size > 0 else { return }
        unsafe memory.baseAddress!.advanced(by: count).copyMemory(from: bytes.baseAddress!, byteCount: size)
        count += size
    }
}
