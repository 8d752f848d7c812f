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
    private var limits: Limits { store.limits }
    private(set) var comparedValues = 0
    private(set) var mendedRecords: [RecordID] = []

    private var opened: [UInt8] = []
    private var places: [ValuePlace] = []

    init(_ store: RecordStore, _ keys: SessionKeys) {
        self.store = store
        self.keys = keys
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
            keys.sealer(epoch: header.epoch)?.open(
                change.sealed, header: header, stamp: commit.stamp, nonce: commit.nonce, index: change.index,
                into: &opened) == true,
            let state = try store.rows.state(collection, header.record)
        else { return }
        do throws(ProtocolError) {
            _ = try ValueCodec.places(
                opened, fields: header.fields, collection: collection, limits: limits, into: &places)
        } catch {
            // Sealed by a workstation of the line, but not what the schema says: the page's applier keeps it unopened.
            return
        }
        let id = header.record
        var isMended = false
        var shown = FieldMask.empty
        for place in places {
            if header.kind == .add || state.winner(of: place.field)?.dot == commit.stamp.dot {
                shown.insert(place.field)
            } else if state.fields(of: commit.stamp.dot).contains(place.field) {
                if try mendSibling(collection, id, commit.stamp.dot, place) { isMended = true }
                comparedValues += 1
            }
        }
        if try mendRow(collection, id, shown) { isMended = true }
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
        let isMended = store.connection.changedRowCount > 0
        if isMended { try store.rows.rebuildFullText(collection) }
        return isMended
    }

    private func mendSibling(
        _ collection: CollectionSchema, _ id: RecordID, _ dot: Dot, _ place: ValuePlace
    ) throws -> Bool {
        guard let field = collection.field(place.field) else { return false }
        let known = try store.siblings.value(id, field, dot)
        if known == place.value(in: opened, field.type) { return false }
        try store.siblings.insert(collection, id, dot, place, buffer: opened)
        return true
    }
}
