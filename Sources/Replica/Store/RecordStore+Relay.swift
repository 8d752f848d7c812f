import Merge
import SQLite
import SyncProtocol

/// Lays a record anew from everything that is known of it: what the server holds, and over it what waits in the outbox.
///
/// The slow and general way, for what is rare: a change that comes in where something waits, a commit that was refused,
/// times that were corrected. The fast ways of ``RecordStore`` come to the same.
extension RecordStore {
    /// - Parameters:
    ///   - adding: a change that came in and was opened.
    ///   - removing: a commit that was refused. What it had replaced stands again.
    func relay(
        _ collection: CollectionSchema, _ id: RecordID, adding: PlainChange? = nil, removing: Dot? = nil
    ) throws {
        let before = try rows.read(collection, id, fields: collection.fieldMask)
        var pieces = RecordPieces()
        if let before { try collect(collection, id, before, &pieces) }
        let waiting = try commits(touching: id)
        for commit in waiting {
            for change in commit.hidden { try pieces.add(change) }
            try pieces.add(commit.change, isPending: true)
        }
        if let adding { try pieces.add(adding) }
        if let removing { pieces.remove(removing) }
        var state = pieces.settled
        for commit in waiting where commit.change.stamp.dot != removing {
            let below = state
            state.join(commit.change.entry)
            try outbox.setHidden(commit.number, record: id, pieces.hidden(from: below, in: state), limits)
        }
        let above = before?.above ?? Above((adding ?? waiting.first?.change)!.header)
        try write(collection, id, above, before, state, pieces)
    }

    /// What stands in the tables, shown or beside it.
    private func collect(
        _ collection: CollectionSchema, _ id: RecordID, _ row: RowStore.Row, _ pieces: inout RecordPieces
    ) throws {
        let shown = try ValueCodec.parts(row.values.bytes[...], fields: collection.fieldMask)
        let parked = hasParked ? try self.parked.items(of: id) : []
        for entry in row.state.entries {
            let isPending = try pendingNumber(entry.stamp.dot) != nil
            pieces.add(entry, collection: collection.number, id, row.above, isPending: isPending)
            let won = row.state.fieldsWon(by: entry.stamp.dot)
            for field in collection.fields where entry.fields.contains(field.number) {
                if won.contains(field.number) {
                    pieces.set(entry.stamp.dot, field.number, shown[field.number])
                } else if let value = try siblings.value(id, field, entry.stamp.dot) {
                    var writer = CBORWriter()
                    ValueCodec.append(value, field.type, to: &writer)
                    pieces.set(entry.stamp.dot, field.number, writer.bytes[...])
                }
            }
            for item in parked where item.dot == entry.stamp.dot {
                for (number, bytes) in try ValueCodec.parts(item.payload[...], fields: item.fields) {
                    pieces.set(entry.stamp.dot, number, bytes)
                }
            }
        }
    }

    /// What the server should hold of a record: what stands without anything that waits, as changes with their values.
    func settledChanges(_ collection: CollectionSchema, _ id: RecordID) throws -> [PlainChange] {
        guard let row = try rows.read(collection, id, fields: collection.fieldMask) else { return [] }
        var pieces = RecordPieces()
        try collect(collection, id, row, &pieces)
        if try row.state.entries.contains(where: { try pendingNumber($0.stamp.dot) != nil }) {
            for commit in try commits(touching: id) {
                for change in commit.hidden { try pieces.add(change) }
                try pieces.add(commit.change, isPending: true)
            }
        }
        return pieces.changes(of: pieces.settled)
    }

    /// What stands in a record, what waits included, with its values; a note is one change.
    func standingChanges(_ collection: CollectionSchema, _ id: RecordID) throws -> [PlainChange] {
        guard let row = try rows.read(collection, id, fields: collection.fieldMask) else { return [] }
        var pieces = RecordPieces()
        if collection.kind == .records {
            try collect(collection, id, row, &pieces)
            return pieces.changes(of: row.state)
        }
        guard let stamp = row.state.entries.first?.stamp else { return [] }
        let values = try ValueCodec.parts(row.values.bytes[...], fields: collection.fieldMask)
        var fields = FieldMask.empty
        var payload: [UInt8] = []
        for field in values.keys.sorted() where values[field]?.first != Self.null {
            fields.insert(field)
            payload.append(contentsOf: values[field] ?? [])
        }
        let header = ChangeHeader(
            kind: .add, collection: collection.number, record: id, parent: row.above.parent,
            ancestors: row.above.ancestors, fields: fields, epoch: 0)
        return [PlainChange(stamp: stamp, header: header, payload: payload[...])]
    }

