import Merge
import SQLite
import Sealing
import SyncProtocol

/// Compares the values of a page of the feed with those in the tables, and puts right those that differ.
///
/// Fingerprints prove that both sides hold the same writes; what a write says, only its sealing proves. A value that
/// differs under the same stamp was damaged here: by a disk, or by somebody with a SQLite tool.
final class ValueCheck {
    private let store: RecordStore
    private let keys: SessionKeys
    private let limits: Limits
    private(set) var comparedValues = 0
    private(set) var mendedRecords: [RecordID] = []

    private var opened: [UInt8] = []
    private var places: [ValuePlace] = []

    init(_ store: RecordStore, _ keys: SessionKeys, _ limits: Limits) {
        self.store = store
        self.keys = keys
        self.limits = limits
    }

    func run(_ page: ArraySlice<UInt8>) throws {
        var reader = CBORReader(page)
        do {
            while !reader.isAtEnd {
                let commit = try reader.feedCommit(limits: limits)
                for change in commit.changes { try check(change, commit) }
            }
        } catch let error as ProtocolError {
            throw ReplicaError(
                .badAnswer, "the server's answer is not a page of changes: \(error); nothing was changed", cause: error)
        }
    }

    private func check(_ change: FeedChange, _ commit: FeedCommit) throws {
        let header = change.header
        guard header.kind != .erase, let collection = store.schema.collection(header.collection),
            keys.sealer.open(
                change.sealed, header: header, stamp: commit.stamp, nonce: commit.nonce, index: change.index,
                into: &opened),
            let stamps = try store.rows.stamps(collection, header.record)
        else { return }
        let unknown = try ValueCodec.places(
            opened, fields: header.fields, collection: collection, limits: limits, into: &places)
        let id = header.record
        var isMended = false
        var shown = FieldMask.empty
        for place in places {
            if header.kind == .add || stamps.winner(of: place.field) == commit.stamp {
                shown.insert(place.field)
            } else if stamps.fields(of: commit.stamp).contains(place.field) {
                if try mendSibling(collection, id, commit.stamp, place) { isMended = true }
                comparedValues += 1
            }
        }
        if try mendRow(collection, id, shown) { isMended = true }
        if store.hasParked, try release(change, commit, unknown) { isMended = true }
        if isMended { mendedRecords.append(id) }
    }

    private func mendRow(_ collection: CollectionSchema, _ id: RecordID, _ fields: FieldMask) throws -> Bool {
        let wanted = places.filter { fields.contains($0.field) }
        if wanted.isEmpty { return false }
        comparedValues += wanted.count
        let names = wanted.map { place in collection.field(place.field)!.name }
        let sets = names.enumerated().map { "\($1) = ?\($0 + 2)" }
        let differs = names.enumerated().map { "\($1) IS NOT ?\($0 + 2)" }
        let sql = """
            UPDATE \(collection.name) SET \(sets.joined(separator: ", "))
            WHERE id = ?1 AND (\(differs.joined(separator: " OR ")))
            """
        try store.connection.withStatement(sql) { statement in
            try statement.run(borrowing: opened) { binder throws(SQLiteError) in
                try binder.bind(1, high: id.high, low: id.low)
                for (index, place) in wanted.enumerated() { try place.bind(binder, index + 2) }
            }
        }
        return store.connection.changedRowCount > 0
    }

    /// Lets go of what could not be opened when it came, and can be now: its values stand in their places. Those that
    /// have none in this schema stay parked, plain.
    private func release(_ change: FeedChange, _ commit: FeedCommit, _ unknown: FieldMask) throws -> Bool {
        let items = try store.parked.items(where: "reason = 1", record: change.header.record)
        guard var item = items.first(where: { $0.stamp == commit.stamp }) else { return false }
        try store.parked.remove(item)
        let rest = change.header.kind == .add ? unknown : unknown.intersection(change.live)
        if !rest.isEmpty {
            item.reason = .unknown
            item.payload = try ValueCodec.part(opened, fields: change.header.fields, wanted: rest)
            item.fields = rest
            item.live = rest
            try store.parked.insert(item)
        }
        return true
    }

    private func mendSibling(
        _ collection: CollectionSchema, _ id: RecordID, _ stamp: Stamp, _ place: ValuePlace
    ) throws -> Bool {
        let key = "record = ?1 AND field = ?2 AND time = ?3 AND replica = ?4"
        let connection = store.connection
        for sql in [
            "UPDATE lugn_sibling SET value = ?5 WHERE \(key) AND value IS NOT ?5",
            """
            INSERT INTO lugn_sibling (record, field, time, replica, collection, value) SELECT ?1, ?2, ?3, ?4, ?6, ?5
            WHERE NOT EXISTS (SELECT 1 FROM lugn_sibling WHERE \(key))
            """,
        ] {
            try connection.withStatement(sql) { statement in
                try statement.run(borrowing: opened) { binder throws(SQLiteError) in
                    try binder.bind(1, high: id.high, low: id.low)
                    try binder.bind(2, Int64(place.field))
                    try binder.bind(3, Int64(bitPattern: stamp.time.rawValue))
                    try binder.bind(4, Int64(bitPattern: stamp.replica.rawValue))
                    try place.bind(binder, 5)
                    if sql.hasPrefix("INSERT") { try binder.bind(6, Int64(collection.number)) }
                }
            }
            if connection.changedRowCount > 0 { return true }
        }
        return false
    }
}
