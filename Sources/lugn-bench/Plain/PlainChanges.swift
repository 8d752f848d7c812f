import Merge

/// One row per change in the order of a log, found again by its record: what a server cannot do without.
final class PlainChanges {
    private let database: PlainDatabase
    private let insertion: PlainStatement
    private var next: Int64 = 1

    init(_ path: String) throws {
        database = try PlainDatabase(path, cacheKibibytes: 16_000)
        try database.execute(
            """
            CREATE TABLE IF NOT EXISTS change (
                position INTEGER PRIMARY KEY, record BLOB NOT NULL, collection INTEGER NOT NULL, fields INTEGER NOT NULL,
                sealed BLOB NOT NULL
            ) STRICT;
            CREATE INDEX IF NOT EXISTS change_record ON change (record)
            """)
        insertion = try database.prepare("INSERT INTO change VALUES (?1, ?2, ?3, ?4, ?5)")
    }

    func append(_ changes: [(record: RecordID, collection: UInt32, fields: UInt64, sealed: ArraySlice<UInt8>)]) throws {
        try database.execute("BEGIN IMMEDIATE")
        for change in changes {
            insertion.bind(1, next)
            insertion.bind(2, change.record)
            insertion.bind(3, Int64(change.collection))
            insertion.bind(4, Int64(bitPattern: change.fields))
            try insertion.run(blob: 5, change.sealed)
            next += 1
        }
        try database.execute("COMMIT")
    }

    /// Reads all rows in order, `pageBytes` of content at a time; returns the bytes read.
    func read(pageBytes: Int) throws -> Int {
        let selection = try database.prepare(
            "SELECT position, record, collection, fields, sealed FROM change WHERE position > ?1 ORDER BY position")
        var total = 0
        var last: Int64 = 0
        var isMore = true
        while isMore {
            var page: [UInt8] = []
            page.reserveCapacity(pageBytes)
            selection.bind(1, last)
            isMore = false
            while try selection.step() {
                last = selection.integer(0)
                selection.append(1, to: &page)
                selection.append(4, to: &page)
                if page.count >= pageBytes {
                    isMore = true
                    selection.rewind()
                    break
                }
            }
            total += page.count
        }
        return total
    }
}
