public import Merge

/// A commit as the feed hands it out: only its changes that still stand somewhere.
///
/// A page is a CBOR sequence (RFC 8742) of these, in log order. A change comes whole, as it was sealed; where it stands
/// the reader finds by joining it (``Merge/RecordState/join(_:)-(Entry)``), never by the server's word.
public struct FeedCommit: Hashable, Sendable {
    public var position: UInt64
    public var stamp: Stamp
    public var nonce: [UInt8]
    public var changes: [FeedChange]

    public init(position: UInt64, stamp: Stamp, nonce: [UInt8], changes: [FeedChange]) {
        self.position = position
        self.stamp = stamp
        self.nonce = nonce
        self.changes = changes
    }
}

/// A change of the feed.
public struct FeedChange: Hashable, Sendable {
    /// Its place in the commit that was sealed; the end of its nonce.
    public var index: UInt64
    public var header: ChangeHeader
    public var sealed: ArraySlice<UInt8>

    public init(index: UInt64, header: ChangeHeader, sealed: ArraySlice<UInt8>) {
        self.index = index
        self.header = header
        self.sealed = sealed
    }
}

extension CBORWriter {
    /// The head of a commit of the feed; `changeCount` changes follow.
    public mutating func feedCommitHead(position: UInt64, stamp: Stamp, nonce: [UInt8], changeCount: Int) {
        array(5)
        unsigned(position)
        time(stamp.time)
        dot(stamp.dot)
        data(nonce)
        array(changeCount)
    }

    public mutating func feedChange(_ value: FeedChange) {
        unsafe value.sealed.withUnsafeBufferPointer { sealed in
            unsafe feedChange(index: value.index, header: value.header, sealed: sealed)
        }
    }

    /// The same from its parts.
    @unsafe public mutating func feedChange(
        index: UInt64, header: ChangeHeader, sealed: UnsafeBufferPointer<UInt8>
    ) {
        compose { items in
            items.array(ChangeHeader.itemCount + 2)
            items.unsigned(index)
            items.fixedItems(header)
        }
        variableItems(header)
        head(2, UInt64(sealed.count))
        unsafe bytes.append(contentsOf: sealed)
    }

    public mutating func feedCommit(_ value: FeedCommit) {
        feedCommitHead(
            position: value.position, stamp: value.stamp, nonce: value.nonce, changeCount: value.changes.count)
        for change in value.changes { feedChange(change) }
    }
}

extension CBORReader {
    public mutating func feedCommit(limits: Limits) throws(ProtocolError) -> FeedCommit {
        try array(exactly: 5)
        let position = try unsigned(below: Cursor.positionLimit)
        let stamp = try stamp()
        let nonce = Array(try data(exactly: SealedCommit.nonceBytes))
        let count = try array(limit: limits.commitChanges, elementBytes: 27)
        var changes: [FeedChange] = []
        changes.reserveCapacity(count)
        for _ in 0..<count { changes.append(try feedChange(limits: limits)) }
        return FeedCommit(position: position, stamp: stamp, nonce: nonce, changes: changes)
    }

    public mutating func feedChange(limits: Limits) throws(ProtocolError) -> FeedChange {
        try array(exactly: ChangeHeader.itemCount + 2)
        let index = try unsigned(below: UInt64(limits.commitChanges))
        let header = try headerItems()
        return FeedChange(index: index, header: header, sealed: try data(limit: limits.commitBytes))
    }
}