    private static let null: UInt8 = 0xF6

    /// What stands in a record and in all that is below it.
    func standing(collection number: UInt32, _ id: RecordID) throws -> [(record: RecordID, changes: [PlainChange])] {
        guard let collection = schema.collection(number) else { return [] }
        var all = [(id, try standingChanges(collection, id))]
        for (below, distance) in schema.descendants(of: number) {
            for record in try rows.descendants(below, of: id, distance: distance) {
                all.append((record, try standingChanges(below, record)))
            }
        }
        return all.filter { !$0.1.isEmpty }
    }

    /// One write of a record as it stands in the tables, in some of its fields, with its values.
    func changes(
        _ collection: CollectionSchema, _ id: RecordID, standing entry: RecordState.Entry
    ) throws -> [PlainChange] {
        guard let row = try rows.read(collection, id, fields: collection.fieldMask) else { return [] }
        var pieces = RecordPieces()
        try collect(collection, id, row, &pieces)
        return pieces.changes(of: RecordState(entry))
    }

    private struct Waiting {
        var number: UInt64
        var change: PlainChange
        var hidden: [PlainChange]
    }

    /// The commits of the outbox that write a record, in order. Cost: a walk over the outbox.
    private func commits(touching id: RecordID) throws -> [Waiting] {
        guard hasPending else { return [] }
        var result: [Waiting] = []
        try outbox.forEach { commit in
            guard let change = try commit.changes(limits).first(where: { $0.header.record == id }),
                change.header.kind == .put
            else { return true }
            let hidden = try commit.hiddenChanges(limits).filter { $0.header.record == id }
            result.append(Waiting(number: commit.number, change: change, hidden: hidden))
            return true
        }
        return result
    }

    private func write(
        _ collection: CollectionSchema, _ id: RecordID, _ above: Above, _ before: RowStore.Row?, _ state: RecordState,
        _ pieces: RecordPieces
    ) throws {
        if let before {
            try rows.remove(collection, id)
            try siblings.removeAll(id)
            if hasParked { try parked.removeValues(id) }
            try account(id, from: hash(collection, id, before.state), to: 0)
        }
        guard let first = state.entries.first else { return }
        var values = CBORWriter()
        var fields = FieldMask.empty
        for field in collection.fields {
            guard let winner = state.winner(of: field.number), let bytes = pieces.value(winner.dot, field.number)
            else { continue }
            fields.insert(field.number)
            values.bytes.append(contentsOf: bytes)
        }
        var places: [ValuePlace] = []
        _ = try ValueCodec.places(values.bytes, fields: fields, collection: collection, limits: limits, into: &places)
        _ = try rows.insert(
            collection, id, above: above, fields: fields, places: places, buffer: values.bytes, entry: first)
        if state.entries.count > 1 { try rows.setState(collection, id, state) }
        try account(id, from: 0, to: hash(collection, id, state))
        for entry in state.entries { try writeRest(collection, id, entry, state, pieces) }
    }

    /// The values that have no place in the row: of writes that are not shown, and of fields that this schema lacks.
    private func writeRest(
        _ collection: CollectionSchema, _ id: RecordID, _ entry: RecordState.Entry, _ state: RecordState,
        _ pieces: RecordPieces
    ) throws {
        let dot = entry.stamp.dot
        let beside = entry.fields.subtracting(state.fieldsWon(by: dot)).intersection(collection.fieldMask)
        var place: [ValuePlace] = []
        try beside.forEach { (number: Int) throws(any Error) in
            guard let bytes = pieces.value(dot, number) else { return }
            let buffer = Array(bytes)
            _ = try ValueCodec.places(
                buffer, fields: FieldMask(field: number), collection: collection, limits: limits, into: &place)
            try siblings.insert(collection, id, dot, place[0], buffer: buffer)
        }
        let unknown = entry.fields.subtracting(collection.fieldMask).intersection(pieces.fields(dot))
        if unknown.isEmpty { return }
        try parked.insert(
            ParkedValues.Item(
                record: id, dot: dot, collection: collection.number, fields: unknown,
                payload: pieces.payload(dot, unknown)))
        noteParked()
    }
}

