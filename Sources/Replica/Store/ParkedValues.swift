import Merge
import SQLite

/// What cannot be shown yet, and is kept until it can: values of fields and collections that this schema does not
/// have, and changes that could not be opened. Their stamps count in the fingerprint, so that such a replica verifies.
struct ParkedValues {
    enum Reason: Int {
        /// Of a newer schema; the payload is plain, of the parked fields alone.
        case unknown = 0
        /// The key is missing or the bytes are damaged; the payload is sealed, of all fields.
        case unopened = 1
    }

    struct Item {
        var record: RecordID
        var stamp: Stamp
        var collection: UInt32
        var kind: Int
        var parent: RecordID?
        /// The fields whose values the payload has.
        var fields: FieldMask
        var reason: Reason
        var position: UInt64
        var epoch: UInt32
        var nonce: [UInt8]
        var nonceIndex: UInt64
        var payload: [UInt8]
        /// The change's own fields, which its sealing covers.
        var live: FieldMask
    }

    let connection: Connection
    let schema: Schema

    func insert(_ item: Item) throws {
        try connection.withStatement(
            """
            INSERT OR REPLACE INTO lugn_parked (record, time, replica, collection, kind, parent, fields, live, reason,
                position, epoch, nonce, nonce_index, payload) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """
        ) { statement in
            try statement.bind(1, high: item.record.high, low: item.record.low)
            try statement.bind(2, Int64(bitPattern: item.stamp.time.rawValue))
            try statement.bind(3, Int64(bitPattern: item.stamp.replica.rawValue))
            try statement.bind(4, Int64(item.collection))
            try statement.bind(5, item.kind)
            if let parent = item.parent { try statement.bind(6, high: parent.high, low: parent.low) }
            try statement.bind(7, Int64(bitPattern: item.fields.rawValue))
            try statement.bind(8, Int64(bitPattern: item.live.rawValue))
            try statement.bind(9, item.reason.rawValue)
            try statement.bind(10, Int64(bitPattern: item.position))
            try statement.bind(11, Int64(item.epoch))
            try statement.bind(12, item.nonce)
            try statement.bind(13, Int64(bitPattern: item.nonceIndex))
            try statement.bind(14, item.payload)
            try statement.run()
        }
    }

    func items(where condition: String = "1", record: RecordID? = nil) throws -> [Item] {
        try connection.withStatement(
            """
            SELECT record, time, replica, collection, kind, parent, fields, live, reason, position, epoch, nonce,
                nonce_index, payload FROM lugn_parked WHERE \(condition)\(record == nil ? "" : " AND record = ?1")
            """
        ) { statement in
            if let record { try statement.bind(1, high: record.high, low: record.low) }
            var items: [Item] = []
            while try statement.step() {
                guard let id = statement.halves(0), let reason = Reason(rawValue: Int(statement.integer(8))) else {
                    throw ReplicaError(.damaged, "a parked value is damaged; restore the file from a backup")
                }
                items.append(
                    Item(
                        record: RecordID(high: id.high, low: id.low), stamp: stamp(statement, 1),
                        collection: UInt32(truncatingIfNeeded: statement.integer(3)), kind: Int(statement.integer(4)),
                        parent: statement.halves(5).map { RecordID(high: $0.high, low: $0.low) },
                        fields: FieldMask(rawValue: UInt64(bitPattern: statement.integer(6))), reason: reason,
                        position: UInt64(bitPattern: statement.integer(9)),
                        epoch: UInt32(truncatingIfNeeded: statement.integer(10)), nonce: statement.bytes(11),
                        nonceIndex: UInt64(bitPattern: statement.integer(12)), payload: statement.bytes(13),
                        live: FieldMask(rawValue: UInt64(bitPattern: statement.integer(7)))))
            }
            return items
        }
    }

    private func stamp(_ statement: borrowing Statement, _ index: Int) -> Stamp {
        Stamp(
            time: HybridTimestamp(rawValue: UInt64(bitPattern: statement.integer(index))),
            replica: ReplicaID(rawValue: UInt64(bitPattern: statement.integer(index + 1))))
    }

    func isUnopened(_ id: RecordID, _ stamp: Stamp) throws -> Bool {
        try items(where: "reason = 1", record: id).contains { $0.stamp == stamp }
    }

