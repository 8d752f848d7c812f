import Merge
import SQLite

/// The table `tombstone`.
struct TombstoneTable {
    let connection: Connection
    let line: Int64

    static let any = StatementText("SELECT EXISTS (SELECT 1 FROM tombstone)")
    private static let selection = StatementText("SELECT position FROM tombstone WHERE line = ? AND record = ?")

    enum Standing { case none, erased, lost }

    func standing(of record: RecordID) throws -> Standing {
        try connection.withStatement(Self.selection) { row in
            try row.bind(1, line)
            try row.bind(2, record)
            guard try row.step() else { return .none }
            return row.isNull(0) ? .lost : .erased
        }
    }

    func insert(_ record: RecordID, place: ChangePlace) throws {
        try connection.withStatement("INSERT OR REPLACE INTO tombstone (line, record, position) VALUES (?, ?, ?)") {
            row in
            try row.bind(1, line)
            try row.bind(2, record)
            try row.bind(3, LogKey.change(line, place))
            try row.run()
        }
    }

    /// Erasures whose changes are gone from the disk: they hold on, and are taken again.
    func loseThoseWithoutChange() throws {
        try connection.withStatement(
            """
            UPDATE tombstone SET position = NULL WHERE line = ? AND position IS NOT NULL
                AND NOT EXISTS (SELECT 1 FROM change WHERE change.position = tombstone.position)
            """
        ) { row in
            try row.bind(1, line)
            try row.run()
        }
    }

    /// The erasure at this key was found damaged: it holds on, and is taken again.
    func lose(erasureAt key: Int64) throws {
        try connection.withStatement("UPDATE tombstone SET position = NULL WHERE position = ?") { row in
            try row.bind(1, key)
            try row.run()
        }
    }
}

/// The table `path`.
struct PathTable {
    let connection: Connection
    let line: Int64

    func insert(_ record: RecordID, ancestors: [RecordID]) throws {
        try run("INSERT OR IGNORE INTO path (line, ancestor, record) VALUES (?, ?, ?)", record, ancestors)
    }

    func delete(_ record: RecordID, ancestors: [RecordID]) throws {
        try run("DELETE FROM path WHERE line = ? AND ancestor = ? AND record = ?", record, ancestors)
    }

    func records(below ancestor: RecordID) throws -> [RecordID] {
        try connection.withStatement("SELECT record FROM path WHERE line = ? AND ancestor = ?") { row in
            try row.bind(1, line)
            try row.bind(2, ancestor)
            var ids: [RecordID] = []
            while try row.step() { if let id = row.record(0) { ids.append(id) } }
            return ids
        }
    }

    private func run(_ sql: String, _ record: RecordID, _ ancestors: [RecordID]) throws {
        for ancestor in ancestors {
            try connection.withStatement(sql) { row in
                try row.bind(1, line)
                try row.bind(2, ancestor)
                try row.bind(3, record)
                try row.run()
            }
        }
    }
}
