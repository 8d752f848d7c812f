import Merge
import SQLite
import Support
import SyncProtocol

/// After an upgrade of the schema: what was parked takes its place. The merge state does not change, nor does the sum;
/// only values move to where they can be seen.
struct Unparking {
    let store: RecordStore

    func run() throws {
        for record in try store.parked.records() {
            guard let collection = store.schema.collection(record.collection),
                (collection.kind == .notes) == record.isNote, let first = record.state.entries.first
            else { continue }
            _ = try store.rows.insert(
                collection, record.id, above: record.above, fields: .empty, places: [], buffer: [], entry: first)
            try store.rows.setState(collection, record.id, record.state)
            let values = try store.parked.items(of: record.id)
            try store.parked.removeRecord(record.id)
            for item in values { try store.parked.insert(item) }
        }
        for item in try store.parked.items() {
            guard let collection = store.schema.collection(item.collection) else { continue }
            Marks.reach(.unpark)
            try place(item, collection)
        }
    }

    private func place(_ item: ParkedValues.Item, _ collection: CollectionSchema) throws {
        let known = item.fields.intersection(collection.fieldMask)
        guard !known.isEmpty || item.fields.isEmpty, let state = try store.rows.state(collection, item.record)
        else { return }
        var places: [ValuePlace] = []
        let unknown = try ValueCodec.places(
            item.payload, fields: item.fields, collection: collection, limits: Limits(), into: &places)
        let isNote = collection.kind == .notes
        let shown = isNote ? known : state.fieldsWon(by: item.dot).intersection(known)
        try store.rows.update(
            collection, item.record, fields: shown, places: places, buffer: item.payload, state: state)
        if !isNote {
            let beside = state.fields(of: item.dot).intersection(known).subtracting(shown)
            for place in places where beside.contains(place.field) {
                try store.siblings.insert(collection, item.record, item.dot, place, buffer: item.payload)
            }
        }
        try store.parked.remove(item.record, item.dot)
        if unknown.isEmpty { return }
        var rest = item
        rest.payload = try ValueCodec.part(item.payload, fields: item.fields, wanted: unknown)
        rest.fields = unknown
        try store.parked.insert(rest)
    }
}
