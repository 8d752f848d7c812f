import Merge
import SQLite
import SyncProtocol

/// Gives the unacknowledged commits new stamps, in the outbox and wherever the tables know them.
///
/// After a fork they carry the new identity; after a corrected clock, new times. Order and content stay.
struct PendingRestamp {
    let store: RecordStore
    let limits: Limits

    /// What a commit is to be called from now on.
    struct Change {
        var oldNumber: UInt64
        var number: UInt64
        var old: Stamp
        var new: Stamp
    }

    func run(_ changes: [Change], _ state: inout ReplicaState) throws {
        var newStamps: [Stamp: Stamp] = [:]
        for change in changes { newStamps[change.old] = change.new }
        var seen: Set<RecordID> = []
        try Outbox(connection: store.connection).forEach { commit in
            for change in try Outbox.changes(commit.body, limits: limits) where change.header.kind != .erase {
                if seen.insert(change.header.record).inserted {
                    try restamp(change.header, newStamps, &state.fingerprint)
                }
            }
            return true
        }
        try renumber(changes)
    }

    private func restamp(
        _ header: ChangeHeader, _ newStamps: [Stamp: Stamp], _ fingerprint: inout Fingerprint
    ) throws {
        let id = header.record
        guard let collection = store.schema.collection(header.collection),
            let before = try store.rows.stamps(collection, id)
        else { return }
        var after = before
        after.restamp { newStamps[$0] }
        if before == after { return }
        // Another order of stamps, as equal times may give under a new identity, shows another value.
        for field in collection.fields where before.contested.contains(field.number) {
            try exchange(collection, id, field, before, after, newStamps)
        }
        for entry in before.entries {
            if let new = newStamps[entry.stamp] { try store.siblings.restamp(id, from: entry.stamp, to: new) }
        }
        fingerprint.subtract(store.hash(collection, id, before))
        fingerprint.add(store.hash(collection, id, after))
        try store.rows.setStamps(collection, id, after)
    }

    private func exchange(
        _ collection: CollectionSchema, _ id: RecordID, _ field: FieldDefinition, _ before: StampVector,
        _ after: StampVector, _ newStamps: [Stamp: Stamp]
    ) throws {
        guard let shown = before.winner(of: field.number), let winner = after.winner(of: field.number),
            newStamps[shown] ?? shown != winner
        else { return }
        let old = before.siblings(of: field.number).first { (newStamps[$0] ?? $0) == winner }
        guard let old else { return }
        try store.siblings.keep(collection, id, field, as: shown)
        _ = try store.siblings.promote(collection, id, field, old)
    }

    private func renumber(_ changes: [Change]) throws {
        // Downwards never collides with what is still to be renumbered, since numbers only get smaller or stay.
        for change in changes {
            try store.connection.withStatement("UPDATE lugn_outbox SET number = ?2, time = ?3 WHERE number = ?1") {
                row in
                try row.bind(1, Int64(bitPattern: change.oldNumber))
                try row.bind(2, Int64(bitPattern: change.number))
                try row.bind(3, Int64(bitPattern: change.new.time.rawValue))
                try row.run()
            }
        }
    }
}
