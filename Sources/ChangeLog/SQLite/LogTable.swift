import Merge
import SQLite
import SyncProtocol

/// The table `log`.
struct LogTable {
    let connection: Connection
    let line: Int64

    private enum Column: Int, TableColumn { case key, time, dot, nonce, checkValue, replica, number, digest }

    private static let insertion = StatementText("INSERT INTO log (\(Column.list())) VALUES (\(Column.parameters))")
    private static let selection = StatementText("SELECT \(Column.list()) FROM log WHERE key = ?1")
    private static let check = StatementText("SELECT check_value FROM log WHERE key = ?")

    func insert(_ entry: LogEntry) throws {
        guard entry.position <= LogKey.lastPosition else {
            throw ChangeLogError(.storage, "the line's log is at its end; nothing of this was kept")
        }
        try connection.withStatement(Self.insertion) { row in
            try row.bind(Column.key, LogKey.position(line, entry.position))
            try row.bind(Column.time, word: entry.stamp.time.rawValue)
            try row.bind(Column.dot, word: entry.stamp.dot.rawValue)
            switch entry.nonce {
            case .bytes(let nonce): try row.bind(Column.nonce, nonce)
            case .same(let position): try row.bind(Column.nonce, try head(at: position)?.nonce)
            }
            try row.bind(Column.checkValue, entry.check)
            try row.bind(Column.replica, entry.commit.map { Int64(bitPattern: $0.replica.rawValue) })
            try row.bind(Column.number, entry.commit.map { Int64($0.number) })
            try row.bind(Column.digest, entry.commit?.digest)
            try row.run()
        }
    }

    /// What the changes of a position came in with.
    func head(at position: UInt64) throws -> FeedCommitHead? {
        try connection.withStatement(Self.selection) { row in
            try row.bind(1, LogKey.position(line, position))
            guard try row.step() else { return nil }
            return FeedCommitHead(
                position: position,
                stamp: Stamp(
                    time: HybridTimestamp(rawValue: row.word(Column.time)), dot: Dot(rawValue: row.word(Column.dot))),
                nonce: row.bytes(Column.nonce),
                replica: row.optionalInteger(Column.replica).map { ReplicaID(rawValue: UInt64(bitPattern: $0)) },
                number: row.optionalInteger(Column.number).map { UInt64(bitPattern: $0) })
        }
    }

    /// Whether a cursor stands in this log: same log, same history up to there.
    func contains(_ cursor: Cursor, _ state: LineState) throws -> Bool {
        if cursor.position == 0 { return true }
        return try cursor.log == state.log && check(at: cursor.position, state) == cursor.check
    }

    /// The check at a position; nil if the log does not reach that far.
    func check(at position: UInt64, _ state: LineState) throws -> [UInt8]? {
        if position == 0 { return Cursor.start.check }
        if position == state.head { return state.check }
        if position > state.head { return nil }
        return try connection.withStatement(Self.check) { row in
            try row.bind(1, LogKey.position(line, position))
            return try row.step() ? row.bytes(0) : nil
        }
    }

    /// The digests of a replica's commits from a number on.
    func digests(of replica: ReplicaID, from number: UInt64) throws -> [UInt64: [UInt8]] {
        try connection.withStatement(
            """
            SELECT number, digest FROM log
            WHERE key >> \(LogKey.positionBits) = ?1 AND replica = ?2 AND number IS NOT NULL AND number >= ?3
            ORDER BY number LIMIT \(Limits.requestCommits + 1)
            """
        ) { row in
            try row.bind(1, line)
            try row.bind(2, Int64(bitPattern: replica.rawValue))
            try row.bind(3, Int64(number))
            var digests: [UInt64: [UInt8]] = [:]
            while try row.step() { digests[row.word(0)] = row.bytes(1) }
            return digests
        }
    }
}
