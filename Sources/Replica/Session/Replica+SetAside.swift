import Merge
import SQLite
import Support
public import SyncProtocol

/// A commit that the server can never take, kept for people to look at.
public struct SetAsideCommit: Sendable {
    public var number: UInt64
    public var reason: SyncResponse.Reason
    /// When it was written, and when it was put aside: milliseconds since 1970.
    public var writtenAt: Int64
    public var setAsideAt: Int64
    public var changeCount: Int
}

extension Replica {
    /// Puts a refused commit aside: an empty one takes its number, so that what comes behind it goes on.
    ///
    /// Its values leave the tables, since no other desk will ever have them; what stood there before comes back with
    /// the feed, which is read anew. The commit itself is kept. False if it is not in the outbox any more.
    func setAside(
        _ number: UInt64, _ reason: SyncResponse.Reason, by response: SyncResponse, _ writer: Writer,
        _ state: inout ReplicaState, _ link: inout Link, wall: Int64
    ) throws -> Bool {
        var refused: Outbox.Commit?
        try Outbox(connection: writer.connection).forEach { commit in
            if commit.number == number { refused = commit }
            return commit.number < number
        }
        guard let refused, !refused.body.isEmpty else { return false }
        Marks.reach(.setAside)
        let stamp = Stamp(time: refused.time, replica: state.replica)
        var needsRereading = false
        for change in try Outbox.changes(refused.body, limits: limits) {
            if try withdraw(change.header, stamp, writer.store, &state) { needsRereading = true }
        }
        try keep(refused, reason, writer, wall: wall)
        try writer.connection.withStatement(
            "UPDATE lugn_outbox SET body = zeroblob(0), change_count = 0 WHERE number = ?"
        ) { row in
            try row.bind(1, Int64(bitPattern: number))
            try row.run()
        }
        if needsRereading {
            // A cursor at the start proves no log, and the number that would find out a lost one may have been given up
            // with an id. A healing does the same at its end.
            if !state.isHealing { vouch(response, state, &link) }
            try beginRereading(writer, &state, &link)
        }
        return true
    }

    /// Keeps what a refused commit says, but for what was erased meanwhile.
    private func keep(
        _ refused: Outbox.Commit, _ reason: SyncResponse.Reason, _ writer: Writer, wall: Int64
    ) throws {
        let body = try writer.store.body(refused.body) { try writer.store.isErased($0) }
        if body.isEmpty { return }
        try writer.connection.withStatement(
            "INSERT INTO lugn_set_aside (number, time, reason, at, body) VALUES (?, ?, ?, ?, ?)"
        ) { row in
            try row.bind(1, Int64(bitPattern: refused.number))
            try row.bind(2, Int64(bitPattern: refused.time.rawValue))
            try row.bind(3, Int64(bitPattern: reason.rawValue))
            try row.bind(4, wall)
            try row.bind(5, body)
            try row.run()
        }
    }

    /// Takes one change of a refused commit out of the tables; true if something else may have stood in its place.
    private func withdraw(
        _ header: ChangeHeader, _ stamp: Stamp, _ store: RecordStore, _ state: inout ReplicaState
    ) throws -> Bool {
        guard let collection = store.schema.collection(header.collection) else { return true }
        if header.kind == .erase {
            try store.connection.withStatement("DELETE FROM lugn_tombstone WHERE id = ?") { row in
                try row.bind(1, high: header.record.high, low: header.record.low)
                try row.run()
            }
            state.fingerprint.subtract(store.hasher.tombstone(header.record))
            return true
        }
        guard let before = try store.rows.stamps(collection, header.record) else { return true }
        if header.kind == .add {
            _ = try withdrawWhole(header, collection, store, &state)
            return false
        }
        var after = before
        after.withdraw(stamp)
        if after.entries.isEmpty {
            return try withdrawWhole(header, collection, store, &state)
        }
        for field in collection.fields where before.fields(of: stamp).contains(field.number) {
            if before.winner(of: field.number) == stamp {
                if let next = after.winner(of: field.number),
                    try store.siblings.promote(collection, header.record, field, next)
                {
                    continue
                }
                let sql = "UPDATE \(collection.name) SET \(field.name) = NULL WHERE id = ?"
                try store.connection.withStatement(sql) { row in
                    try row.bind(1, high: header.record.high, low: header.record.low)
                    try row.run()
                }
            } else {
                try store.siblings.remove(header.record, field.number, stamp)
            }
        }
        state.fingerprint.subtract(store.hash(collection, header.record, before))
        state.fingerprint.add(store.hash(collection, header.record, after))
        try store.rows.setStamps(collection, header.record, after)
        return true
    }

    /// Takes out a record that only the refused commit had made. What other commits wrote below it stands by itself.
    private func withdrawWhole(
        _ header: ChangeHeader, _ collection: CollectionSchema, _ store: RecordStore, _ state: inout ReplicaState
    ) throws -> Bool {
        if store.hasParked { try store.parked.removeValues(header.record) }
        return try store.removeAlone(collection, header.record, &state.fingerprint)
    }

    /// From now on the whole feed is read again, over what is here. What was seen is remembered for what is written
    /// meanwhile.
    func beginRereading(_ writer: Writer, _ state: inout ReplicaState, _ link: inout Link) throws {
        Marks.reach(.reread)
        try giveContexts(writer, state, link)
        let start = Cursor.start
        state.isRereading = true
        link.seenAhead = VersionVector()
        state.position = start.position
        link.log = start.log
        link.cursorCheck = start.check
        link.verified = nil
        try writer.connection.execute("DELETE FROM lugn_arrival")
    }

    /// The commits that were put aside, the latest first.
    public func setAsideCommits() throws -> [SetAsideCommit] {
        try read { snapshot in
            try snapshot.query("SELECT number, reason, time, at, body FROM lugn_set_aside ORDER BY at DESC") { row in
                SetAsideCommit(
                    number: UInt64(bitPattern: row.integer(0)),
                    reason: SyncResponse.Reason(rawValue: UInt64(bitPattern: row.integer(1))) ?? .malformed,
                    writtenAt: HybridTimestamp(rawValue: UInt64(bitPattern: row.integer(2))).milliseconds,
                    setAsideAt: row.integer(3), changeCount: try Outbox.changes(row.bytes(4), limits: limits).count)
            }
        }
    }
}