    /// The first log position of changes to the record that could not be opened: a write here has not seen them.
    func firstUnopened(_ id: RecordID) throws -> UInt64? {
        try items(where: "reason = 1", record: id).map(\.position).min()
    }

    func remove(_ item: Item) throws {
        try connection.withStatement("DELETE FROM lugn_parked WHERE record = ? AND time = ? AND replica = ?") {
            statement in
            try statement.bind(1, high: item.record.high, low: item.record.low)
            try statement.bind(2, Int64(bitPattern: item.stamp.time.rawValue))
            try statement.bind(3, Int64(bitPattern: item.stamp.replica.rawValue))
            try statement.run()
        }
    }

    func removeValues(_ id: RecordID) throws {
        try connection.withStatement("DELETE FROM lugn_parked WHERE record = ?") { statement in
            try statement.bind(1, high: id.high, low: id.low)
            try statement.run()
        }
    }

    /// Drops the values of writes that no longer stand.
    func prune(_ id: RecordID, _ after: StampVector) throws {
        for item in try items(record: id) where after.fields(of: item.stamp).intersection(item.fields).isEmpty {
            try remove(item)
        }
    }

    // MARK: Records of unknown collections

    func recordStamps(_ id: RecordID) throws -> StampVector? {
        try connection.withStatement("SELECT stamps FROM lugn_parked_record WHERE id = ?") { statement in
            try statement.bind(1, high: id.high, low: id.low)
            return try statement.step() ? StampVector(encoded: statement.bytes(0).span) : nil
        }
    }

    func setRecord(_ id: RecordID, collection: UInt32, kind: Int, parent: RecordID?, stamps: StampVector) throws {
        try connection.withStatement(
            "INSERT OR REPLACE INTO lugn_parked_record (id, collection, kind, parent, stamps) VALUES (?, ?, ?, ?, ?)"
        ) { statement in
            try statement.bind(1, high: id.high, low: id.low)
            try statement.bind(2, Int64(collection))
            try statement.bind(3, kind)
            if let parent { try statement.bind(4, high: parent.high, low: parent.low) }
            try statement.bind(5, stamps.encoded())
            try statement.run()
        }
    }

    /// Removes a parked record, if there is one, and returns its parked children.
    func removeRecord(
        _ id: RecordID, hasher: ItemHasher, fingerprint: inout Fingerprint
    ) throws -> [(collection: UInt32, id: RecordID)] {
        for record in try records("id = ?1", id) {
            fingerprint.subtract(hash(record, hasher))
        }
        try connection.withStatement("DELETE FROM lugn_parked_record WHERE id = ?") { statement in
            try statement.bind(1, high: id.high, low: id.low)
            try statement.run()
        }
        return try records("parent = ?1", id).map { ($0.collection, $0.id) }
    }

    struct ParkedRecord {
        var id: RecordID
        var collection: UInt32
        var kind: Int
        var parent: RecordID?
        var stamps: StampVector
    }

    func hash(_ record: ParkedRecord, _ hasher: ItemHasher) -> UInt128 {
        record.kind == 1
            ? hasher.note(record.id, collection: record.collection)
            : hasher.record(record.id, collection: record.collection, entries: record.stamps.entries)
    }

    func records(_ condition: String = "1", _ id: RecordID? = nil) throws -> [ParkedRecord] {
        try connection.withStatement(
            "SELECT id, collection, kind, parent, stamps FROM lugn_parked_record WHERE \(condition)"
        ) { statement in
            if let id { try statement.bind(1, high: id.high, low: id.low) }
            var result: [ParkedRecord] = []
            while try statement.step() {
                guard let id = statement.halves(0), let stamps = StampVector(encoded: statement.bytes(4).span) else {
                    throw ReplicaError(.damaged, "a parked record is damaged; restore the file from a backup")
                }
                result.append(
                    ParkedRecord(
                        id: RecordID(high: id.high, low: id.low),
                        collection: UInt32(truncatingIfNeeded: statement.integer(1)), kind: Int(statement.integer(2)),
                        parent: statement.halves(3).map { RecordID(high: $0.high, low: $0.low) }, stamps: stamps))
            }
            return result
        }
    }
}
