import Merge

extension CBORWriter {
    public mutating func change(_ value: SealedChange) { change(header: value.header, content: value.sealed) }

    /// The same from its parts, the content sealed or plain.
    public mutating func change(header: ChangeHeader, content: ArraySlice<UInt8>) {
        compose { items in
            items.array(ChangeHeader.itemCount + 1)
            items.fixedItems(header)
        }
        variableItems(header)
        data(content)
    }

    public mutating func commit(_ value: SealedCommit) {
        array(6)
        unsigned(value.number)
        time(value.stamp.time)
        dot(value.stamp.dot)
        data(value.digest)
        data(value.nonce)
        array(value.changes.count)
        for change in value.changes { self.change(change) }
    }

    /// The items of a header whose length is not known beforehand: mostly both are empty.
    mutating func variableItems(_ header: ChangeHeader) {
        array(header.ancestors.count)
        for ancestor in header.ancestors { record(ancestor) }
        array(2 * header.replaced.count)
        for element in header.replaced.elements {
            dot(element.dot)
            unsigned(element.fields.rawValue)
        }
    }
}

extension ChangeHeader {
    static let itemCount = 8
}

extension CBORReader {
    /// The items of a header, without their array's head.
    ///
    /// A header that no sound replica writes is refused here, once, for whatever it came in: a put without fields, which
    /// would leave no trace; values in an erasure; a note that replaces something; a record below itself.
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
        let ancestors = try ancestors()
        let replaced = try replaced()
        guard (kind == .put) != fields.isEmpty || kind == .add, kind != .erase || fields.isEmpty, parent != record,
            ancestors.isEmpty || parent != nil, !ancestors.contains(record),
            replaced.isEmpty || (kind == .put && replaced.fields.isSubset(of: fields))
        else {
            throw ProtocolError(.invalidValue, offset: start)
        }
        return ChangeHeader(
            kind: kind, collection: collection, record: record, parent: parent, ancestors: ancestors, fields: fields,
            replaced: replaced, epoch: epoch)
    }

    private mutating func ancestors() throws(ProtocolError) -> [RecordID] {
        let count = try array(limit: Limits.ancestors, elementBytes: 17)
        if count == 0 { return [] }
        var ancestors: [RecordID] = []
        for _ in 0..<count { ancestors.append(try record()) }
        return ancestors
    }

    private mutating func replaced() throws(ProtocolError) -> ReplacedDots {
        let start = offset
        let count = try array(limit: 2 * Limits.replacedDots)
        if count == 0 { return .none }
        guard count % 2 == 0 else { throw ProtocolError(.invalidValue, offset: start) }
        var elements: [ReplacedDots.Element] = []
        elements.reserveCapacity(count / 2)
        for _ in 0..<count / 2 {
            let dot = try dot()
            elements.append(.init(dot: dot, fields: FieldMask(rawValue: try unsigned())))
        }
        guard let replaced = ReplacedDots(sorted: elements) else {
            throw ProtocolError(.notDeterministic, offset: start)
        }
        return replaced
    }

    public mutating func change(limits: Limits) throws(ProtocolError) -> SealedChange {
        try array(exactly: ChangeHeader.itemCount + 1)
        let header = try headerItems()
        return SealedChange(header: header, sealed: try data(limit: limits.commitBytes))
    }

    public mutating func commit(limits: Limits) throws(ProtocolError) -> SealedCommit {
        try array(exactly: 6)
        let number = try unsigned(below: SealedCommit.numberLimit)
        let stamp = try stamp()
        let digest = Array(try data(exactly: SealedCommit.digestBytes))
        let nonce = Array(try data(exactly: SealedCommit.nonceBytes))
        let count = try array(limit: limits.commitChanges, elementBytes: 26)
        var changes: [SealedChange] = []
        changes.reserveCapacity(count)
        for _ in 0..<count { changes.append(try change(limits: limits)) }
        return SealedCommit(number: number, stamp: stamp, digest: digest, nonce: nonce, changes: changes)
    }

    mutating func stamp() throws(ProtocolError) -> Stamp {
        let time = try time()
        return Stamp(time: time, dot: try dot())
    }
}

extension SealedCommit {
    /// Numbers stay below 2⁴⁸, so that one more never overflows.
    public static let numberLimit: UInt64 = 1 << 48
}
