import Merge
import Replica
import SQLite
import Sealing

/// Gives rows of a file ids made from what they say, so that importing the file again, here or at another desk, or a
/// longer one that begins with it, adds nothing twice.
///
/// The hash is keyed with a key of the line: ids stand in clear on the server, and what a row says is easily guessed.
/// Only before joining there is no key to use. Rows that say the same are counted; the counts are kept in a temporary
/// database, which takes the disk rather than the memory for a long file.
final class ImportIdentity {
    private let key: [UInt8]?
    private let counts: Connection

    struct IDs {
        var record: RecordID
        var contact: RecordID
        var note: RecordID
    }

    /// - Parameter key: `Replica.referenceNumberKey()`.
    init(key: [UInt8]?) throws {
        self.key = key
        // An empty name: a database of this connection's own, which ends with it.
        counts = try Connection(path: "", mode: .readWrite)
        try counts.execute("CREATE TABLE seen (row BLOB PRIMARY KEY, count INTEGER NOT NULL) STRICT, WITHOUT ROWID")
    }

    /// The ids of the row's records: first those to use, then those that an import before joining would have used.
    func ids(_ row: ImportRow) throws -> [IDs] {
        var content: [UInt8] = []
        for cell in row.cells {
            let bytes = Array(cell.utf8)
            for shift in stride(from: 24, through: 0, by: -8) { content.append(UInt8(bytes.count >> shift & 0xFF)) }
            content += bytes
        }
        let occurrence = try count(Blake2b.hash(content, count: 16))
        var keys: [[UInt8]] = [[]]
        if let key { keys.insert(key, at: 0) }
        return keys.map { key in
            func id(_ purpose: String) -> RecordID {
                let message = Array("lugn import \(purpose) \(occurrence) ".utf8) + content
                let hash = Blake2b.hash(message, count: 16, key: key)
                func word(_ start: Int) -> UInt64 { hash[start..<start + 8].reduce(0) { $0 << 8 | UInt64($1) } }
                return RecordID(milliseconds: row.date.noonMilliseconds, randomHigh: word(0), randomLow: word(8))
            }
            return IDs(record: id("case"), contact: id("contact"), note: id("note"))
        }
    }

    /// How many rows before this one said the same.
    private func count(_ row: [UInt8]) throws -> Int64 {
        try counts.withStatement(
            """
            INSERT INTO seen VALUES (?, 0) ON CONFLICT (row) DO UPDATE SET count = count + 1 RETURNING count
            """
        ) { statement in
            try statement.bind(1, row)
            return try statement.step() ? statement.integer(0) : 0
        }
    }
}
