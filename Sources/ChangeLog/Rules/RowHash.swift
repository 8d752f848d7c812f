import Merge
import Sealing
import SyncProtocol

/// The hash that is kept beside a change, by which a server that cannot read a change still finds its own damage.
///
/// BLAKE2b-128 over all that a reader needs to open it: time, dot, nonce, index, kind, collection, record, everything above
/// it, fields, epoch, what it replaces, and the sealed bytes; numbers big-endian. Not where it stands in the log: it may move.
enum RowHash {
    static func of(
        _ header: ChangeHeader, stamp: Stamp, nonce: [UInt8], nonceIndex: UInt64, sealed: some Collection<UInt8>
    ) -> UInt128 {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(128 + sealed.count)
        func append(_ word: UInt64) {
            unsafe withUnsafeBytes(of: word.bigEndian) { unsafe bytes.append(contentsOf: $0) }
        }
        func append(_ id: RecordID) {
            append(id.high)
            append(id.low)
        }
        append(stamp.time.rawValue)
        append(stamp.dot.rawValue)
        bytes.append(contentsOf: nonce)
        append(nonceIndex)
        append(UInt64(header.kind.rawValue) << 40 | UInt64(header.collection))
        append(header.record)
        append(UInt64(header.parent == nil ? 0 : 1 + header.ancestors.count))
        if let parent = header.parent { append(parent) }
        for ancestor in header.ancestors { append(ancestor) }
        append(header.fields.rawValue)
        append(UInt64(header.epoch))
        header.replaced.append(to: &bytes)
        bytes.append(contentsOf: sealed)
        return Blake2b.hash128(bytes.span)
    }
}
