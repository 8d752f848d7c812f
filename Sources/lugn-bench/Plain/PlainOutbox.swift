import Merge

/// Plain rows, and what there is to send of them, kept with them in the same transaction: what an engine cannot do without
/// that must not lose what it has not sent.
final class PlainOutbox {
    static let name = "plain with an outbox"
    /// What a change needs beside its values: id, collection, fields, lengths.
    private static let headBytes = 40
    private let entries: PlainEntries
    private let insertion: PlainStatement

    init(_ path: String) throws {
        entries = try PlainEntries(path)
        try entries.database.execute("CREATE TABLE outbox (number INTEGER PRIMARY KEY, body BLOB NOT NULL) STRICT")
        insertion = try entries.database.prepare("INSERT INTO outbox VALUES (?1, ?2)")
    }

    func fill(_ parts: [Range<Int>], key: (Int) -> RecordID) throws -> Stopwatch {
        var watch = Stopwatch()
        for (number, part) in parts.enumerated() {
            let rows = part.map { PlainEntries.Row(key($0), Entry($0)) }
            var body: [UInt8] = []
            for row in rows { body += row.texts.bytes + [UInt8](repeating: 7, count: Self.headBytes) }
            try watch.time {
                try entries.transaction {
                    for row in rows { try entries.insert(row) }
                    insertion.bind(1, Int64(number))
                    try insertion.run(blob: 2, body[...])
                }
            }
        }
        return watch
    }
}
