import Merge
import SQLite
import SyncProtocol

/// Erasing reaches the commits that were put aside, too: what is erased is nowhere.
extension RecordStore {
    /// A commit's body without what it says of these records, and of records below them.
    func body(_ body: [UInt8], without isErased: (RecordID) throws -> Bool) throws -> [UInt8] {
        var rest = CBORWriter()
        for change in try Outbox.changes(body, limits: Limits()) {
            if try isErased(change.header.record) { continue }
            if let parent = change.header.parent, try isErased(parent) { continue }
            rest.change(change)
        }
        return rest.bytes
    }

    /// Takes erased records out of all that was put aside; a commit of which nothing is left goes.
    func eraseFromSetAside(_ records: Set<RecordID>) throws {
        var changed: [(row: Int64, body: [UInt8])] = []
        try connection.withStatement("SELECT rowid, body FROM lugn_set_aside") { row in
            while try row.step() {
                let before = row.bytes(1)
                let after = try body(before) { records.contains($0) }
                if after.count != before.count { changed.append((row.integer(0), after)) }
            }
        }
        for (number, body) in changed {
            let sql =
                body.isEmpty
                ? "DELETE FROM lugn_set_aside WHERE rowid = ?1" : "UPDATE lugn_set_aside SET body = ?2 WHERE rowid = ?1"
            try connection.withStatement(sql) { row in
                try row.bind(1, number)
                if !body.isEmpty { try row.bind(2, body) }
                try row.run()
            }
        }
    }
}
