import Merge
import SQLite
import SyncProtocol

/// What a newer schema wrote and this one has no place for: values of unknown fields, and records of unknown collections.
/// They take part in merging like any others, so that such a replica verifies, and take their place after an upgrade.
///
/// Owner of `lugn_parked` and `lugn_parked_record`.
struct ParkedValues {
    let connection: Connection

    static let definition = """
        -- Values of fields that this schema does not have, by the change that brought them.
        CREATE TABLE lugn_parked (
            record BLOB NOT NULL, dot INTEGER NOT NULL, collection INTEGER NOT NULL, fields INTEGER NOT NULL,
            payload BLOB NOT NULL, PRIMARY KEY (record, dot)
        ) STRICT, WITHOUT ROWID;
        -- Records of collections that this schema does not have, as far as merging goes.
        CREATE TABLE lugn_parked_record (
            id BLOB PRIMARY KEY, collection INTEGER NOT NULL, kind INTEGER NOT NULL, parent BLOB, ancestors BLOB NOT NULL,
            stamps BLOB NOT NULL
        ) STRICT, WITHOUT ROWID;
        """

    // MARK: Values

    struct Item {
        var record: RecordID
        var dot: Dot
        var collection: UInt32
        /// The fields whose values the payload has.
        var fields: FieldMask
        var payload: [UInt8]
    }

    func isEmpty() throws -> Bool {
        try connection.integer(
            "SELECT EXISTS (SELECT 1 FROM lugn_parked) OR EXISTS (SELECT 1 FROM lugn_parked_record)") == 0
    }

    func insert(_ item: Item) throws {
        try connection.withStatement(
            "INSERT OR REPLACE INTO lugn_parked (record, dot, collection, fields, payload) VALUES (?, ?, ?, ?, ?)"
        ) { row in
            try item.record.bind(row, 1)
            try item.dot.bind(row, 2)
            try row.bind(3, Int64(item.collection))
            try item.fields.rawValue.bind(row, 4)
            try row.bind(5, item.payload)
            try row.run()
        }
    }

    func items(of record: RecordID? = nil) throws -> [Item] {
        let condition = record == nil ? "" : "WHERE record = ?1"
        return try connection.withStatement(
            "SELECT record, dot, collection, fields, payload FROM lugn_parked \(condition)"
        ) { row in
            if let record { try record.bind(row, 1) }
            var items: [Item] = []
            while try row.step() {
                items.append(
                    Item(
                        record: try RecordID(row, 0), dot: Dot(row, 1),
                        collection: UInt32(truncatingIfNeeded: row.integer(2)),
                        fields: FieldMask(rawValue: UInt64(row, 3)), payload: row.bytes(4)))
            }
            return items
        }
    }

    func remove(_ record: RecordID, _ dot: Dot) throws {
        try connection.withStatement("DELETE FROM lugn_parked WHERE record = ? AND dot = ?") { row in
            try record.bind(row, 1)
            try dot.bind(row, 2)
            try row.run()
        }
    }

    func removeValues(_ record: RecordID) throws {
        try connection.withStatement("DELETE FROM lugn_parked WHERE record = ?") { row in
            try record.bind(row, 1)
            try row.run()
        }
    }

    /// Drops the values of writes that no longer stand.
    func prune(_ record: RecordID, _ after: RecordState) throws {
        for item in try items(of: record) where after.fields(of: item.dot).intersection(item.fields).isEmpty {
            try remove(record, item.dot)
        }
    }

    // MARK: Records of unknown collections

    struct Record {
        var id: RecordID
        var collection: UInt32
        var isNote: Bool
        var above: Above
        var state: RecordState

        func hash(_ hasher: ItemHasher) -> UInt128 {
            isNote
                ? hasher.note(id, collection: collection)
                : hasher.record(id, collection: collection, entries: state.entries)
        }
    }

    func record(_ id: RecordID) throws -> Record? { try records(where: "id = ?1", id).first }

    /// Those of which the record is the parent or a higher ancestor.
    func descendants(of id: RecordID) throws -> [Record] {
        try records(where: "parent = ?1 OR instr(ancestors, ?1) > 0", id).filter { $0.above.path.contains(id) }
    }

    func records(where condition: String = "1", _ id: RecordID? = nil) throws -> [Record] {
        try connection.withStatement(
            "SELECT id, collection, kind, parent, ancestors, stamps FROM lugn_parked_record WHERE \(condition)"
        ) { row in
            if let id { try id.bind(row, 1) }
            var records: [Record] = []
            while try row.step() {
                records.append(
                    Record(
                        id: try RecordID(row, 0), collection: UInt32(truncatingIfNeeded: row.integer(1)),
                        isNote: row.integer(2) == 1,
                        above: Above(parent: try RecordID?(row, 3), encodedAncestors: row.bytes(4)),
                        state: try RecordState(row, 5)))
            }
            return records
        }
    }

    func set(_ record: Record) throws {
        try connection.withStatement(
            """
            INSERT OR REPLACE INTO lugn_parked_record (id, collection, kind, parent, ancestors, stamps)
            VALUES (?, ?, ?, ?, ?, ?)
            """
        ) { row in
            try record.id.bind(row, 1)
            try row.bind(2, Int64(record.collection))
            try row.bind(3, Int64(record.isNote ? 1 : 0))
            try record.above.parent.bind(row, 4)
            try row.bind(5, record.above.encodedAncestors)
            try record.state.bind(row, 6)
            try row.run()
        }
    }

    func removeRecord(_ id: RecordID) throws {
        try connection.withStatement("DELETE FROM lugn_parked_record WHERE id = ?") { row in
            try id.bind(row, 1)
            try row.run()
        }
        try removeValues(id)
    }
}
