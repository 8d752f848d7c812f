import Merge

/// A table of values that lost: what keeping them costs at least.
final class PlainSiblings {
    private let database: PlainDatabase
    private let insertion: PlainStatement

    init(_ path: String) throws {
        database = try PlainDatabase(path)
        try database.execute(
            """
            CREATE TABLE sibling (
                record BLOB NOT NULL, field INTEGER NOT NULL, time INTEGER NOT NULL, replica INTEGER NOT NULL, value TEXT,
                PRIMARY KEY (record, field, time, replica)
            ) STRICT, WITHOUT ROWID
            """)
        insertion = try database.prepare("INSERT INTO sibling VALUES (?1, ?2, ?3, ?4, ?5)")
    }

    func fill(_ ids: [RecordID], _ parts: [Range<Int>], round: Int) throws -> Stopwatch {
        var watch = Stopwatch()
        for part in parts {
            let rows = part.map { (ids[$0], PlainTexts([Entry.edit($0, round: round)])) }
            try watch.time {
                try database.execute("BEGIN IMMEDIATE")
                for (id, text) in rows {
                    insertion.bind(1, id)
                    insertion.bind(2, 3)
                    insertion.bind(3, Keys.epoch << 16)
                    insertion.bind(4, 0x0123_4567_89AB_CDEF)
                    try insertion.run(texts: 5, text)
                }
                try database.execute("COMMIT")
            }
        }
        return watch
    }
}
