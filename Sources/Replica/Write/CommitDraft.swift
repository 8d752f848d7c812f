import Merge
import SQLite
import SyncProtocol

/// The changes of one transaction, in the form in which they travel, as they are made.
struct CommitDraft {
    private(set) var body = CBORWriter()
    private var changes: [Change] = []
    /// Where each record stands in ``changes``; made when it is first needed.
    private var places: [RecordID: Int]?
    /// A record was changed twice, or is gone again: the body does not say what the rows do.
    private var mustRebuild = false

    private struct Change {
        var header: ChangeHeader
        var collection: CollectionSchema
        /// Something above it was erased in this same transaction.
        var isGone = false
    }

    /// How many changes the commit has.
    var count: Int { changes.count { !$0.isGone } }

    var records: [RecordID] { changes.compactMap { $0.isGone ? nil : $0.header.record } }

    mutating func contains(_ id: RecordID) -> Bool { place(of: id) != nil }

    /// Adds a change with its values. A record's second change makes the body be written anew from the rows.
    mutating func append(
        _ kind: ChangeHeader.Kind, _ collection: CollectionSchema, _ id: RecordID, parent: RecordID?,
        _ fields: FieldMask, content: [UInt8], isRepeated: Bool
    ) {
        if isRepeated, let place = place(of: id) {
            mustRebuild = true
            // A note or a new record stays what it was; an erase ends everything.
            if kind == .erase { changes[place].header.kind = .erase }
            changes[place].header.fields = kind == .erase ? .empty : changes[place].header.fields.union(fields)
            return
        }
        let header = ChangeHeader(
            kind: kind, collection: collection.number, record: id, parent: parent, fields: fields, epoch: 0)
        places?[id] = changes.count
        changes.append(Change(header: header, collection: collection))
        body.change(header: header, content: content[...])
    }

    /// What was done to a record needs no telling: something above it was erased.
    mutating func leaveOut(_ id: RecordID) {
        guard let place = place(of: id), !changes[place].isGone else { return }
        changes[place].isGone = true
        mustRebuild = true
    }

    /// Brings the body into agreement with the rows: every field of a change shows this transaction's value.
    mutating func finish(_ connection: Connection) throws {
        guard mustRebuild else { return }
        body.reset()
        for change in changes where !change.isGone {
            let payload = change.header.kind == .erase ? CBORWriter() : try Self.values(of: change, connection)
            body.change(header: change.header, content: payload.bytes[...])
        }
    }

    private static func values(of change: Change, _ connection: Connection) throws -> CBORWriter {
        let fields = change.collection.fields.filter { change.header.fields.contains($0.number) }
        let columns = fields.isEmpty ? "1" : fields.map(\.name).joined(separator: ", ")
        return try connection.withStatement("SELECT \(columns) FROM \(change.collection.name) WHERE id = ?") { row in
            var payload = CBORWriter()
            try row.bind(1, high: change.header.record.high, low: change.header.record.low)
            guard try row.step() else { return payload }
            for (index, field) in fields.enumerated() {
                ValueCodec.append(Value(row, index, field.type), field.type, to: &payload)
            }
            return payload
        }
    }

    private mutating func place(of id: RecordID) -> Int? {
        if let places { return places[id] }
        var made: [RecordID: Int] = [:]
        for (place, change) in changes.enumerated() { made[change.header.record] = place }
        places = made
        return made[id]
    }
}
