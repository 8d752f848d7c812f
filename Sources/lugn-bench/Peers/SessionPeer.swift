import CSQLite

/// SQLite's session extension: each transaction's changeset is kept in the database, as what has to be sent.
///
/// It captures and applies, and does not merge: without clocks, replicas that write at the same time diverge. It is
/// nearest to a limit of what capturing costs. <https://www.sqlite.org/sessionintro.html>
@safe
final class SessionPeer: Peer {
    static let name = "session"
    let entries: PlainEntries
    private let keep: PlainStatement

    init(_ path: String, library: String?) throws {
        entries = try PlainEntries(path)
        try entries.database.execute(
            "CREATE TABLE IF NOT EXISTS changeset (number INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT")
        keep = try entries.database.prepare("INSERT INTO changeset (bytes) VALUES (?1)")
    }

    func capture(_ body: () throws -> Void) throws {
        try entries.transaction {
            let changeset = try changeset(of: body)
            try keep.run(blob: 1, changeset[...])
        }
    }

    var position: Int64 {
        get throws {
            let selection = try entries.database.prepare("SELECT coalesce(max(number), 0) FROM changeset")
            guard try selection.step() else { return 0 }
            defer { selection.rewind() }
            return selection.integer(0)
        }
    }

    /// Changesets, of so many records each.
    struct Changes {
        var changesets: [[UInt8]] = []
        var perTransaction: Int
    }

    func changes(after position: Int64, perTransaction: Int) throws -> Changes {
        var changes = Changes(perTransaction: perTransaction)
        let selection = try entries.database.prepare("SELECT bytes FROM changeset WHERE number > ?1 ORDER BY number")
        selection.bind(1, position)
        while try selection.step() {
            var bytes: [UInt8] = []
            selection.append(0, to: &bytes)
            changes.changesets.append(bytes)
        }
        return changes
    }

    /// A part begins and ends where transactions do; the last one may be short.
    func apply(_ changes: Changes, of records: Range<Int>) throws {
        let size = changes.perTransaction
        let range = records.lowerBound / size..<(records.upperBound + size - 1) / size
        try entries.transaction {
            for changeset in changes.changesets[range] { try apply(changeset) }
        }
    }

    func finish() {}

    // MARK: The extension

    private func changeset(of body: () throws -> Void) throws -> [UInt8] {
        try unsafe entries.database.withHandle { handle in
            var session: OpaquePointer?
            try unsafe check(sqlite3session_create(handle, "main", &session))
            defer { unsafe sqlite3session_delete(session) }
            try unsafe check(sqlite3session_attach(session, "entry"))
            try body()
            var count: Int32 = 0
            var start: UnsafeMutableRawPointer?
            try unsafe check(sqlite3session_changeset(session, &count, &start))
            defer { unsafe sqlite3_free(start) }
            return unsafe Array(UnsafeRawBufferPointer(start: start, count: Int(count)))
        }
    }

    private func apply(_ changeset: [UInt8]) throws {
        var bytes = changeset
        try unsafe entries.database.withHandle { handle in
            try unsafe bytes.withUnsafeMutableBytes { buffer in
                try unsafe check(
                    sqlite3changeset_apply(
                        handle, Int32(buffer.count), buffer.baseAddress, nil,
                        // A row that is here already stays; a value that is not the expected one is overwritten.
                        { _, conflict, _ in
                            conflict == SQLITE_CHANGESET_DATA ? SQLITE_CHANGESET_REPLACE : SQLITE_CHANGESET_OMIT
                        }, nil))
            }
        }
    }

    private func check(_ code: Int32) throws {
        if code != SQLITE_OK { throw PlainError(code: code) }
    }
}
