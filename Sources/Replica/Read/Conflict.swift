public import Merge
import SQLite

/// A value that was written without having seen the one shown, and is kept until somebody has dealt with it.
public struct Conflict: Sendable, Identifiable {
    /// Stable and the same at every desk: record, field, and the stamp of the other value.
    public var id: String { "\(record)-\(field.number)-\(otherStamp.time.rawValue)-\(otherStamp.replica)" }
    public var collection: CollectionSchema
    public var record: RecordID
    public var field: FieldDefinition
    public var shown: Value
    public var shownStamp: Stamp
    public var other: Value
    public var otherStamp: Stamp
}

extension Snapshot {
    /// All conflicts, in order of record; one entry for each other value. Equal values are none.
    public borrowing func conflicts(record: RecordID? = nil) throws -> [Conflict] {
        var conflicts: [Conflict] = []
        let rows = try query(
            """
            SELECT record, collection, field, time, replica FROM lugn_sibling
            WHERE \(record == nil ? "1" : "record = ?") ORDER BY record, field, time DESC, replica DESC
            """, record.map { [.reference($0)] } ?? []
        ) { row in
            (
                record: row.halves(0) ?? (0, 0), collection: row.integer(1), field: Int(row.integer(2)),
                stamp: Stamp(
                    time: HybridTimestamp(rawValue: UInt64(bitPattern: row.integer(3))),
                    replica: ReplicaID(rawValue: UInt64(bitPattern: row.integer(4))))
            )
        }
        for row in rows {
            guard let collection = schema.collection(UInt32(truncatingIfNeeded: row.collection)),
                let field = collection.field(row.field)
            else { continue }
            let id = RecordID(high: row.record.high, low: row.record.low)
            let found = try query(
                """
                SELECT t.\(field.name), s.value, t.stamps FROM \(collection.name) t JOIN lugn_sibling s ON s.record = t.id
                WHERE s.record = ? AND s.field = ? AND s.time = ? AND s.replica = ? AND s.value IS NOT t.\(field.name)
                """,
                [
                    .reference(id), .integer(Int64(field.number)),
                    .integer(Int64(bitPattern: row.stamp.time.rawValue)),
                    .integer(Int64(bitPattern: row.stamp.replica.rawValue)),
                ]
            ) { values in
                (
                    Value(values, 0, field.type), Value(values, 1, field.type),
                    StampVector(encoded: values.bytes(2).span)?.winner(of: field.number)
                )
            }
            for (shown, other, winner) in found {
                guard let winner else { continue }
                conflicts.append(
                    Conflict(
                        collection: collection, record: id, field: field, shown: shown, shownStamp: winner,
                        other: other,
                        otherStamp: row.stamp))
            }
        }
        return conflicts
    }

    public borrowing func conflictCount() throws -> Int { try conflicts().count }
}

extension WriteTransaction {
    /// Settles a conflict in favour of the value shown, or of the other one: writes it again, having seen them all.
    public func settle(_ conflict: Conflict, takeOther: Bool) throws {
        try update(conflict.collection, conflict.record) { row in
            row.set(conflict.field, takeOther ? conflict.other : conflict.shown)
        }
    }
}
