import Merge
import SQLite
import Sealing
import SyncProtocol

/// Collects ranges of what the server should hold as parts of a healing, sealed for it. What waits in the outbox is not
/// among it: that is sent as commits.
struct HealingPart {
    private let store: RecordStore
    private let keys: SessionKeys
    private let maximumBytes: Int
    let nonce = randomBytes(SealedCommit.nonceBytes)
    private(set) var parts: [HealPart] = []
    private var items: [HealItem] = []
    private var count = 0
    private var bytes = 0

    init(_ store: RecordStore, _ keys: SessionKeys, maximumBytes: Int) {
        self.store = store
        self.keys = keys
        self.maximumBytes = maximumBytes
    }

    /// Collects what lies in the ranges, in their order, as far as it fits; returns what is left of them.
    mutating func collect(_ ranges: [RecordRange]) throws -> [RecordRange] {
        for (index, range) in ranges.enumerated() {
            if isFull { return Array(ranges[index...]) }
            let end = try collect(range)
            parts.append(HealPart(range: RecordRange(after: range.after, through: end ?? range.through), items: items))
            items.removeAll()
            if let end { return [RecordRange(after: end, through: range.through)] + ranges[(index + 1)...] }
        }
        return []
    }

    /// Returns where it had to stop; nil if it reached the end.
    private mutating func collect(_ range: RecordRange) throws -> RecordID? {
        var rest = range
        while true {
            let batch = try ids(rest, limit: 1_000)
            for (index, (id, source)) in batch.enumerated() {
                try append(id, source)
                rest.after = id
                if isFull, index + 1 < batch.count || batch.count == 1_000 { return id }
            }
            if batch.count < 1_000 { return nil }
        }
    }

    /// A part is handed on like a commit, and may have no more changes than one; a record brings a few at once.
    private var isFull: Bool {
        bytes >= maximumBytes || count >= store.limits.commitChanges - FieldMask.capacity * 16 || parts.count >= 1_000
    }

    private enum Source { case collection(CollectionSchema), parked, tombstone(UInt32) }

    private func ids(_ range: RecordRange, limit: Int) throws -> [(RecordID, Source)] {
        let condition = range.condition
        var parts = store.schema.collections.map {
            "SELECT id, \($0.number) AS number, 0 AS source FROM \($0.name)\(condition)"
        }
        parts.append("SELECT id, collection AS number, 1 AS source FROM lugn_parked_record\(condition)")
        parts.append("SELECT id, collection AS number, 2 AS source FROM lugn_tombstone\(condition)")
        let sql = parts.joined(separator: " UNION ALL ") + " ORDER BY id LIMIT \(limit)"
        return try store.connection.withStatement(sql) { row in
            try range.bind(to: row)
            var result: [(RecordID, Source)] = []
            while try row.step() {
                let id = try RecordID(row, 0)
                let number = UInt32(truncatingIfNeeded: row.integer(1))
                let source: Source
                switch row.integer(2) {
                case 0:
                    guard let collection = store.schema.collection(number) else { continue }
                    source = .collection(collection)
                case 1: source = .parked
                default: source = .tombstone(number)
                }
                result.append((id, source))
            }
            return result
        }
    }

    private mutating func append(_ id: RecordID, _ source: Source) throws {
        switch source {
        case .tombstone(let number):
            let header = ChangeHeader(kind: .erase, collection: number, record: id, fields: .empty, epoch: 0)
            try append(header, Stamp(time: .zero, dot: Dot(rawValue: 0)), [])
        case .parked: try appendParked(id)
        case .collection(let collection) where collection.kind == .notes: try appendNote(id, collection)
        case .collection(let collection):
            for change in try store.settledChanges(collection, id) {
                try append(change.header, change.stamp, change.payload)
            }
        }
    }

    private mutating func appendNote(_ id: RecordID, _ collection: CollectionSchema) throws {
        guard let row = try store.rows.read(collection, id, fields: collection.fieldMask),
            let stamp = row.state.entries.first?.stamp, try store.pendingNumber(stamp.dot) == nil
        else { return }
        let unknown = store.hasParked ? try store.parked.items(of: id).first : nil
        var values = try ValueCodec.parts(row.values.bytes[...], fields: collection.fieldMask)
        values = values.filter { $0.value.first != Self.null }
        if let unknown {
            let parked = try ValueCodec.parts(unknown.payload[...], fields: unknown.fields)
            values.merge(parked) { known, _ in known }
        }
        var fields = FieldMask.empty
        for number in values.keys { fields.insert(number) }
        var payload: [UInt8] = []
        fields.forEach { payload.append(contentsOf: values[$0] ?? []) }
        let header = ChangeHeader(
            kind: .add, collection: collection.number, record: id, parent: row.above.parent,
            ancestors: row.above.ancestors, fields: fields, epoch: 0)
        try append(header, stamp, payload[...])
    }

    private static let null: UInt8 = 0xF6

    private mutating func appendParked(_ id: RecordID) throws {
        guard let record = try store.parked.record(id) else { return }
        for item in try store.parked.items(of: id) {
            guard let entry = record.isNote ? record.state.entries.first : record.state.entry(of: item.dot) else {
                continue
            }
            let fields = record.isNote ? item.fields : entry.fields.intersection(item.fields)
            let header = ChangeHeader(
                kind: record.isNote ? .add : .put, collection: record.collection, record: id,
                parent: record.above.parent, ancestors: record.above.ancestors, fields: fields,
                replaced: record.isNote ? .none : entry.replaced.intersection(fields), epoch: 0)
            let payload = try ValueCodec.part(item.payload, fields: item.fields, wanted: fields)
            try append(header, entry.stamp, payload[...])
        }
    }

    /// What is late is not handed on before a lead has accepted it: sealed anew it would look like anybody's work.
    private mutating func append(_ plain: ChangeHeader, _ stamp: Stamp, _ payload: ArraySlice<UInt8>) throws {
        if store.hasLate, try store.late.isMarked(plain.record, plain.kind == .erase ? nil : stamp.dot) { return }
        var header = plain
        header.epoch = keys.sealer.epoch
        var sealed: [UInt8] = []
        sealed.reserveCapacity(Sealer.sealedBytes(payload.count))
        let index = UInt64(count)
        count += 1
        keys.sealer.seal(payload, header: header, stamp: stamp, nonce: nonce, index: index, to: &sealed)
        bytes += sealed.count + 80 + header.replaced.count * ReplacedDots.wireBytes
        items.append(
            HealItem(stamp: stamp, index: index, change: SealedChange(header: header, sealed: sealed[...])))
    }
}
