import Merge
import SQLite

/// The full-text index of the notes of one collection: its searched fields, and nothing else of them.
///
/// The words stand in an FTS5 table that has no copy of the text; what it shows it reads through a view. Notes are never
/// changed, so that they are only added and taken out again, in the transaction that does so with the row.
///
/// FTS5 keeps the words of what was taken out in its segments until these are merged
/// (<https://www.sqlite.org/fts5.html#the_optimize_command>). A transaction that erases ends with ``merge()``, so that under
/// `secure_delete` nothing of them is left in the file.
final class FullText {
    let connection: Connection
    let collection: CollectionSchema
    /// The names in the order of the index.
    private let columns: [String]
    private var adding: Prepared?
    private var removing: Prepared?
    private var numbering: Prepared?
    private var forgetting: Prepared?

    private final class Prepared {
        let statement: Statement
        init(_ statement: consuming Statement) { self.statement = statement }
    }

    /// Nil for a collection that is not searched.
    init?(connection: Connection, collection: CollectionSchema) {
        guard !collection.searchedMask.isEmpty else { return nil }
        self.connection = connection
        self.collection = collection
        columns = collection.fields.filter(\.isSearched).map(\.name)
    }

    private var index: String { collection.searchTable }
    private var numbers: String { index + "_rows" }
    private var texts: String { index + "_texts" }

    // MARK: The tables

    private var definition: String {
        """
        CREATE VIRTUAL TABLE \(index) USING fts5 (id UNINDEXED, \(columns.joined(separator: ", ")), content = '\(texts)', content_rowid = 'number', tokenize = 'unicode61 remove_diacritics 2')
        """
    }

    /// Makes the index from the rows that are there, where it is missing or of other fields. Call inside a write
    /// transaction.
    func prepareTables() throws {
        let stored = try connection.withStatement("SELECT sql FROM sqlite_schema WHERE name = ?") { row in
            try row.bind(1, index)
            return try row.step() ? row.text(0) : nil
        }
        if stored == definition { return }
        try connection.execute(
            """
            DROP TABLE IF EXISTS \(index); DROP VIEW IF EXISTS \(texts); DROP TABLE IF EXISTS \(numbers);
            CREATE TABLE \(numbers) (number INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE) STRICT;
            CREATE VIEW \(texts) AS SELECT r.number AS number, n.id AS id, \(columns.map { "n.\($0)" }.joined(separator: ", "))
                FROM \(numbers) r JOIN \(collection.name) n ON n.id = r.id;
            \(definition);
            INSERT INTO \(numbers) (id) SELECT id FROM \(collection.name) ORDER BY id;
            """)
        try rebuild()
    }

    /// From the rows as they are. Cost: 6 µs for each short note.
    func rebuild() throws { try connection.execute("INSERT INTO \(index) (\(index)) VALUES ('rebuild')") }

    /// Lets the words of what was taken out leave the file. Cost: in proportion to the index, 0.3 s at 50,000 notes, and
    /// next to nothing where nothing has changed since the last time.
    func merge() throws { try connection.execute("INSERT INTO \(index) (\(index)) VALUES ('optimize')") }

    // MARK: Notes

    /// After a note was put into its table.
    func add(_ id: RecordID) throws(SQLiteError) {
        try run(&numbering, id) { "INSERT INTO \(numbers) (id) VALUES (?)" }
        try run(&adding, id) {
            "INSERT INTO \(index) (rowid, \(list)) SELECT number, \(list) FROM \(texts) WHERE id = ?"
        }
    }

    /// Before a note leaves its table, or a searched field of it is given its value.
    func remove(_ id: RecordID) throws(SQLiteError) {
        try run(&removing, id) {
            "INSERT INTO \(index) (\(index), rowid, \(list)) SELECT 'delete', number, \(list) FROM \(texts) WHERE id = ?"
        }
        try run(&forgetting, id) { "DELETE FROM \(numbers) WHERE id = ?" }
    }

    private var list: String { columns.joined(separator: ", ") }

    private func run(_ prepared: inout Prepared?, _ id: RecordID, _ sql: () -> String) throws(SQLiteError) {
        let ready = if let prepared { prepared } else { Prepared(try connection.prepare(sql())) }
        prepared = ready
        try ready.statement.bind(1, high: id.high, low: id.low)
        try ready.statement.run()
    }
}

extension Snapshot {
    /// What was typed into a search box as an expression for `MATCH`: notes that have words with all of these beginnings;
    /// nil where there is no letter or digit in it. At most eight words count.
    ///
    /// Words are compared without the case of their letters and without rings, dots and accents, composed or not.
    public static func matchExpression(_ typed: String) -> String? {
        let marks = 0x0300...0x036F  // belong to the letter before them
        let words = typed.unicodeScalars
            .split { scalar in
                let properties = scalar.properties
                return !properties.isAlphabetic && properties.numericType == nil && !marks.contains(Int(scalar.value))
            }
            .prefix(8).map { "\"\(String(String.UnicodeScalarView($0)))\"*" }
        return words.isEmpty ? nil : words.joined(separator: " ")
    }
}
