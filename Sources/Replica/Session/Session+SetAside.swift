import Merge
import SQLite
import Support
import SyncProtocol

extension Session {
    /// Puts a refused commit aside: an empty one takes its number, so that what comes behind it goes on.
    ///
    /// Its values leave the tables, since no other desk will ever have them, and what they had replaced stands again. The
    /// commit itself is kept for people. An erasure is never put aside: it stays done here, and a healing brings it to
    /// the server.
    func setAside(_ number: UInt64, _ reason: SyncResponse.Reason) throws {
        guard let refused = try store.outbox.commit(number) else { return }
        Marks.reach(.setAside)
        let changes = try refused.changes(store.limits)
        // There is nothing in it that could be refused: a server that does so would do it for ever, and the sync says that it
        // gets nowhere.
        guard !changes.isEmpty else { return }
        for change in changes { try withdraw(change) }
        try store.outbox.empty(number, dot: state.makeDot(environment.randomWord()))
        try store.outboxHasChanged()
        let kept = try changes.filter { try $0.header.kind != .erase && !store.isErased($0.header) }
        if !kept.isEmpty {
            var body = CBORWriter()
            for change in kept { body.change(header: change.header, content: change.payload) }
            try store.setAside.insert(refused, body: body.bytes, reason: reason, at: wall)
            store.noteSetAside()
        }
        link.verified = nil
        receipt.events.append(.setAside(number: number, reason: reason))
    }

    private func withdraw(_ change: PlainChange) throws {
        let header = change.header
        guard let collection = store.schema.collection(header.collection) else { return }
        changed.append(header.record)
        switch header.kind {
        case .erase: return
        case .put: try store.relay(collection, header.record, removing: change.stamp.dot)
        case .add:
            guard let state = try store.rows.state(collection, header.record),
                state.entries.first?.stamp.dot == change.stamp.dot
            else { return }
            _ = try store.remove(collection, header.record)
        }
    }
}

extension Replica {
    /// The commits that were put aside, the latest first.
    public func setAsideCommits() throws -> [SetAsideCommit] {
        try mappingErrors { try readers.read { try SetAside(connection: $0).list(limits) } }
    }
}
