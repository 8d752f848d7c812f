/// A 128-bit hash of a byte string; the engine uses BLAKE2b. Given from outside, so that this target stays pure.
public typealias Hash128 = @Sendable (Span<UInt8>) -> UInt128

/// A digest of a whole line's state, kept up to date change by change.
///
/// It is the sum, modulo 2¹²⁸, of one hash for each record, note and tombstone. A sum, because records can then
/// be added and taken away in any order. Two sides with equal fingerprints hold the same writes; it says nothing
/// against somebody who searches for collisions, and need not: a server that lies can withhold anyway.
public struct Fingerprint: Hashable, Sendable, CustomStringConvertible {
    public var value: UInt128

    public init(value: UInt128 = 0) { self.value = value }

    public mutating func add(_ hash: UInt128) { value &+= hash }
    public mutating func subtract(_ hash: UInt128) { value &-= hash }

    /// 32 lowercase hexadecimal digits, the most significant first.
    public var description: String {
        hexadecimal(UInt64(truncatingIfNeeded: value >> 64)) + hexadecimal(UInt64(truncatingIfNeeded: value))
    }
}

/// The hash of one item of a line's state. The bytes hashed begin with a tag of the item's kind:
///
/// | item | bytes |
/// | --- | --- |
/// | record | 1, collection (4 bytes), id (16), then per entry time (8), dot (8), field mask (8) |
/// | note | 2, collection (4), id (16) |
/// | tombstone | 3, id (16) |
///
/// All numbers big-endian, entries in descending order of stamp. A note's stamp does not count: two copies of one
/// workstation may both have sent it. What a change replaces does not count either: it follows from the dot. Cost: one BLAKE2b block for a record of up to four entries, about 150 ns.
public struct ItemHasher: Sendable {
    let hash: Hash128

    public init(_ hash: @escaping Hash128) { self.hash = hash }

    public func record(_ id: RecordID, collection: UInt32, entries: [RecordState.Entry]) -> UInt128 {
        hashing(1, collection, id, entryCount: entries.count) { bytes in
            for entry in entries { bytes.append(entry) }
        }
    }

    /// The hash of a record with one entry, which most of them are.
    public func record(_ id: RecordID, collection: UInt32, entry: RecordState.Entry) -> UInt128 {
        hashing(1, collection, id, entryCount: 1) { bytes in bytes.append(entry) }
    }

    public func note(_ id: RecordID, collection: UInt32) -> UInt128 {
        hashing(2, collection, id, entryCount: 0) { _ in }
    }

    public func tombstone(_ id: RecordID) -> UInt128 {
        FixedBytes.hash(17, hash) { bytes in
            bytes.append(3 as UInt8)
            bytes.append(id)
        }
    }

    private func hashing(
        _ tag: UInt8, _ collection: UInt32, _ id: RecordID, entryCount: Int, _ entries: (inout FixedBytes) -> Void
    ) -> UInt128 {
        FixedBytes.hash(Self.headBytes + entryCount * Self.entryBytes, hash) { bytes in
            bytes.append(tag)
            bytes.append(collection)
            bytes.append(id)
            entries(&bytes)
        }
    }

    private static let headBytes = 21
    private static let entryBytes = 24
}

extension FixedBytes {
    fileprivate mutating func append(_ entry: RecordState.Entry) {
        append(entry.stamp.time.rawValue)
        append(entry.stamp.dot.rawValue)
        append(entry.fields.rawValue)
    }
}
