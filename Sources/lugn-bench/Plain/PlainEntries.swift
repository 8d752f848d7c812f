import Merge
import Replica

/// The rows as a program without any sync would keep them: one table, its key first.
final class PlainEntries {
    let database: PlainDatabase
    private let insertion: PlainStatement
    private let edit: PlainStatement

    static let columns =
        (["id"] + Entries.texts.map(\.definition.name) + [
            Entries.first.definition.name, Entries.second.definition.name,
        ])

    init(_ path: String, cacheKibibytes: Int = Bench.cacheKibibytes) throws {
        database = try PlainDatabase(path, cacheKibibytes: cacheKibibytes)
        let types = ["BLOB PRIMARY KEY"] + Entries.texts.map { _ in "TEXT" } + ["INTEGER", "INTEGER"]
        let columns = zip(Self.columns, types).map { "\($0) \($1)" }.joined(separator: ", ")
        try database.execute("CREATE TABLE IF NOT EXISTS entry (\(columns)) STRICT, WITHOUT ROWID")
        let marks = Self.columns.map { _ in "?" }.joined(separator: ", ")
        insertion = try database.prepare("INSERT OR IGNORE INTO entry VALUES (\(marks))")
        edit = try database.prepare("UPDATE entry SET \(Entries.edited.definition.name) = ?2 WHERE id = ?1")
    }

    /// A row as SQLite is given it, made before the clock runs.
    struct Row {
        var id: RecordID
        var texts: PlainTexts
        var first: Int64
        var second: Int64

        init(_ id: RecordID, _ entry: Entry) {
            self.id = id
            texts = PlainTexts(entry.texts)
            first = entry.first
            second = entry.second
        }
    }

    func insert(_ row: Row) throws {
        insertion.bind(1, row.id)
        insertion.bind(11, row.first)
        insertion.bind(12, row.second)
        try insertion.run(texts: 2, row.texts)
    }

    func edit(_ id: RecordID, _ text: PlainTexts) throws {
        edit.bind(1, id)
        try edit.run(texts: 2, text)
    }

    func count() throws -> Int {
        let selection = try database.prepare("SELECT count(*) FROM entry")
        defer { selection.rewind() }
        return try selection.step() ? Int(selection.integer(0)) : 0
    }

    func transaction(_ body: () throws -> Void) throws {
        try database.execute("BEGIN IMMEDIATE")
        try body()
        try database.execute("COMMIT")
    }

    /// Inserts rows, one transaction for each part, and returns how long that took; making the rows does not count.
    func fill(_ parts: [Range<Int>], key: (Int) -> RecordID) throws -> Stopwatch {
        var watch = Stopwatch()
        for part in parts {
            let rows = part.map { Row(key($0), Entry($0)) }
            try watch.time { try transaction { for row in rows { try insert(row) } } }
        }
        return watch
    }

    /// Edits one field of each of the records, one transaction for each part.
    func edit(_ ids: [RecordID], _ parts: [Range<Int>], round: Int = 0) throws -> Stopwatch {
        var watch = Stopwatch()
        for part in parts {
            let edits = part.map { (ids[$0], PlainTexts([Entry.edit($0, round: round)])) }
            try watch.time { try transaction { for (id, text) in edits { try edit(id, text) } } }
        }
        return watch
    }
}
