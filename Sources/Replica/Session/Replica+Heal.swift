public import Merge
import SQLite
import Sealing
public import SyncProtocol

extension Replica {
    /// What a healing has seen: taken once, at its beginning, so that all parts agree.
    ///
    /// Taken before the first part is read, it can only say too little: then a value too many stands as a conflict,
    /// and nothing is lost. Replicas some of whose changes could not be opened here are left out for the same reason:
    /// such a change is not offered, and must not be taken for replaced.
    public func healingVector() throws -> VersionVector {
        try mappingErrors {
            try readers.read { connection in
                let state = try ReplicaState(connection)
                let link = try Link(connection)
                let unopened = Set(
                    try ParkedValues(connection: connection, schema: schema).items(where: "reason = 1").map(
                        \.stamp.replica))
                var seen = VersionVector(stamps: link.seen.sorted.filter { !unopened.contains($0.replica) })
                // Its own latest write, not its clock: that has heard of others' times.
                let pending = try connection.integer("SELECT max(time) FROM lugn_outbox") ?? 0
                let latest = max(state.acknowledgedTime, HybridTimestamp(rawValue: UInt64(bitPattern: pending)))
                seen.include(Stamp(time: latest, replica: state.replica))
                return seen
            }
        }
    }

    /// The part of this replica's state that follows `after` in order of record id, sealed for the server.
    ///
    /// Unacknowledged writes are in it: with them it is a state that really was. What the server takes of them here it
    /// will recognise when their commits come. The last part has no `through`.
    public func healingPart(
        seen: VersionVector, after: RecordID?, maximumBytes: Int = 2 << 20
    ) throws -> HealRequest {
        try mappingErrors {
            try readers.read { connection in
                let state = try ReplicaState(connection)
                let link = try Link(connection)
                var part = HealingPart(
                    connection: connection, schema: schema, keys: try SessionKeys(link), replica: state.replica,
                    limits: limits)
                let through = try part.collect(after: after, maximumBytes: maximumBytes)
                return HealRequest(
                    line: part.keys.line, replica: state.replica, ancestry: link.ancestry,
                    acknowledged: state.acknowledged, acknowledgedDigest: link.acknowledgedDigest, seen: seen,
                    after: after, through: through, nonce: part.nonce, items: part.items)
            }
        }
    }

    /// After the last part: the feed is read anew, and what waits in the outbox says what it has seen in a way that
    /// does not need the lost log.
    public func healingDone() throws {
        try session { writer, state, link in
            try writer.connection.execute(
                """
                UPDATE lugn_outbox SET context = coalesce(
                    context, (SELECT seen FROM lugn_context WHERE lugn_context.base = lugn_outbox.base),
                    CASE WHEN base = \(Int64(bitPattern: state.position)) THEN (SELECT seen FROM lugn_link) END, zeroblob(0))
                """)
            try beginRereading(writer, &state, &link)
            link.heals += 1
        }
    }

    /// The server's clock refused a part of a healing: the pending commits get times it takes.
    public func healingRefused(serverTime: Int64) throws {
        let wall = environment.wallMilliseconds()
        try session { writer, state, link in
            try restamp(writer, &state, &link, serverTime: serverTime, wall: wall)
        }
    }

    /// If only the running fingerprint was wrong, puts it right; false if the tables themselves differ from the server's.
    public func repairFingerprint() throws -> Bool {
        try session { writer, state, _ in
            let scanned = try fingerprintByScan(writer.connection)
            defer { state.fingerprint = scanned }
            return scanned != state.fingerprint
        }
    }

    /// How many healings ran since the state was last found equal.
    public func healingCount() throws -> Int {
        try mappingErrors { try readers.read { try Link($0).heals } }
    }
}

/// Collects a range of the replica's state as items of a healing.
struct HealingPart {
    let connection: Connection
    let schema: Schema
    let keys: SessionKeys
    let replica: ReplicaID
    let limits: Limits
    let nonce = randomBytes(SealedCommit.nonceBytes)
    private(set) var items: [HealItem] = []
    private var bytes = 0

    init(connection: Connection, schema: Schema, keys: SessionKeys, replica: ReplicaID, limits: Limits) {
        self.connection = connection
        self.schema = schema
        self.keys = keys
        self.replica = replica
        self.limits = limits
    }

    /// Returns the last id of the part; nil if it reaches the end.
    mutating func collect(after: RecordID?, maximumBytes: Int) throws -> RecordID? {
        var last = after
        while !isFull(maximumBytes) {
            let batch = try ids(after: last, limit: 1_000)
            for (id, source) in batch {
                try append(id, source)
                last = id
                if isFull(maximumBytes) { return id }
            }
            if batch.count < 1_000 { return nil }
        }
        return last
    }

    /// A part is handed on like a commit, and may have no more changes than one; a record brings a few at once.
    private func isFull(_ maximumBytes: Int) -> Bool {
        bytes >= maximumBytes || items.count >= limits.commitChanges - FieldMask.capacity * 16
    }

    private enum Source { case collection(CollectionSchema), parked, tombstone(UInt32) }

    private func ids(after: RecordID?, limit: Int) throws -> [(RecordID, Source)] {
        let condition = after == nil ? "" : " WHERE id > ?1"
        var parts = schema.collections.map {
            "SELECT id, \($0.number) AS number, 0 AS source FROM \($0.name)\(condition)"
        }
        parts.append("SELECT id, collection AS number, 1 AS source FROM lugn_parked_record\(condition)")
        parts.append("SELECT id, collection AS number, 2 AS source FROM lugn_tombstone\(condition)")
        let sql = parts.joined(separator: " UNION ALL ") + " ORDER BY id LIMIT \(limit)"
        return try connection.withStatement(sql) { row in
            if let after { try row.bind(1, high: after.high, low: after.low) }
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
        let index = UInt64(items.count)
        keys.sealer.seal(payload[...], header: header, stamp: stamp, nonce: nonce, index: index, to: &sealed)
        bytes += sealed.count + 80
        items.append(
            HealItem(stamp: stamp, index: index, change: SealedChange(header: header, sealed: sealed[...])))
    }
}
