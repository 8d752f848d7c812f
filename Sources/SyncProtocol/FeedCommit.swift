public import Merge

/// A commit as the feed hands it out: only its changes that still stand.
///
/// A page is a CBOR sequence (RFC 8742) of these, in log order.
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

/// A live change with the server's word on where it stands.
public struct FeedChange: Hashable, Sendable {
    /// Its place in the commit that was sealed; the end of its nonce.
    public var index: UInt64
    public var header: ChangeHeader
    /// The fields in which it is still a sibling, a subset of the header's.
    public var live: FieldMask
    /// The other siblings in those fields.
    public var siblings: [StampVector.Entry]
    public var sealed: ArraySlice<UInt8>

    public init(
        index: UInt64, header: ChangeHeader, live: FieldMask, siblings: [StampVector.Entry], sealed: ArraySlice<UInt8>
    ) {
        self.index = index
        self.header = header
        self.live = live
        self.siblings = siblings
        self.sealed = sealed
    }
}

extension CBORWriter {
    /// The head of a commit of the feed; `changeCount` changes follow.
    public mutating func feedCommitHead(position: UInt64, stamp: Stamp, nonce: [UInt8], changeCount: Int) {
        array(5)
        unsigned(position)
        time(stamp.time)
        replica(stamp.replica)
        data(nonce)
        array(changeCount)
    }

    /// A change of the feed. `live` is written as null where it is all of the header's fields, `siblings` where there
    /// are none: the common case costs two bytes.
    public mutating func feedChange(_ value: FeedChange) {
        unsafe value.sealed.withUnsafeBufferPointer { sealed in
            unsafe feedChange(
                index: value.index, header: value.header, live: value.live, siblings: value.siblings, sealed: sealed)
        }
    }

    /// The same from its parts.
    @unsafe public mutating func feedChange(
        index: UInt64, header: ChangeHeader, live: FieldMask, siblings entries: [StampVector.Entry],
        sealed: UnsafeBufferPointer<UInt8>
    ) {
        let sealedCount = sealed.count
        compose { items in
            items.array(10)
            items.unsigned(index)
            items.headerItems(header)
            if live == header.fields { items.null() } else { items.unsigned(live.rawValue) }
            if entries.isEmpty {
                items.null()
                items.head(2, UInt64(sealedCount))
            }
        }
        if !entries.isEmpty {
            siblings(entries)
            head(2, UInt64(sealedCount))
        }
        unsafe bytes.append(contentsOf: sealed)
    }

    public mutating func feedCommit(_ value: FeedCommit) {
        feedCommitHead(
            position: value.position, stamp: value.stamp, nonce: value.nonce, changeCount: value.changes.count)
        for change in value.changes { feedChange(change) }
    }

    mutating func siblings(_ entries: [StampVector.Entry]) {
        array(entries.count)
        for entry in entries {
            array(3)
            time(entry.stamp.time)
            replica(entry.stamp.replica)
            unsigned(entry.fields.rawValue)
        }
    }
}

extension CBORReader {
    public mutating func feedCommit(limits: Limits) throws(ProtocolError) -> FeedCommit {
        try array(exactly: 5)
        let position = try unsigned(below: Cursor.positionLimit)
        let time = try time()
        let stamp = Stamp(time: time, replica: try replica())
        let nonce = Array(try data(exactly: SealedCommit.nonceBytes))
        let count = try array(limit: limits.commitChanges, elementBytes: 26)
        var changes: [FeedChange] = []
        changes.reserveCapacity(count)
        for _ in 0..<count { changes.append(try feedChange(limits: limits)) }
        return FeedCommit(position: position, stamp: stamp, nonce: nonce, changes: changes)
    }

    private mutating func feedChange(limits: Limits) throws(ProtocolError) -> FeedChange {
        let start = offset
        try array(exactly: 10)
        let index = try unsigned(below: UInt64(limits.commitChanges))
        let header = try headerItems()
        var live = header.fields
        if try !takeNull() {
            live = FieldMask(rawValue: try unsigned())
            guard live.isSubset(of: header.fields), !live.isEmpty else {
                throw ProtocolError(.invalidValue, offset: start)
            }
            // All of its fields are written as null, and only so.
            if live == header.fields { throw ProtocolError(.notDeterministic, offset: start) }
        }
        let siblings = try takeNull() ? [] : try siblings()
        return FeedChange(
            index: index, header: header, live: live, siblings: siblings, sealed: try data(limit: limits.commitBytes))
    }

    private mutating func siblings() throws(ProtocolError) -> [StampVector.Entry] {
        let start = offset
        let count = try array(limit: Limits.siblings, elementBytes: 4)
        if count == 0 { throw ProtocolError(.notDeterministic, offset: start) }
        var entries: [StampVector.Entry] = []
        entries.reserveCapacity(count)
        for _ in 0..<count {
            try array(exactly: 3)
            let time = try time()
            let replica = try replica()
            let fields = FieldMask(rawValue: try unsigned())
            entries.append(.init(stamp: Stamp(time: time, replica: replica), fields: fields))
        }
        guard let vector = StampVector(unsorted: entries), vector.entries == entries else {
            throw ProtocolError(.notDeterministic, offset: start)
        }
        return entries
    }
}
