import Casework
import Merge
import Replica
import SQLite
import Support

/// Full-text search over notes, in a file of its own beside the replica.
///
/// It holds a copy of the notes' words, and may be deleted at any time: it is made anew. It is kept in step by looking
/// which notes there are; a note is never changed, only added and erased. What is erased leaves its file at once, byte for
/// byte: FTS5 keeps the words of deleted rows in its segments until they are merged
/// (<https://www.sqlite.org/fts5.html#the_optimize_command>), so that erasing ends with a merge, under `secure_delete`.
///
/// Å, ä and ö are found without their dots, composed or decomposed; words are found by their beginnings.
final class SearchIndex: Sendable {
    private let connection: Lock<Connection>

    private static let version: Int32 = 1

    /// Opens the index, or makes it anew where it is missing, damaged or of another version.
    init(path: String) throws {
        do {
            connection = Lock(try Self.open(path))
        } catch {
            try removeFile(path)
            connection = Lock(try Self.open(path))
        }
    }

    private static func open(_ path: String) throws -> Connection {
        let connection = try Connection(path: path, mode: .create)
        try connection.execute(
            """
            PRAGMA journal_mode = DELETE; PRAGMA synchronous = NORMAL; PRAGMA secure_delete = ON;
            PRAGMA trusted_schema = OFF; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -8000;
            """)
        let found = try connection.userVersion()
        if found == version { return connection }
        guard found == 0 else { throw SQLiteError(extendedCode: 26, message: "the index is of another version") }
        try connection.transaction(.immediate) {
            try connection.execute(
                """
                CREATE TABLE note (number INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE);
                CREATE VIRTUAL TABLE words USING fts5 (text, tokenize = 'unicode61 remove_diacritics 2');
                """)
            try connection.setUserVersion(version)
        }
        return connection
    }

    /// A note that has all of the words.
    struct Hit: Sendable {
        var note: RecordID
        /// The place in the text, with what matched between U+0002 and U+0003.
        var excerpt: String
    }

    /// The latest notes that have words with these beginnings.
    func search(_ query: String, limit: Int = 200) throws -> [Hit] {
        let words = query.precomposed().split { !$0.isLetter && !$0.isNumber }.prefix(8)
        guard !words.isEmpty else { return [] }
        let expression = words.map { "\"\($0)\"*" }.joined(separator: " ")
        return try connection.withLock { connection throws(any Error) in
            try connection.withStatement(
                """
                SELECT n.id, snippet(words, 0, char(2), char(3), '…', 18) FROM words JOIN note n ON n.number = words.rowid
                WHERE words MATCH ? ORDER BY words.rowid DESC LIMIT \(limit)
                """
            ) { row in
                try row.bind(1, expression)
                var hits: [Hit] = []
                while try row.step() {
                    guard let id = row.halves(0) else { continue }
                    hits.append(Hit(note: RecordID(high: id.high, low: id.low), excerpt: row.text(1)))
                }
                return hits
            }
        }
    }

    // MARK: Keeping in step

    /// Brings the index to what the replica holds now. Returns whether anything was different.
    ///
    /// Cost: a pass over the ids of the notes, 0.1 µs each; the text of those that are new.
    @discardableResult
    func catchUp(with replica: Replica) throws -> Bool {
        let held = Set(try replica.read { try $0.query("SELECT id FROM notes ORDER BY id") { Self.id($0, 0) } })
        return try connection.withLock { connection throws(any Error) in
            let known = try connection.withStatement("SELECT id FROM note") { row in
                var known: Set<RecordID> = []
                while try row.step() { known.insert(Self.id(row, 0)) }
                return known
            }
            let gone = known.subtracting(held)
            let new = held.subtracting(known).sorted()
            if gone.isEmpty, new.isEmpty { return false }
            try connection.transaction(.immediate) {
                for id in gone { try Self.remove(id, connection) }
                for start in stride(from: 0, to: new.count, by: 500) {
                    let part = new[start..<min(start + 500, new.count)]
                    for (id, text) in try Self.texts(of: part, in: replica) { try Self.add(id, text, connection) }
                }
                if !gone.isEmpty { try connection.execute("INSERT INTO words (words) VALUES ('optimize')") }
            }
            return true
        }
    }

