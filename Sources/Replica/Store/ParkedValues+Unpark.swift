import Merge
import SQLite
import Support
import SyncProtocol

/// After an upgrade of the schema: what was parked takes its place. The merge state does not change, nor does the
/// fingerprint; only values move to where they can be seen.
extension ParkedValues {
    func unpark() throws {
        let rows = RowStore(connection: connection, schema: schema)
        for record in try records() {
            guard let collection = schema.collection(record.collection),
                (collection.kind == .notes) == (record.kind == 1)
            else { continue }
            guard let first = record.stamps.entries.last else { continue }
            _ = try rows.insert(
                collection, record.id, parent: record.parent, fields: .empty, places: [], buffer: [], stamp: first)
            try rows.setStamps(collection, record.id, record.stamps)
            try connection.withStatement("DELETE FROM lugn_parked_record WHERE id = ?") { statement in
                try statement.bind(1, high: record.id.high, low: record.id.low)
                try statement.run()
            }
        }
        for item in try items(where: "reason = 0") {
            guard let collection = schema.collection(item.collection) else { continue }
            Marks.reach(.unpark)
            try place(item, collection, rows)
        }
    }

    private func place(_ item: Item, _ collection: CollectionSchema, _ rows: RowStore) throws {
        let known = item.fields.intersection(collection.fieldMask)
        guard !known.isEmpty || item.fields.isEmpty else { return }
        var places: [ValuePlace] = []
        let unknown = try ValueCodec.places(
            item.payload, fields: item.fields, collection: collection, limits: Limits(), into: &places)
        guard let stamps = try rows.stamps(collection, item.record) else { return }
        let isNote = collection.kind == .notes
        let shown = isNote ? known : stamps.fieldsWon(by: item.stamp).intersection(known)
        try rows.update(
            collection, item.record, fields: shown, places: places, buffer: item.payload, stamps: stamps)
        if !isNote {
            let siblings = SiblingStore(connection: connection)
            let standing = stamps.fields(of: item.stamp).intersection(known).subtracting(shown)
            for place in places where standing.contains(place.field) {
                try siblings.insert(collection, item.record, item.stamp, place, buffer: item.payload)
            }
        }
        if unknown.isEmpty {
            try remove(item)
        } else {
            var rest = item
            rest.payload = try ValueCodec.part(item.payload, fields: item.fields, wanted: unknown)
            rest.fields = unknown
            try insert(rest)
        }
    }
}
