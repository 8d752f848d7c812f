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

    /// - Parameter key: `Replica.referenceNumberKey()`.
    init(key: [UInt8]?) throws {
        // What an import before joining has brought has its ids from an empty key.
        keys = (key.map { [$0] } ?? []) + [[]]
        // An empty name: a database of this connection's own, which ends with it.
        scratch = try Connection(path: "", mode: .readWrite)
        try scratch.execute(
            """
            CREATE TABLE seen (row BLOB PRIMARY KEY, count INTEGER NOT NULL) STRICT, WITHOUT ROWID;
            CREATE TABLE cases (half INTEGER PRIMARY KEY, high INTEGER, state INTEGER NOT NULL) STRICT
            """)
    }

    /// What a row says, whatever the order of its columns, and which of the rows that say so it is.
    func content<Column>(_ cells: [String], _ columns: ImportColumns<Column>) throws -> [UInt8] {
        let content = Self.content(cells, columns)
        let occurrence = try count(Blake2b.hash(content, count: 16))
        return Array("\(occurrence) ".utf8) + content
    }

    static func content<Column>(_ cells: [String], _ columns: ImportColumns<Column>) -> [UInt8] {
        var content: [UInt8] = []
        for column in Column.allCases.sorted(by: { $0.rawValue < $1.rawValue }) {
            guard let cell = columns.value(column, cells) else { continue }
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
            let hash = Blake2b.hash(Array("lugn import \(purpose) ".utf8) + content, count: 16, key: key)
            func word(_ start: Int) -> UInt64 { hash[start..<start + 8].reduce(0) { $0 << 8 | UInt64($1) } }
            return Name(high: word(0), low: word(8))
        }
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
        /// Its first row was refused.
        case refused
    }

    private var hasIndex = false

    /// The case that the key's names belong to; nil if there is none. The first call reads the ids of all cases once.
    func keyedCase(_ names: [Name], _ connection: Connection) throws -> KeyedCase? {
        if !hasIndex {
            try readCases(connection)
            hasIndex = true
        }
        for name in names {
            let found = try scratch.withStatement("SELECT high, state FROM cases WHERE half = ?") { statement in
                try statement.bind(1, name.half)
                return try statement.step()
                    ? (UInt64(bitPattern: statement.integer(0)), statement.integer(1)) : nil
            }
            switch found {
            case (let high, 0)?: return .here(RecordID(high: high, low: UInt64(bitPattern: name.half)))
            case (_, 1)?: return .erased
            case _?: return .refused
            case nil: continue
            }
        }
        return nil
    }

    func remember(_ id: RecordID) throws { try put(id, state: 0) }

    /// Remembers that the first row of a case was refused, unless the case is there already.
    func rememberRefusal(_ name: Name) throws {
        try scratch.withStatement("INSERT OR IGNORE INTO cases VALUES (?, 0, 2)") { statement in
            try statement.bind(1, name.half)
            try statement.run()
        }
    }

    private func put(_ id: RecordID, state: Int64) throws {
        try scratch.withStatement("INSERT OR REPLACE INTO cases VALUES (?, ?, ?)") { statement in
            try statement.bind(1, Int64(bitPattern: id.low))
            try statement.bind(2, Int64(bitPattern: id.high))
            try statement.bind(3, state)
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
                    try put(RecordID(high: halves.high, low: halves.low), state: statement.integer(1))
                }
            }
        }
    }
}
