import Merge
import PostgreSQL
import SyncProtocol

/// The table `log`.
enum LogRows {
    private enum Column: Int, RowColumn {
        case line, position, time, dot, replica, number, nonce, checkValue, digest
    }

    static let insertion = SQLStatement("INSERT INTO log (\(Column.list())) VALUES (\(Column.parameters))")
    static let checks = SQLStatement(
        "SELECT position, check_value FROM log WHERE line = $1 AND position = ANY($2::bigint[])")
    static let digests = SQLStatement(
        """
        SELECT number, digest FROM log WHERE line = $1 AND replica = $2 AND number IS NOT NULL AND number >= $3
        ORDER BY number LIMIT $4
        """)
    static let times = SQLStatement(
        "SELECT position, time FROM log WHERE line = $1 AND position = ANY($2::bigint[])")
    static let statements = [insertion, checks, digests, times]

    static func insert(
        _ entry: LogEntry, nonce: [UInt8], line: LineID, _ connection: PostgreSQLConnection
    ) throws {
        guard entry.position <= LogKey.lastPosition else {
            throw ChangeLogError(.storage, "the line's log is at its end; nothing of this was kept")
        }
        try connection.send(insertion) {
            $0.add(line.bytes)
            $0.add(word: entry.position)
            $0.add(word: entry.stamp.time.rawValue)
            $0.add(word: entry.stamp.dot.rawValue)
            $0.add(word: entry.commit?.replica.rawValue)
            $0.add(word: entry.commit?.number)
            $0.add(nonce)
            $0.add(entry.check)
            $0.add(entry.commit?.digest)
        }
    }

    /// Asks for the checks at positions.
    static func sendChecks(_ positions: [UInt64], line: LineID, _ connection: PostgreSQLConnection) throws {
        try connection.send(checks) {
            $0.add(line.bytes)
            $0.add(words: positions)
        }
    }

    static func decodeChecks(_ rows: Rows) -> [UInt64: [UInt8]] {
        Dictionary(rows.indices.map { (rows[$0].word(0), rows[$0].bytes(1)) }) { first, _ in first }
    }

    /// Asks for the digests of a replica's commits from a number on.
    static func sendDigests(
        of replica: ReplicaID, from number: UInt64, line: LineID, _ connection: PostgreSQLConnection
    ) throws {
        try connection.send(digests) {
            $0.add(line.bytes)
            $0.add(replica)
            $0.add(word: number)
            $0.add(Int64(Limits.requestCommits + 1))
        }
    }

    static func decodeDigests(_ rows: Rows) -> [UInt64: [UInt8]] {
        Dictionary(rows.indices.map { (rows[$0].word(0), rows[$0].bytes(1)) }) { first, _ in first }
    }
}

extension LineState {
    /// Whether a cursor stands in this line's log, where the checks of its positions were read.
    func contains(_ cursor: Cursor, checks: [UInt64: [UInt8]]) -> Bool {
        if cursor.position == 0 { return true }
        guard cursor.log == log, cursor.position <= head else { return false }
        return cursor.check == (cursor.position == head ? check : checks[cursor.position])
    }
}
