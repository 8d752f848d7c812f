public import Merge

/// What one commit did to one record: what everybody may read. The values are sealed beside it.
public struct ChangeHeader: Hashable, Sendable {
    public enum Kind: UInt8, Sendable {
        /// Sets fields of a record.
        case put = 0
        /// Adds a note, once.
        case add = 1
        /// Erases a record or note, and everything below it, for good.
        case erase = 2
    }

    public var kind: Kind
    public var collection: UInt32
    public var record: RecordID
    /// Fixed when the record is made; erasing the parent erases the record.
    public var parent: RecordID?
    /// The fields whose values are sealed, empty for an erase. Values stand in ascending order of field number.
    public var fields: FieldMask
    /// Which of the line's keys it is sealed with.
    public var epoch: UInt32

    public init(
        kind: Kind, collection: UInt32, record: RecordID, parent: RecordID?, fields: FieldMask, epoch: UInt32
    ) {
        self.kind = kind
        self.collection = collection
        self.record = record
        self.parent = parent
        self.fields = fields
        self.epoch = epoch
    }
}

/// A change as it travels: header in clear, values sealed.
public struct SealedChange: Hashable, Sendable {
    public var header: ChangeHeader
    /// Ciphertext and its 16-byte tag. The nonce comes from the commit.
    public var sealed: ArraySlice<UInt8>

    public init(header: ChangeHeader, sealed: ArraySlice<UInt8>) {
        self.header = header
        self.sealed = sealed
    }
}

/// All that one transaction of one replica changed.
public struct SealedCommit: Hashable, Sendable {
    /// 1, 2, 3 … per replica.
    public var number: UInt64
    public var time: HybridTimestamp
    /// The log position of the snapshot that was edited.
    public var base: UInt64
    /// What had been seen, where ``base`` belongs to a log that was lost.
    public var context: VersionVector?
    /// What a stored digest chain ends with after this commit; opaque to the server.
    public var digest: [UInt8]
    /// The first 16 bytes of each change's nonce; the last 8 are the change's index.
    public var nonce: [UInt8]
    public var changes: [SealedChange]

    public static let digestBytes = 16
    public static let nonceBytes = 16

    public init(
        number: UInt64, time: HybridTimestamp, base: UInt64, context: VersionVector?, digest: [UInt8], nonce: [UInt8],
        changes: [SealedChange]
    ) {
        self.number = number
        self.time = time
        self.base = base
        self.context = context
        self.digest = digest
        self.nonce = nonce
        self.changes = changes
    }
}
