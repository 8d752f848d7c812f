import Merge
import Sealing
import SyncProtocol

/// The hash that is kept beside a change, by which a server that cannot read a change still finds its own damage.
///
/// BLAKE2b-128 over all that a reader needs to open it: time, dot, nonce, index, kind, collection, record, everything above
/// it, fields, epoch, what it replaces, and the sealed bytes; numbers big-endian. Not where it stands in the log: it may move.
enum RowHash {
    static func of(
        _ header: ChangeHeader, stamp: Stamp, nonce: [UInt8], nonceIndex: UInt64, sealed: UnsafeRawBufferPointer
    ) -> UInt128 {
        let replaced = header.replaced.isEmpty ? Self.none : header.replaced.encoded()
        let path = header.parent == nil ? 0 : 1 + header.ancestors.count
        let size = Self.fixedBytes + nonce.count + path * 16 + replaced.count + sealed.count
        return FixedBytes.hash(size, Blake2b.hash128) { bytes in
            bytes.append(stamp.time.rawValue)
            bytes.append(stamp.dot.rawValue)
            unsafe nonce.withUnsafeBytes { unsafe bytes.append($0) }
            bytes.append(nonceIndex)
            bytes.append(UInt64(header.kind.rawValue) << 40 | UInt64(header.collection))
            bytes.append(header.record)
            bytes.append(UInt64(path))
            if let parent = header.parent { bytes.append(parent) }
            for ancestor in header.ancestors where path > 0 { bytes.append(ancestor) }
            bytes.append(header.fields.rawValue)
            bytes.append(UInt64(header.epoch))
            unsafe replaced.withUnsafeBytes { unsafe bytes.append($0) }
            unsafe bytes.append(sealed)
        }
    }

    static func of(
        _ change: SealedChange, stamp: Stamp, nonce: [UInt8], nonceIndex: UInt64
    ) -> UInt128 {
        unsafe change.sealed.withUnsafeBytes { sealed in
            unsafe of(change.header, stamp: stamp, nonce: nonce, nonceIndex: nonceIndex, sealed: sealed)
        }
    }

    private static let none = ReplacedDots.none.encoded()
    /// Time, dot, index, kind and collection, record, length of the path, fields, epoch.
    private static let fixedBytes = 9 * 8
}
