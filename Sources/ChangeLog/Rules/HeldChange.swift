import Merge
import SyncProtocol

/// Where a change stands in its line's log.
struct ChangePlace: Hashable, Sendable {
    var position: UInt64
    /// Its place among the changes of that position.
    var index: Int
}

/// A change that the line holds, without its sealed values.
struct HeldChange: Hashable, Sendable {
    var place: ChangePlace
    var stamp: Stamp
    var header: ChangeHeader
    /// The fields in which it stands. A note's are those that it sets: it stands whole or not at all.
    var live: FieldMask
    var sealedBytes: Int

    /// What it adds to the record's state.
    var entry: RecordState.Entry { header.entry(stamp).restricted(to: live) }
}
