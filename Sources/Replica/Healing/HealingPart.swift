import Merge
import SQLite
import Sealing
import SyncProtocol

/// Collects ranges of the replica's state as parts of a healing, sealed for the server.
struct HealingPart {
    let connection: Connection
    let schema: Schema
    let keys: SessionKeys
    let replica: ReplicaID
    let limits: Limits
    let maximumBytes: Int
    let nonce = randomBytes(SealedCommit.nonceBytes)
    private(set) var parts: [HealPart] = []
    private var items: [HealItem] = []
    private var count = 0
    private var bytes = 0

    init(
        connection: Connection, schema: Schema, keys: SessionKeys, replica: ReplicaID, limits: Limits, maximumBytes: Int
    ) {
        self.connection = connection
        self.schema = schema
        self.keys = keys
        self.replica = replica
        self.limits = limits
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
        bytes >= maximumBytes || count >= limits.commitChanges - FieldMask.capacity * 16 || parts.count >= 1_000
    }

    private enum Source { case collection(CollectionSchema), parked, tombstone(UInt32) }

    private func ids(_ range: RecordRange, limit: Int) throws -> [(RecordID, Source)] {
        let condition = range.condition
        var parts = schema.collections.map {
            "SELECT id, \($0.number) AS number, 0 AS source FROM \($0.name)\(condition)"
        }
        parts.append("SELECT id, collection AS number, 1 AS source FROM lugn_parked_record\(condition)")
        parts.append("SELECT id, collection AS number, 2 AS source FROM lugn_tombstone\(condition)")
        let sql = parts.joined(separator: " UNION ALL ") + " ORDER BY id LIMIT \(limit)"
        return try connection.withStatement(sql) { row in
            try range.bind(to: row)
            var result: [(RecordID, Source)] = []
            while try row.step() {
                guard let halves = row.halves(0) else { continue }
                let number = UInt32(truncatingIfNeeded: row.integer(1))
                let source: Source
                switch row.integer(2) {
                case 0: source = .collection(schema.collection(number)!)
                case 1: source = .parked
                default: source = .tombstone(number)
                }
                result.append((RecordID(high: halves.high, low: halves.low), source))
            }
            return result
        }
    }

    private mutating func append(_ id: RecordID, _ source: Source) throws {
        switch source {
        case .tombstone(let number):
            let stamp = Stamp(time: .zero, replica: replica)
            append(.erase, number, id, nil, .empty, stamp, [])
        case .parked:
            try appendParked(id)
        case .collection(let collection):
            try append(id, collection)
        }
    }

    private mutating func append(_ id: RecordID, _ collection: CollectionSchema) throws {
        let columns = ["stamps", collection.parent == nil ? "NULL" : "parent"] + collection.fields.map(\.name)
        let sql = "SELECT \(columns.joined(separator: ", ")) FROM \(collection.name) WHERE id = ?"
        let row = try connection.withStatement(sql) { row -> (StampVector, RecordID?, [Value])? in
            try row.bind(1, high: id.high, low: id.low)
            guard try row.step(), let stamps = StampVector(encoded: row.bytes(0).span) else { return nil }
            let values = collection.fields.indices.map { Value(row, $0 + 2, collection.fields[$0].type) }
            return (stamps, row.halves(1).map { RecordID(high: $0.high, low: $0.low) }, values)
        }
        guard let (stamps, parent, values) = row else { return }
        let parked = try ParkedValues(connection: connection, schema: schema).items(record: id)
        for entry in stamps.entries {
            if parked.contains(where: { $0.stamp == entry.stamp && $0.reason == .unopened }) { continue }
            let unknown = parked.first { $0.stamp == entry.stamp }
            var fields = entry.fields
            if collection.kind == .notes {
                fields = unknown?.fields ?? .empty
                for (field, value) in zip(collection.fields, values) where value != .null {
                    fields.insert(field.number)
                }
            }
            let payload = try payload(id, collection, fields, entry.stamp, stamps, values, unknown)
            append(collection.kind == .notes ? .add : .put, collection.number, id, parent, fields, entry.stamp, payload)
        }
    }

    /// The values that a write has in its fields: shown, standing by as siblings, or parked.
    private func payload(
        _ id: RecordID, _ collection: CollectionSchema, _ fields: FieldMask, _ stamp: Stamp, _ stamps: StampVector,
        _ values: [Value], _ unknown: ParkedValues.Item?
    ) throws -> [UInt8] {
        var writer = CBORWriter()
        try fields.forEach { (number: Int) throws(any Error) in
            let index = Int(collection.indexByNumber[number])
            if index < 0 {
                guard let unknown, unknown.fields.contains(number) else { return writer.null() }
                writer.bytes.append(
                    contentsOf: try ValueCodec.part(
                        unknown.payload, fields: unknown.fields, wanted: FieldMask(field: number)))
            } else if collection.kind == .notes || stamps.winner(of: number) == stamp {
                ValueCodec.append(values[index], collection.fields[index].type, to: &writer)
            } else {
                let value = try sibling(id, collection.fields[index], stamp)
                ValueCodec.append(value, collection.fields[index].type, to: &writer)
            }
        }
        return writer.bytes
    }

    private func sibling(_ id: RecordID, _ field: FieldDefinition, _ stamp: Stamp) throws -> Value {
        try connection.withStatement(
            "SELECT value FROM lugn_sibling WHERE record = ? AND field = ? AND time = ? AND replica = ?"
        ) { row in
            try row.bind(1, high: id.high, low: id.low)
            try row.bind(2, field.number)
            try row.bind(3, Int64(bitPattern: stamp.time.rawValue))
            try row.bind(4, Int64(bitPattern: stamp.replica.rawValue))
            return try row.step() ? Value(row, 0, field.type) : .null
        }
    }

    private mutating func appendParked(_ id: RecordID) throws {
        let parked = ParkedValues(connection: connection, schema: schema)
        guard let record = try parked.records("id = ?1", id).first else { return }
        for item in try parked.items(where: "reason = 0", record: id) {
            append(
                record.kind == 1 ? .add : .put, record.collection, id, record.parent, item.fields, item.stamp,
                item.payload)
        }
    }

    private mutating func append(
        _ kind: ChangeHeader.Kind, _ collection: UInt32, _ id: RecordID, _ parent: RecordID?, _ fields: FieldMask,
        _ stamp: Stamp, _ payload: [UInt8]
    ) {
        let header = ChangeHeader(
            kind: kind, collection: collection, record: id, parent: parent, fields: fields, epoch: keys.sealer.epoch)
        var sealed: [UInt8] = []
        sealed.reserveCapacity(payload.count + Sealer.overheadBytes)
        let index = UInt64(count)
        count += 1
        keys.sealer.seal(payload[...], header: header, stamp: stamp, nonce: nonce, index: index, to: &sealed)
        bytes += sealed.count + 80
        items.append(
            HealItem(stamp: stamp, index: index, change: SealedChange(header: header, sealed: sealed[...])))
    }
}