    /// The same where it is known which records have changed: looks at these, and at all only where that does not add up,
    /// as after the erasure of a case with its notes. Cost: a count, and the text of those that are new.
    func update(_ ids: [RecordID], from replica: Replica) throws {
        let (texts, held) = try replica.read { snapshot in
            var texts: [(RecordID, String)] = []
            for id in ids {
                texts += try snapshot.query("SELECT text FROM notes WHERE id = ?", [.reference(id)]) {
                    (id, $0.optionalText(0) ?? "")
                }
            }
            return (texts, try snapshot.query("SELECT count(*) FROM notes") { $0.integer(0) }.first ?? 0)
        }
        let known = try connection.withLock { connection throws(any Error) in
            try connection.transaction(.immediate) {
                for (id, text) in texts where try !Self.isKnown(id, connection) { try Self.add(id, text, connection) }
                return try connection.integer("SELECT count(*) FROM note") ?? 0
            }
        }
        if known != held { try catchUp(with: replica) }
    }

    private static func isKnown(_ id: RecordID, _ connection: Connection) throws -> Bool {
        try connection.withStatement("SELECT 1 FROM note WHERE id = ?") { row in
            try row.bind(1, high: id.high, low: id.low)
            return try row.step()
        }
    }

    private static func texts(of ids: ArraySlice<RecordID>, in replica: Replica) throws -> [(RecordID, String)] {
        try replica.read { snapshot in
            var texts: [(RecordID, String)] = []
            for id in ids {
                texts += try snapshot.query("SELECT text FROM notes WHERE id = ?", [.reference(id)]) {
                    (id, $0.optionalText(0) ?? "")
                }
            }
            return texts
        }
    }

    private static func add(_ id: RecordID, _ text: String, _ connection: Connection) throws {
        try connection.withStatement("INSERT INTO note (id) VALUES (?)") { row in
            try row.bind(1, high: id.high, low: id.low)
            try row.run()
        }
        let number = connection.lastInsertedRowID
        try connection.withStatement("INSERT INTO words (rowid, text) VALUES (?, ?)") { row in
            try row.bind(1, number)
            try row.bind(2, text.precomposed())
            try row.run()
        }
    }

    private static func remove(_ id: RecordID, _ connection: Connection) throws {
        let number = try connection.withStatement("SELECT number FROM note WHERE id = ?") { row in
            try row.bind(1, high: id.high, low: id.low)
            return try row.step() ? row.integer(0) : nil
        }
        guard let number else { return }
        for sql in ["DELETE FROM words WHERE rowid = ?", "DELETE FROM note WHERE number = ?"] {
            try connection.withStatement(sql) { row in
                try row.bind(1, number)
                try row.run()
            }
        }
    }

    private static func id(_ row: borrowing Statement, _ index: Int) -> RecordID {
        let halves = row.halves(index) ?? (0, 0)
        return RecordID(high: halves.high, low: halves.low)
    }
}

extension String {
    /// With Å, Ä and Ö as one character each, for a letter and its ring or dots. Other letters' marks are left to the
    /// tokenizer.
    func precomposed() -> String {
        guard unicodeScalars.contains(where: { (0x0300...0x036F).contains($0.value) }) else { return self }
        var scalars: [Unicode.Scalar] = []
        for scalar in unicodeScalars {
            guard let last = scalars.last, let joined = Self.joined[[last, scalar]] else {
                scalars.append(scalar)
                continue
            }
            scalars[scalars.count - 1] = joined
        }
        var text = String.UnicodeScalarView()
        text.append(contentsOf: scalars)
        return String(text)
    }

    private static let joined: [[Unicode.Scalar]: Unicode.Scalar] = [
        ["a", "\u{30A}"]: "å", ["a", "\u{308}"]: "ä", ["o", "\u{308}"]: "ö", ["A", "\u{30A}"]: "Å",
        ["A", "\u{308}"]: "Ä", ["O", "\u{308}"]: "Ö", ["e", "\u{301}"]: "é", ["E", "\u{301}"]: "É",
    ]
}
