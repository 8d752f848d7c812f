import Merge
import PostgreSQL
import SyncProtocol

/// The table `tombstone`.
enum TombstoneRows {
    static let find = SQLStatement(
        "SELECT record, position FROM tombstone WHERE line = $1 AND record = ANY($2::uuid[])")
    static let insertion = SQLStatement(
        """
        INSERT INTO tombstone (line, position, ordinal, record) VALUES ($1, $2, $3, $4)
        ON CONFLICT (line, record) DO UPDATE SET position = excluded.position, ordinal = excluded.ordinal
        """)
    static let losing = SQLStatement(
        "UPDATE tombstone SET position = NULL, ordinal = NULL WHERE line = $1 AND position = $2 AND ordinal = $3")
    /// Erasures whose changes are gone: they hold on, and are taken again.
    static let losingWithoutChange = SQLStatement(
        """
        UPDATE tombstone SET position = NULL, ordinal = NULL WHERE line = $1 AND position IS NOT NULL
            AND NOT EXISTS (SELECT 1 FROM change c WHERE c.line = $1 AND c.position = tombstone.position
                AND c.ordinal = tombstone.ordinal)
        """)
    static let statements = [find, insertion, losing, losingWithoutChange]

    static func send(of ids: Set<RecordID>, line: LineID, _ connection: PostgreSQLConnection) throws {
        try connection.send(find) {
            $0.add(line.bytes)
            $0.add(records: ids)
        }
    }

    /// Those that are erased, and those of them whose erasure was found damaged.
    static func decode(_ rows: Rows) -> (erased: Set<RecordID>, lost: Set<RecordID>) {
        var (erased, lost): (Set<RecordID>, Set<RecordID>) = ([], [])
        for index in rows.indices {
            guard let id = rows[index].record(0) else { continue }
            if rows[index].isNull(1) { lost.insert(id) } else { erased.insert(id) }
        }
        return (erased, lost)
    }

    static func insert(_ id: RecordID, _ place: ChangePlace, line: LineID, _ connection: PostgreSQLConnection) throws {
        try connection.send(insertion) {
            ChangeRows.add(line, place, &$0)
            $0.add(id)
        }
    }
}

/// The table `path`.
enum PathRows {
    static let insertion = SQLStatement(
        "INSERT INTO path (line, ancestor, record) VALUES ($1, $2, $3) ON CONFLICT (line, ancestor, record) DO NOTHING")
    static let deletion = SQLStatement("DELETE FROM path WHERE line = $1 AND ancestor = $2 AND record = $3")
    static let statements = [insertion, deletion]

    static func send(
        _ statement: SQLStatement, _ id: RecordID, _ ancestors: [RecordID], line: LineID,
        _ connection: PostgreSQLConnection
    ) throws {
        for ancestor in ancestors {
            try connection.send(statement) {
                $0.add(line.bytes)
                $0.add(ancestor)
                $0.add(id)
            }
        }
    }
}
