import Merge
import Replica
import SQLite
import Sealing

/// Gives rows of a file ids made from what they say, so that importing the file again, here or at another desk, or a
/// longer one that has it in it, adds nothing twice.
///
/// The hash is keyed with a key of the line: ids stand in clear on the server, and what a row says is easily guessed.
/// Only before joining there is no key to use. Rows that say the same are counted; counts and keys of cases are kept in a
/// temporary database, which takes the disk rather than the memory for a long file.
final class ImportIdentity {
    private let keys: [[UInt8]]
    private let log: [UInt8]
    private let scratch: Connection

    /// The random part of an id, and what it was made from.
    struct Name: Hashable {
        let high: UInt64
        let low: UInt64

        func id(_ milliseconds: Int64) -> RecordID {
            RecordID(milliseconds: milliseconds, randomHigh: high, randomLow: low)
        }

        /// What of it stands in the second half of the id.
        var half: Int64 { Int64(bitPattern: id(0).low) }
    }

    /// - Parameters:
    ///   - key: `Replica.referenceNumberKey()`.
    ///   - log: what rows say is said in this one; the same in another is another thing.
    init(key: [UInt8]?, log: String = ImportOptions.mainLog) throws {
        self.log = log == ImportOptions.mainLog ? [] : Array((log + "\0").utf8)
        // What an import before joining has brought has its ids from an empty key.
        keys = (key.map { [$0] } ?? []) + [[]]
        // An empty name: a database of this connection's own, which ends with it.
        scratch = try Connection(path: "", mode: .readWrite)
        try scratch.execute(
            """
            CREATE TABLE seen (row BLOB PRIMARY KEY, count INTEGER NOT NULL) STRICT, WITHOUT ROWID;
            CREATE TABLE cases (half INTEGER PRIMARY KEY, high INTEGER, is_erased INTEGER NOT NULL) STRICT
            """)
    }

    /// Before the file is read again from its beginning.
    func startOver() throws { try scratch.execute("DELETE FROM seen") }

    /// What a row says, whatever the order of its columns, and which of the rows that say so it is.
    ///
    /// - Parameter occurrence: where the row itself says which one it is.
    func content<Column>(
        _ cells: [String], _ columns: ImportColumns<Column>, occurrence: Int? = nil
    ) throws -> [UInt8] {
        let content = Self.content(cells, columns)
        let occurrence = try occurrence.map { Int64($0) } ?? count(Blake2b.hash(content, count: 16))
        return Array("\(occurrence) ".utf8) + content
    }

    static func content<Column>(_ cells: [String], _ columns: ImportColumns<Column>) -> [UInt8] {
        var content: [UInt8] = []
        for column in Column.allCases.sorted(by: { $0.rawValue < $1.rawValue }) {
            guard column != Column.occurrence, let cell = columns.value(column, cells) else { continue }
            let bytes = Array(cell.utf8)
            content.append(column.rawValue)
            for shift in stride(from: 24, through: 0, by: -8) { content.append(UInt8(bytes.count >> shift & 0xFF)) }
            content += bytes
        }
        return content
    }

    /// The names for a purpose: first the one to use, then one that an import before joining would have used.
    func names(_ purpose: String, _ content: [UInt8]) -> [Name] {
        keys.map { key in
            let hash = Blake2b.hash(Array("lugn import \(purpose) ".utf8) + log + content, count: 16, key: key)
            func word(_ start: Int) -> UInt64 { hash[start..<start + 8].reduce(0) { $0 << 8 | UInt64($1) } }
            return Name(high: word(0), low: word(8))
        }
    }

    /// Of the case that a log calls so.
    func names(ofKey key: String) -> [Name] { names("case of", Array(key.utf8)) }

    /// Of what a row brings: first the one to use, then one that an import before joining would have used.
    func ids(_ purpose: String, _ row: ImportRow) -> [RecordID] {
        names(purpose, row.content).map { $0.id(row.date.noonMilliseconds) }
    }

    /// How many rows before this one said the same.
    private func count(_ row: [UInt8]) throws -> Int64 {
        try scratch.withStatement(
            """
            INSERT INTO seen VALUES (?, 0) ON CONFLICT (row) DO UPDATE SET count = count + 1 RETURNING count
            """
        ) { statement in
            try statement.bind(1, row)
            return try statement.step() ? statement.integer(0) : 0
        }
    }

    // MARK: Cases by a key of their own

    enum KeyedCase {
        case here(RecordID)
        case erased
    }

    private var hasIndex = false

    /// The case that the key's names belong to; nil if there is none. The first call reads the ids of all cases once.
    func keyedCase(_ names: [Name], _ connection: Connection) throws -> KeyedCase? {
        if !hasIndex {
            try readCases(connection)
            hasIndex = true
        }
        for name in names {
            let found = try scratch.withStatement("SELECT high, is_erased FROM cases WHERE half = ?") { statement in
                try statement.bind(1, name.half)
                return try statement.step()
                    ? (UInt64(bitPattern: statement.integer(0)), statement.integer(1) != 0) : nil
            }
            guard let (high, isErased) = found else { continue }
            return isErased ? .erased : .here(RecordID(high: high, low: UInt64(bitPattern: name.half)))
        }
        return nil
    }

    func remember(_ id: RecordID) throws { try put(id, isErased: false) }

    private func put(_ id: RecordID, isErased: Bool) throws {
        try scratch.withStatement("INSERT OR REPLACE INTO cases VALUES (?, ?, ?)") { statement in
            try statement.bind(1, Int64(bitPattern: id.low))
            try statement.bind(2, Int64(bitPattern: id.high))
            try statement.bind(3, isErased ? 1 : 0)
            try statement.run()
        }
    }

    private func readCases(_ connection: Connection) throws {
        let cases = CaseworkSchema.Cases.collection.number
        try scratch.transaction(.immediate) {
            try connection.withStatement(
                "SELECT id, 0 FROM cases UNION ALL SELECT id, 1 FROM lugn_tombstone WHERE collection = \(cases)"
            ) { statement in
                while try statement.step() {
                    guard let halves = statement.halves(0) else { continue }
                    try put(RecordID(high: halves.high, low: halves.low), isErased: statement.integer(1) != 0)
                }
            }
        }
    }
}

extension Snapshot {
    /// Whether a record is here, or was erased: what was erased stays so, and an import does not bring it back.
    func isKnown(_ collection: CollectionSchema, _ ids: [RecordID]) throws -> Bool {
        for id in ids {
            let found = try query(
                "SELECT 1 FROM \(collection.name) WHERE id = ?1 UNION ALL SELECT 1 FROM lugn_tombstone WHERE id = ?1",
                [.reference(id)]
            ) { _ in true }
            if !found.isEmpty { return true }
        }
        return false
    }
}
