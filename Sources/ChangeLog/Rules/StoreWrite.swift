import Merge
import SyncProtocol

/// What is to be written of a decision, in order.
enum StoreWrite: Sendable {
    case log(LogEntry)
    case insert(NewChange)
    /// The change stands in these fields only.
    case stand(ChangePlace, FieldMask)
    case remove(ChangePlace)
    case move(ChangePlace, to: ChangePlace)
    case tombstone(RecordID, ChangePlace)
    /// The record's path above its parent, to find it when one of these is erased.
    case path(RecordID, ancestors: [RecordID])
    case dropPath(RecordID, ancestors: [RecordID])
    case lease(Lease, replica: ReplicaID)
}

/// A change to be kept, with its bytes.
struct NewChange: Sendable {
    var place: ChangePlace
    var change: SealedChange
    var live: FieldMask
    /// The end of its nonce.
    var nonceIndex: UInt64
    /// Taken over the bytes as they came in (``RowHash``).
    var hash: UInt128
}