/// All that is known of one record, write by write, with the values.
struct RecordPieces {
    private struct Piece {
        var entry: RecordState.Entry
        var header: ChangeHeader
        var isPending: Bool
        var values: [Int: ArraySlice<UInt8>] = [:]
    }
    private var pieces: [Dot: Piece] = [:]

    mutating func add(
        _ entry: RecordState.Entry, collection: UInt32, _ id: RecordID, _ above: Above, isPending: Bool
    ) {
        let header = ChangeHeader(
            kind: .put, collection: collection, record: id, parent: above.parent, ancestors: above.ancestors,
            fields: entry.fields, replaced: entry.replaced, epoch: 0)
        join(entry, header, isPending: isPending)
    }

    mutating func add(_ change: PlainChange, isPending: Bool = false) throws {
        join(change.entry, change.header, isPending: isPending)
        for (number, bytes) in try ValueCodec.parts(change.payload, fields: change.header.fields) {
            set(change.stamp.dot, number, bytes)
        }
    }

    private mutating func join(_ entry: RecordState.Entry, _ header: ChangeHeader, isPending: Bool) {
        guard var piece = pieces[entry.stamp.dot] else {
            pieces[entry.stamp.dot] = Piece(entry: entry, header: header, isPending: isPending)
            return
        }
        // The outbox has a waiting write's right time; of any other the lesser counts.
        let time = isPending ? entry.stamp.time : min(piece.entry.stamp.time, entry.stamp.time)
        if isPending || !piece.isPending { piece.entry.stamp.time = time }
        piece.entry.fields.formUnion(entry.fields)
        piece.entry.replaced.formUnion(entry.replaced)
        piece.isPending = piece.isPending || isPending
        pieces[entry.stamp.dot] = piece
    }

    mutating func set(_ dot: Dot, _ field: Int, _ bytes: ArraySlice<UInt8>?) {
        if let bytes { pieces[dot]?.values[field] = bytes }
    }

    mutating func remove(_ dot: Dot) { pieces[dot] = nil }

    func value(_ dot: Dot, _ field: Int) -> ArraySlice<UInt8>? { pieces[dot]?.values[field] }

    /// The fields of a write whose values are here.
    func fields(_ dot: Dot) -> FieldMask {
        var mask = FieldMask.empty
        for field in pieces[dot]?.values.keys ?? [:].keys { mask.insert(field) }
        return mask
    }

    func payload(_ dot: Dot, _ fields: FieldMask) -> [UInt8] {
        var bytes: [UInt8] = []
        fields.forEach { bytes.append(contentsOf: value(dot, $0) ?? []) }
        return bytes
    }

    /// What stands without anything that waits.
    var settled: RecordState {
        var state = RecordState()
        for piece in pieces.values where !piece.isPending { state.join(piece.entry) }
        return state
    }

    /// What stands in a state, as changes.
    func changes(of state: RecordState) -> [PlainChange] { hidden(from: state, in: RecordState()) }

    /// What stood before and is replaced now, as changes of the fields concerned.
    func hidden(from before: RecordState, in after: RecordState) -> [PlainChange] {
        before.entries.compactMap { entry in
            let gone = entry.fields.subtracting(after.fields(of: entry.stamp.dot)).intersection(
                fields(entry.stamp.dot))
            guard !gone.isEmpty, var header = pieces[entry.stamp.dot]?.header else { return nil }
            header.fields = gone
            header.replaced = entry.replaced.intersection(gone)
            return PlainChange(stamp: entry.stamp, header: header, payload: payload(entry.stamp.dot, gone)[...])
        }
    }
}

extension Outbox {
    /// Says anew what a commit hides of one record.
    func setHidden(_ number: UInt64, record: RecordID, _ hidden: [PlainChange], _ limits: Limits) throws {
        guard let commit = try commit(number) else { return }
        let others = try commit.hiddenChanges(limits).filter { $0.header.record != record }
        let all = others + hidden
        let bytes = all.isEmpty ? nil : PlainChange.encode(all)
        if bytes != commit.hidden { try set(number, body: commit.body, hidden: bytes) }
    }
}
