import Merge

/// A table of values that lost: what keeping them costs at least.
final class PlainSiblings {
    static let nameWithRow = "plain with the row"
    private let entries: PlainEntries
    private let insertion: PlainStatement
    private let mark: PlainStatement

    init(_ path: String) throws {
        entries = try PlainEntries(path)
        try entries.database.execute(
            """
            CREATE TABLE sibling (
                record BLOB NOT NULL, field INTEGER NOT NULL, time INTEGER NOT NULL, replica INTEGER NOT NULL, value TEXT,
                PRIMARY KEY (record, field, time, replica)
            ) STRICT, WITHOUT ROWID
            """)
        insertion = try entries.database.prepare("INSERT INTO sibling VALUES (?1, ?2, ?3, ?4, ?5)")
        mark = try entries.database.prepare("UPDATE entry SET number0 = number0 + 1 WHERE id = ?1")
    }

    /// - Parameter marksRow: also changes the record's row, as it must be where the row tells what stands beside it.
    func fill(_ ids: [RecordID], _ parts: [Range<Int>], round: Int, marksRow: Bool) throws -> Stopwatch {
        var watch = Stopwatch()
        for part in parts {
            let rows = part.map { (ids[$0], PlainTexts([Entry.edit($0, round: round)])) }
            try watch.time {
                try entries.transaction {
                    for (id, text) in rows {
                        insertion.bind(1, id)
                        insertion.bind(2, 3)
                        insertion.bind(3, Keys.epoch << 16)
                        insertion.bind(4, 0x0123_4567_89AB_CDEF)
                        try insertion.run(texts: 5, text)
                        if marksRow {
                            mark.bind(1, id)
                            try mark.run()
                        }
                    }
                }
            }
        }
        return watch
    }
}
