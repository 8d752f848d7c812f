import Merge

extension CBORWriter {
    public mutating func change(_ value: SealedChange) { change(header: value.header, content: value.sealed) }

    /// The same from its parts, the content sealed or plain.
    public mutating func change(header: ChangeHeader, content: ArraySlice<UInt8>) {
        compose { items in
            items.array(7)
            items.headerItems(header)
            items.head(2, UInt64(content.count))
        }
        bytes.append(contentsOf: content)
    }

    public mutating func commit(_ value: SealedCommit) {
        array(7)
        unsigned(value.number)
        time(value.time)
        unsigned(value.base)
        if let context = value.context { stamps(context.sorted) } else { null() }
        data(value.digest)
        data(value.nonce)
        array(value.changes.count)
        for change in value.changes { self.change(change) }
    }
}

extension CBORReader {
    mutating func headerItems() throws(ProtocolError) -> ChangeHeader {
        let start = offset
        guard let kind = ChangeHeader.Kind(rawValue: UInt8(try unsigned(below: 3))) else {
            throw ProtocolError(.invalidValue, offset: start)
        }
        let collection = UInt32(try unsigned(below: 1 << 32))
        let record = try record()
        let parent = try takeNull() ? nil : try self.record()
        let fields = FieldMask(rawValue: try unsigned())
        let epoch = UInt32(try unsigned(below: 1 << 32))
        // A put without fields would leave no trace in a record's state; an erase has none to set.
        guard (kind == .put) != fields.isEmpty || kind == .add, kind != .erase || fields.isEmpty, parent != record
        else {
            throw ProtocolError(.invalidValue, offset: start)
        }
        return ChangeHeader(
            kind: kind, collection: collection, record: record, parent: parent, fields: fields, epoch: epoch)
    }

    public mutating func change(limits: Limits) throws(ProtocolError) -> SealedChange {
        try array(exactly: 7)
        let header = try headerItems()
        return SealedChange(header: header, sealed: try data(limit: limits.commitBytes))
    }

    public mutating func commit(limits: Limits) throws(ProtocolError) -> SealedCommit {
        try array(exactly: 7)
        let number = try unsigned()
        let time = try time()
        let base = try unsigned(below: Cursor.positionLimit)
        let context = try takeNull() ? nil : try versionVector()
        let digest = Array(try data(exactly: SealedCommit.digestBytes))
        let nonce = Array(try data(exactly: SealedCommit.nonceBytes))
        let count = try array(limit: limits.commitChanges, elementBytes: 24)
        var changes: [SealedChange] = []
        changes.reserveCapacity(count)
        for _ in 0..<count { changes.append(try change(limits: limits)) }
        return SealedCommit(
            number: number, time: time, base: base, context: context, digest: digest, nonce: nonce, changes: changes)
    }

    mutating func versionVector() throws(ProtocolError) -> VersionVector {
        let start = offset
        let stamps = try stamps()
        var times: [ReplicaID: HybridTimestamp] = [:]
        var last: ReplicaID?
        for stamp in stamps {
            if let last, stamp.replica <= last { throw ProtocolError(.notDeterministic, offset: start) }
            last = stamp.replica
            times[stamp.replica] = stamp.time
        }
        return VersionVector(times)
    }
}
