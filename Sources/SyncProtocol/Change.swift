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
    /// What stands above the parent, the nearest first: an erasure of any of them erases the record, also where this
    /// change arrives first and what lies between never does.
    public var ancestors: [RecordID]
    /// The fields whose values are sealed, empty for an erase. Values stand in ascending order of field number.
    public var fields: FieldMask
    /// The writes that this one replaces, in some of its fields. Only a put replaces anything.
    public var replaced: ReplacedDots
    /// Which of the line's keys it is sealed with.
    public var epoch: UInt32

    public init(
        kind: Kind, collection: UInt32, record: RecordID, parent: RecordID? = nil, ancestors: [RecordID] = [],
        fields: FieldMask, replaced: ReplacedDots = .none, epoch: UInt32
    ) {
        self.kind = kind
        self.collection = collection
        self.record = record
        self.parent = parent
        self.ancestors = ancestors
        self.fields = fields
        self.replaced = replaced
        self.epoch = epoch
    }

    /// The record's parent and everything above it, the nearest first.
    public var path: [RecordID] { parent.map { [$0] + ancestors } ?? [] }

    /// Whether both could have been written of one record.
    public func isOfSameRecord(as other: ChangeHeader) -> Bool {
        kind == other.kind && collection == other.collection && record == other.record && parent == other.parent
            && ancestors == other.ancestors
    }

    /// The change as it is merged, once its dot and time are known.
    public func entry(_ stamp: Stamp) -> RecordState.Entry {
        RecordState.Entry(stamp: stamp, fields: fields, replaced: replaced)
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
    /// When it was written, and the dot that all of its changes have.
    public var stamp: Stamp
    /// What a stored digest chain ends with after this commit (``CommitDigest``).
    public var digest: [UInt8]
    /// The first 16 bytes of each change's nonce; the last 8 are the change's index.
    public var nonce: [UInt8]
    public var changes: [SealedChange]

    public static let digestBytes = 16
    public static let nonceBytes = 16

    public init(number: UInt64, stamp: Stamp, digest: [UInt8], nonce: [UInt8], changes: [SealedChange]) {
        self.number = number
        self.stamp = stamp
        self.digest = digest
        self.nonce = nonce
        self.changes = changes
    }

    /// How much of a commit's limit it takes.
    public var sizeBytes: Int {
        changes.reduce(0) { $0 + $1.sealed.count + $1.header.replaced.count * ReplacedDots.wireBytes + 96 }
    }

    /// What a change takes of a commit's limit at most, beside an eighth more than its values: header, filling and tag.
    public static let changeBytes = 96 + 64 + 16
}

extension ReplacedDots {
    /// What one replaced dot takes at most on the wire: two numbers of 9 bytes.
    public static let wireBytes = 18
}
