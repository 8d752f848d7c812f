/// cr-sqlite, by its loadable extension: `--peer cr-sqlite=crsqlite.so`. <https://vlcn.io/docs/cr-sqlite>
///
/// Its triggers capture while the transaction runs; changes are rows of `crsql_changes`, one for each column, and taken
/// in by inserting them there.
final class CRSQLitePeer: Peer {
    static let name = "cr-sqlite"
    let entries: PlainEntries

    init(_ path: String, library: String?) throws {
        guard let library else { throw BenchError("cr-sqlite needs its extension: --peer cr-sqlite=FILE") }
        entries = try PlainEntries(path)
        try entries.database.load(library)
        try entries.database.execute("SELECT crsql_as_crr('entry')")
    }

    func capture(_ body: () throws -> Void) throws { try entries.transaction(body) }

    var position: Int64 {
        get throws {
            let selection = try entries.database.prepare("SELECT crsql_db_version()")
            guard try selection.step() else { return 0 }
            defer { selection.rewind() }
            return selection.integer(0)
        }
    }

    /// A database file with the rows, in order.
    struct Changes {
        var path: String
        var rowsPerRecord: Int
    }

    private static let columns = "\"table\", pk, cid, val, col_version, db_version, site_id, cl, seq"

    func changes(after position: Int64, perTransaction: Int) throws -> Changes {
        let database = entries.database
        let path = try database.path() + "-changes-\(position)"
        try Bench.remove(path)
        try database.execute(
            """
            ATTACH '\(path)' AS wire;
            CREATE TABLE wire.change AS
                SELECT \(Self.columns) FROM crsql_changes WHERE db_version > \(position) ORDER BY db_version, seq;
            DETACH wire
            """)
        // All columns of a new record, one of an edited one.
        return Changes(path: path, rowsPerRecord: position == 0 ? PlainEntries.columns.count - 1 : 1)
    }

    func apply(_ changes: Changes, of records: Range<Int>) throws {
        let database = entries.database
        if records.lowerBound == 0 { try database.execute("ATTACH '\(changes.path)' AS wire") }
        let first = records.lowerBound * changes.rowsPerRecord + 1
        let last = records.upperBound * changes.rowsPerRecord
        try entries.transaction {
            try database.execute(
                """
                INSERT INTO crsql_changes (\(Self.columns))
                    SELECT \(Self.columns) FROM wire.change WHERE rowid BETWEEN \(first) AND \(last)
                """)
        }
    }

    func finish() throws { try entries.database.execute("SELECT crsql_finalize()") }
}
