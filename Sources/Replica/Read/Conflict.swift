public import Merge
import SQLite

/// A value that was written without having seen the one shown, and is kept until somebody has dealt with it.
public struct Conflict: Sendable, Identifiable {
    /// Stable and the same at every desk: record, field, and the dot of the other value.
    public var id: String { "\(record)-\(field.number)-\(otherStamp.dot)" }
    public var collection: CollectionSchema
    public var record: RecordID
    public var field: FieldDefinition
    public var shown: Value
    /// When the value shown was written, by its writer's clock, and under which dot.
    public var shownStamp: Stamp
    public var other: Value
    public var otherStamp: Stamp
    /// What stood in the record when the conflict was read.
    let basis: EditBasis
}

extension Snapshot {
    /// All conflicts, in order of record; one entry for each other value. Equal values are none.
    public borrowing func conflicts(record: RecordID? = nil) throws -> [Conflict] {
        let siblings = SiblingStore(connection: connection)
        var conflicts: [Conflict] = []
        var latest: (id: RecordID, state: RecordState)?
        for place in try siblings.places(of: record) {
            guard let collection = schema.collection(place.collection), let field = collection.field(place.field)
            else { continue }
            if latest?.id != place.record {
                latest = try state(collection, place.record).map { (place.record, $0) }
            }
            guard let state = latest?.state, latest?.id == place.record, let winner = state.winner(of: field.number),
                let entry = state.entry(of: place.dot),
                let other = try siblings.value(place.record, field, place.dot),
                let shown = try value(collection, place.record, field), shown != other
            else { continue }
            conflicts.append(
                Conflict(
                    collection: collection, record: place.record, field: field, shown: shown, shownStamp: winner,
                    other: other, otherStamp: entry.stamp, basis: EditBasis(place.record, state)))
        }
        return conflicts
    }

    public borrowing func conflictCount() throws -> Int { try conflicts().count }

    private borrowing func value(
        _ collection: CollectionSchema, _ id: RecordID, _ field: FieldDefinition
    ) throws -> Value? {
        try query("SELECT \(field.name) FROM \(collection.name) WHERE id = ?", [.reference(id)]) { row in
            Value(row, 0, field.type)
        }.first
    }
}

extension WriteTransaction {
    /// Settles a conflict in favour of the value shown, or of the other one: writes it again, having seen them all.
    ///
    /// Errors: `conflictChanged` where it is not the one any more that was looked at; nothing is changed then.
    public func settle(_ conflict: Conflict, takeOther: Bool) throws {
        let now = try snapshot.conflicts(record: conflict.record).first { $0.id == conflict.id }
        guard let now, now.shown == conflict.shown, now.shownStamp.dot == conflict.shownStamp.dot else {
            throw ReplicaError(
                .conflictChanged, "the conflict is not what it was any more; nothing was changed: look at it again")
        }
        try update(conflict.collection, conflict.record) { row in
            row.set(conflict.field, takeOther ? conflict.other : conflict.shown)
        }
    }
}
